"""One metric of each class in both tests."""

from cxr_core.metrics.record import Task
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.metrics import Number, numbers
from dashboard.results.pairs import Pair, pairs
from dashboard.results.runs import class_order


def class_scores(comparison: Comparison, *, metric: str, task: Task = "single_class") -> tuple[Pair, ...]:
    """One metric of every class that the run has numbers of, in class order.

    Args:
        comparison: Which model and which tests.
        metric: Of each class.
        task: Over which images.
    """
    found = pairs(numbers(comparison, metrics=(metric,), task=task), name=lambda row: row.finding)
    order = class_order(comparison.run)
    return tuple(sorted(found, key=lambda pair: order(pair.name)))


def score_rows(comparison: Comparison, *, metric: str, task: Task) -> list[Row]:
    """The numbers of the classes in both tests, for a download."""
    return number_rows(comparison.run, (row for row in _of_classes(comparison, metric, task) if row.kind != "train"))


def score_gap_rows(comparison: Comparison, *, metric: str, task: Task) -> list[Row]:
    """What is lost of them, for a download."""
    return gap_rows(comparison, _of_classes(comparison, metric, task))


def _of_classes(comparison: Comparison, metric: str, task: Task) -> list[Number]:
    order = class_order(comparison.run)
    found = numbers(comparison, metrics=(metric,), task=task)
    return sorted(
        (row for row in found if row.finding is not None), key=lambda row: (order(str(row.finding)), row.place)
    )
