"""What metrics, tasks and missing tests are called."""

from dashboard.queries.overview.accuracies import Metric as PanelMetric
from dashboard.queries.overview.accuracies import Regime
from dashboard.queries.performance.classes import Metric, Task
from dashboard.results.side import Side

PANELS: dict[PanelMetric, str] = {
    "accuracy": "Accuracy",
    "macro_precision": "Macro precision",
    "macro_recall": "Macro recall",
    "macro_f1": "Macro F1",
}

METRICS: dict[Metric, str] = {
    "recall": "recall",
    "precision": "precision",
    "f1": "F1",
    "auroc": "AUROC",
    "average_precision": "average precision",
}

TASKS: dict[Task, str] = {
    "single_class": "images with one class",
    "finding": "every image where presence is known",
}

WHERE = {Side.INTERNAL: "at home", Side.EXTERNAL: "abroad"}
"""Where a test lies."""

MARK = {Side.INTERNAL: "●", Side.EXTERNAL: "◆"}
"""What its marks look like."""

NO_EXTERNAL_TEST = "no external test"


def no_home(regime: Regime) -> str:
    """Why a model has no internal test, for a place in a picture.

    Args:
        regime: What it was trained on.
    """
    return "none: trained on all" if regime == "full" else "no internal test"
