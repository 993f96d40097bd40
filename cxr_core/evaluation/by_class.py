"""What both tasks share: the means of each class's metrics over the classes with enough images."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cxr_core.evaluation.estimates import ESTIMABLE, Estimate, mean_of
from cxr_core.evaluation.names import MACRO

COUNTED_BY = "average_precision"
"""The metric whose `n_effective` counts the positives, in both tasks: by it a class enters the means, or does not."""

Key = tuple[str, int | None]


def by_key(estimates: Iterable[Estimate]) -> dict[Key, Estimate]:
    """Estimates by metric and class."""
    return {(one.metric, one.finding): one for one in estimates}


def estimable(found: Mapping[Key, Estimate]) -> list[int]:
    """The classes with enough positives, in class order.

    What a model answers has no say: a mean of precisions that left out the classes which it hardly ever answers would
    flatter it.
    """
    counted = ((index, one) for (metric, index), one in found.items() if metric == COUNTED_BY)
    return sorted(index for index, one in counted if index is not None and one.n_effective >= ESTIMABLE)


def macros(each: Sequence[Estimate], *, metrics: Sequence[str], n: int) -> Iterator[Estimate]:
    """Mean of each metric over the classes with enough positives here; undefined where there are none.

    Args:
        each: The metrics of every class.
        metrics: Their names.
        n: Number of images.

    Yields:
        One estimate for each metric, named ``macro_...``. It is not estimable if one of its parts is not.
    """
    found = by_key(each)
    classes = estimable(found)
    for metric in metrics:
        name = replace(found[metric, 0], metric=f"{MACRO}{metric}", finding=None, n=n, n_positive=None)
        yield mean_of([found[metric, index] for index in classes], like=name)
