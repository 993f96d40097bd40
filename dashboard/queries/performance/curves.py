"""ROC and precision-recall curves of one class, exact at every point that is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from dashboard.queries.performance.classes import Task
from dashboard.queries.performance.sides import SIDES
from dashboard.results.comparison import TestSet
from dashboard.results.images import KEPT
from dashboard.results.runs import RunKey, class_order, columns
from dashboard.results.side import Side

_LEVELS = 130
"""Evenly spaced shares, on each of three axes, at which a curve of many images keeps a point."""

_SIX_WAY = f"""
    SELECT probability[$index] AS score, class = $index - 1 AS present
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND {KEPT}
    ORDER BY score DESC
"""  # noqa: S608 (a constant)

_FINDING = """
    SELECT probability[$index] AS score, present[$index] = 1 AS present
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND NOT isnan(present[$index])
    ORDER BY score DESC
"""

_Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What each threshold gives, from the highest down; the first point calls nothing positive.

    Attributes:
        threshold: Scores at or above it are called positive, in [0, 1]; infinity at first.
        recall: Share of the positives called positive.
        false_alarms: Share of the negatives called positive.
        precision: Share of those called positive that are; NaN at first.
        positives: Images with the class.
        n: Images that count.
    """

    threshold: tuple[float, ...]
    recall: tuple[float, ...]
    false_alarms: tuple[float, ...]
    precision: tuple[float, ...]
    positives: int
    n: int


@st.cache_data(max_entries=64, show_spinner=False)
def curve(run: RunKey, test: TestSet, *, finding: str, task: Task) -> Curve | None:
    """The curve of one class in one test; None without positives or without negatives.

    At most about 400 thresholds are kept, each with its exact shares. Tied scores share one threshold.
    """
    sql = _SIX_WAY if task == "single_class" else _FINDING
    found = columns(run, sql, {**test.parameters(), "index": class_order(run)(finding) + 1})
    present = np.asarray(found["present"], dtype=np.bool_)
    return traced(np.asarray(found["score"], dtype=np.float64), present)


def traced(score: _Values, present: npt.NDArray[np.bool_]) -> Curve | None:
    """The curve of scores in falling order.

    Args:
        score: Shape ``(n,)``, falling.
        present: Whether the class is there, shape ``(n,)``.

    Returns:
        The curve; None without positives or without negatives.
    """
    positives = int(present.sum())
    if positives in (0, present.size):
        return None
    last_of_tie = np.flatnonzero(np.diff(score, append=-np.inf))
    called = last_of_tie + 1.0
    hits = np.cumsum(present)[last_of_tie].astype(np.float64)
    recall, false_alarms = hits / positives, (called - hits) / (present.size - positives)
    kept = _thinned(recall, false_alarms, called / present.size)
    return Curve(
        threshold=(float("inf"), *score[last_of_tie][kept].tolist()),
        recall=(0.0, *recall[kept].tolist()),
        false_alarms=(0.0, *false_alarms[kept].tolist()),
        precision=(float("nan"), *(hits / called)[kept].tolist()),
        positives=positives,
        n=present.size,
    )


def csv_rows(curves: Mapping[Side, Curve | None], *, finding: str) -> list[dict[str, str | int | float | None]]:
    """The points as a table to take along.

    Args:
        curves: The curve of each test.
        finding: The class.
    """
    return [
        {
            "finding": finding,
            "test": SIDES[side],
            "threshold": threshold,
            "recall": recall,
            "false alarm rate": false_alarms,
            "precision": precision,
            "positives": each.positives,
            "images": each.n,
        }
        for side, each in curves.items()
        if each is not None
        for threshold, recall, false_alarms, precision in zip(
            each.threshold, each.recall, each.false_alarms, each.precision, strict=True
        )
        if threshold != float("inf")
    ]


def _thinned(*shares: _Values) -> npt.NDArray[np.int64]:
    """Places that are evenly spaced on each of several rising shares, and both ends."""
    size = shares[0].size
    if size <= 3 * _LEVELS:
        return np.arange(size)
    levels = np.linspace(0, 1, _LEVELS)
    places = [np.searchsorted(share, levels).clip(0, size - 1) for share in shares]
    return np.unique(np.concatenate([[0, size - 1], *places]))
