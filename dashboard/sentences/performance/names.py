"""What metrics, tasks and missing tests are called."""

from cxr_core.metrics.record import Task
from dashboard.results.configurations import Regime

PANELS = {
    "accuracy": "Accuracy",
    "macro_precision": "Macro precision",
    "macro_recall": "Macro recall",
    "macro_f1": "Macro F1",
}

METRICS = {
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


def no_home(regime: Regime) -> str:
    """Why a model has no internal test, for a place in a picture.

    Args:
        regime: What it was trained on.
    """
    return "none: trained on all" if regime == "full" else "no internal test"
