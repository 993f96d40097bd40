"""One metric of each class in both tests."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cxr_core.metrics import catalogue
from cxr_core.metrics.record import Task
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.metrics import Kind, Number, numbers
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
    if catalogue.record(metric).rests_on == "predicted" and task == "single_class":
        rows = _with_predicted(rows, counts=_predicted(comparison))
    found = pairs(rows, name=lambda row: row.finding)
    order = class_order(comparison.run)
    return tuple(sorted(found, key=lambda pair: order(pair.name)))


def mean_score(comparison: Comparison, *, metric: str, task: Task = "finding") -> Pair | None:
    """The mean of a metric over classes, test beside test; None where it was not measured.

    Args:
        comparison: Which model and which tests.
        metric: Of each class.
        task: Over which images.
    """
    mean = f"macro_{metric}"
    return next(iter(pairs(numbers(comparison, metrics=(mean,), task=task), name=lambda row: row.metric)), None)


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
