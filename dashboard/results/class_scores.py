"""One metric of each class in both tests."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cxr_core.metrics import catalogue
from cxr_core.metrics.record import Task
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import CsvRow, Kind, Number, csv_columns, numbers
from dashboard.results.pairs import Pair, pairs
from dashboard.results.runs import class_order, classes


def class_scores(comparison: Comparison, *, metric: str, task: Task = "single_class") -> tuple[Pair, ...]:
    """One metric of every class that the run has numbers of, in class order.

    Args:
        comparison: Which model and which tests.
        metric: Of each class.
        task: Over which images.
    """
    rows = numbers(comparison, metrics=(metric,), task=task)
    if catalogue.record(metric).rests_on == "predicted":
        rows = _with_predicted(rows, counts=_predicted(comparison))
    found = pairs(rows, name=lambda row: row.finding)
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


def _predicted(comparison: Comparison) -> Mapping[tuple[Kind, str], int]:
    """How many images of each test are predicted as each class; a class without counts is missing."""
    findings = classes(comparison.run)
    named = dict(zip(catalogue.predicted_as(findings), findings, strict=True))
    found: dict[tuple[Kind, str], float] = {}
    for row in numbers(comparison, metrics=tuple(named)):
        key = (row.kind, named[row.metric])
        found[key] = found.get(key, 0) + row.estimate.value
    return {key: round(count) for key, count in found.items() if not math.isnan(count)}


def _with_predicted(rows: Sequence[Number], *, counts: Mapping[tuple[Kind, str], int]) -> tuple[Number, ...]:
    return tuple(
        row if row.finding is None else replace(row, predicted=counts.get((row.kind, row.finding))) for row in rows
    )
