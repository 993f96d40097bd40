"""Names of metrics and of missing tests."""

from cxr_core.metrics.catalogue import record, records
from cxr_core.metrics.record import TASKS
from dashboard.results.configurations import Regime
from dashboard.results.side import Side

__all__ = ["METRICS", "TASKS", "no_internal", "record", "titled"]

_ALSO_CALLED = {"recall": "recall (sensitivity)", "precision": "precision (PPV)"}

METRICS = {
    metric.name: _ALSO_CALLED.get(metric.name, metric.label) for metric in records(scope="class") if metric.tasks
}
"""The metrics of one class that need no threshold, as they are offered."""


def titled(metric: str) -> str:
    """What a metric is called at the head of something, such as ``Macro recall``."""
    label = record(metric).label
    return label[0].upper() + label[1:]


def no_internal(regime: Regime) -> str:
    """Why a model has no internal test, for a place in a picture.

    Args:
        regime: What it was trained on.
    """
    return "none: trained on all" if regime == "full" else f"no {Side.INTERNAL.test}"
