"""ROC and precision-recall curves of one class, exact at every point that is drawn."""

import numpy as np
import streamlit as st

from cxr_core.metrics import curves
from cxr_core.metrics.curves import Curve
from cxr_core.metrics.record import Task
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, columns
from dashboard.results.downloads import Row, of_test, single
from dashboard.results.images import KEPT
from dashboard.results.runs import class_order

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


def curve_rows(run: RunKey, test: TestSet, line: Curve, *, finding: str, task: Task) -> list[Row]:
    """The points of a test's curve for a download."""
    columns_of_points = (line.threshold, line.recall, line.false_alarms, line.precision)
    return [
        {
            **of_test(run, test),
            "task": task,
            "finding": finding,
            "threshold": single(threshold),
            "recall": recall,
            "false_positive_rate": false_alarms,
            "precision": precision,
            "n": line.n,
            "n_positive": line.positives,
        }
        for threshold, recall, false_alarms, precision in zip(
            *(points.tolist() for points in columns_of_points), strict=True
        )
        if threshold != float("inf")
    ]
