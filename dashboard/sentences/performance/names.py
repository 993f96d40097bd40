"""What metrics, tasks and missing tests are called, and how metrics are read."""

from cxr_core.metrics.catalogue import records
from cxr_core.metrics.record import RESTS_ON, Metric
from dashboard.notation import points
from dashboard.results.configurations import Regime
from dashboard.results.side import Side
from dashboard.words import listed


def heading(metric: Metric) -> str:
    """What a metric is called where its name stands alone: ``Macro recall``."""
    return f"{metric.label[0].upper()}{metric.label[1:]}"


def explained() -> str:
    """How each metric is read, and what it rests on."""
    each = [*records(scope="overall"), *records(scope="class")]
    said = " ".join(f"**{heading(metric)}**: {_lower(metric.how_to_read)}" for metric in each)
    return f"{said} **Macro**: the plain mean over the classes, each counting the same."


def what_they_rest_on() -> str:
    """Which images count for the metrics of a class."""
    by_images: dict[str, list[str]] = {}
    for metric in records(scope="class"):
        by_images.setdefault(RESTS_ON[metric.rests_on], []).append(metric.label)
    (images, labels), *others = by_images.items()
    said = [f"{listed(labels)} {'rest' if len(labels) > 1 else 'rests'} on {images}"]
    said += [f"{listed(labels)} on {images}" for images, labels in others]
    return f"{said[0][0].upper()}{'; '.join(said)[1:]}."


def without_skill(metric: Metric, line: float) -> str:
    """The line of what takes no skill, in a few words: ``best constant externally, 32.0``."""
    return f"{'chance' if metric.baseline == 'half' else f'best constant {Side.EXTERNAL.where}'}, {points(line)}"


def no_internal(regime: Regime) -> str:
    """Why a model has no internal test, for a place in a picture.

    Args:
        regime: What it was trained on.
    """
    return "none: trained on all" if regime == "full" else f"no {Side.INTERNAL.test}"


def _lower(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"
