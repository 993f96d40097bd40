"""Means over classes in both tasks, and the classes that are averaged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cxr_core.evaluation.estimates import ESTIMABLE, MetricEstimate, mean_of
from cxr_core.metrics import catalogue
from cxr_core.metrics.record import Metric, Task

COUNTED_BY, COUNTED_BY_AT_THRESHOLD = "average_precision", "recall"
"""The metrics whose `n_effective` counts the positives, in both tasks: by it a class enters the means, or does not."""

Key = tuple[str, int | None]


def by_key(estimates: Iterable[MetricEstimate]) -> dict[Key, MetricEstimate]:
    """Estimates of one operating point, or of none, by metric and class."""
    return {(estimate.metric, estimate.finding): estimate for estimate in estimates}


def by_operating_point(estimates: Iterable[MetricEstimate]) -> dict[str | None, list[MetricEstimate]]:
    """Estimates by the operating point that they were measured at, in their order: none of them mixes with another."""
    found: dict[str | None, list[MetricEstimate]] = {}
    for estimate in estimates:
        found.setdefault(estimate.operating_point, []).append(estimate)
    return found


def averaged(metric: Metric, found: Mapping[Key, MetricEstimate]) -> list[int]:
    """The classes that a mean is over, in their order: those with enough positives, of an overall mean those with any.

    What a model answers has no say: a mean of precisions that left out the classes which it hardly ever answers would
    flatter it. Nor have the replicates: one that lost a class is undefined, not easier.

    Args:
        metric: The record of a mean over classes.
        found: The metrics of every class, of one operating point or of none.
    """
    counted = (
        (index, estimate) for (name, index), estimate in found.items() if index is not None and _counts(name, estimate)
    )
    if metric.scope == "overall":
        return sorted(index for index, estimate in counted if estimate.n_positive)
    return sorted(index for index, estimate in counted if estimate.n_effective >= ESTIMABLE)


def _counts(name: str, estimate: MetricEstimate) -> bool:
    return name == (COUNTED_BY if estimate.operating_point is None else COUNTED_BY_AT_THRESHOLD)


def macros(estimates: Sequence[MetricEstimate], *, task: Task, n: int) -> Iterator[MetricEstimate]:
    """The mean of each metric over the classes with enough positives here; undefined where there are none.

    Args:
        estimates: The metrics of every class.
        task: Where they were measured.
        n: Number of images.
    """
    for metric in catalogue.records(scope="macro", task=task):
        yield mean(metric, estimates, n=n)


def macros_at_threshold(estimates: Sequence[MetricEstimate], *, n: int) -> Iterator[MetricEstimate]:
    """The same at one operating point of the task ``finding``.

    Args:
        estimates: The metrics of every finding there.
        n: Number of images.
    """
    for metric in catalogue.at_threshold(is_mean=True):
        yield mean(metric, estimates, n=n)


def mean(metric: Metric, estimates: Sequence[MetricEstimate], *, n: int) -> MetricEstimate:
    """One mean over classes. It is not estimable if one of its parts is not.

    Args:
        metric: Its record.
        estimates: The metrics of every class.
        n: Number of images.
    """
    found = by_key(estimates)
    like = replace(found[_base(metric), 0], metric=metric.name, finding=None, n=n, n_positive=None)
    return over(metric, found, classes=averaged(metric, found), like=like)


def over(
    metric: Metric, found: Mapping[Key, MetricEstimate], *, classes: Iterable[int], like: MetricEstimate
) -> MetricEstimate:
    """A mean over given classes.

    Args:
        metric: Its record.
        found: The metrics of every class.
        classes: Those that it is over.
        like: What it is called and which images it counts.
    """
    return mean_of([found[_base(metric), index] for index in classes], like=like)


def _base(metric: Metric) -> str:
    if metric.mean_of is None:
        raise ValueError(f"{metric.name} is no mean over classes.")
    return metric.mean_of
