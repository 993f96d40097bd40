"""One metric of each class in both tests."""

from collections.abc import Sequence

from cxr_core.metrics.record import Task
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import CsvRow, csv_columns, numbers
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


def to_csv_rows(rows: Sequence[Pair], *, metric: str, task: Task) -> list[CsvRow]:
    """The classes for a download, a row a test."""
    return [
        {
            "finding": row.name,
            "metric": metric,
            "task": task,
            "test": side.test,
            "positives": score.positives,
            **csv_columns(score.estimate),
            "points lost": row.lost.value if row.lost else None,
            "points lost, low": row.lost.low if row.lost else None,
            "points lost, high": row.lost.high if row.lost else None,
        }
        for row in rows
        for side, score in row.sides.items()
    ]
