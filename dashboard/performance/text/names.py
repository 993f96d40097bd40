"""Names of metrics and of missing tests, and how metrics are read."""

from cxr_core.metrics.catalogue import record, records
from cxr_core.metrics.record import RESTS_ON, TASKS
from dashboard.results.configurations import Regime
from dashboard.results.side import Side
from dashboard.words import listed

__all__ = ["METRICS", "TASKS", "explained", "images_that_count", "no_internal", "record", "titled"]

METRICS = {metric.name: metric.label for metric in records(scope="class")}
"""The metrics of one class."""


def titled(metric: str) -> str:
    """What a metric is called at the head of something, such as ``Macro recall``."""
    label = record(metric).label
    return label[0].upper() + label[1:]


def explained() -> str:
    """How each metric is read."""
    shown = (*records(scope="overall"), *records(scope="class"))
    said = [f"**{titled(metric.name)}**: {metric.how_to_read[0].lower()}{metric.how_to_read[1:]}" for metric in shown]
    return " ".join((*said, "**Macro**: the plain mean over the classes, each counting the same."))


def images_that_count() -> str:
    """Which images the metrics of a class rest on."""
    by_images: dict[str, list[str]] = {}
    for metric in records(scope="class"):
        by_images.setdefault(RESTS_ON[metric.rests_on], []).append(metric.label)
    (images, labels), *others = by_images.items()
    first = f"{listed(labels)} {'rest' if len(labels) > 1 else 'rests'} on {images}"
    said = "; ".join((first, *(f"{listed(labels)} on {images}" for images, labels in others)))
    return f"{said[0].upper()}{said[1:]}."


def no_internal(regime: Regime) -> str:
    """Why a model has no internal test, for a place in a picture.

    Args:
        regime: What it was trained on.
    """
    return "none: trained on all" if regime == "full" else f"no {Side.INTERNAL.test}"
