"""ROC and precision-recall curves of one class, exact at every point that is drawn."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from cxr_core.metrics import curves
from cxr_core.metrics.curves import Curve
from cxr_core.metrics.record import Task
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, columns
from dashboard.results.images import KEPT
from dashboard.results.metrics import CsvRow
from dashboard.results.runs import class_order
from dashboard.results.side import Side

_SINGLE_CLASS = f"""
    SELECT probability[$index] AS score, class = $index - 1 AS present
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND {KEPT} AND NOT isnan(probability[$index])
"""  # noqa: S608 (a constant)

_FINDING = """
    SELECT probability[$index] AS score, present[$index] = 1 AS present
    FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND NOT isnan(present[$index])
        AND NOT isnan(probability[$index])
"""


@st.cache_data(max_entries=64, show_spinner=False)
def curve(run: RunKey, test: TestSet, *, finding: str, task: Task) -> Curve | None:
    """The curve of one class in one test; None without positives or without negatives.

    At most about 400 thresholds are kept, each with its exact shares. Tied scores share one threshold. An image of
    which the model says nothing about this class does not count.
    """
    sql = _SINGLE_CLASS if task == "single_class" else _FINDING
    found = columns(run, sql, {**test.parameters(), "index": class_order(run)(finding) + 1})
    whole = curves.curve(np.asarray(found["present"], np.bool_), np.asarray(found["score"], np.float32))
    return None if whole is None else whole.thinned()


def to_csv_rows(lines: Mapping[Side, Curve | None], *, finding: str) -> list[CsvRow]:
    """The points as a table to take along.

    Args:
        lines: The curve of each test.
        finding: The class.
    """
    return [
        {
            "finding": finding,
            "test": side.test,
            "threshold": threshold,
            "recall": recall,
            "false alarm rate": false_alarms,
            "precision": precision,
            "positives": each.positives,
            "images": each.n,
        }
        for side, each in lines.items()
        if each is not None
        for threshold, recall, false_alarms, precision in zip(
            *(points.tolist() for points in (each.threshold, each.recall, each.false_alarms, each.precision)),
            strict=True,
        )
        if threshold != float("inf")
    ]
