"""One metric of each class at home and abroad."""

import streamlit as st

from dashboard import palette, widgets
from dashboard.charts.performance import classes as charts
from dashboard.queries.performance.regime import regime
from dashboard.results.class_scores import class_scores, csv_rows
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Task
from dashboard.sentences.performance import described, parts
from dashboard.sentences.performance.names import METRICS, TASKS, no_home

RANKED = ("auroc", "average_precision")
"""The metrics that both tasks have: they need a score, not an answer."""


def show(comparison: Comparison) -> None:
    """Draws the part."""
    with st.container(horizontal=True, gap="medium"):
        metric = _metric(widgets.choice("metric", "Metric", {str(metric): text for metric, text in METRICS.items()}))
        task = ask_task() if metric in RANKED else "single_class"
    rows = class_scores(comparison, metric=metric, task=task)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    figure = charts.by_class(
        rows,
        no_home=no_home(regime(comparison.run, comparison.model)),
        no_skill={"auroc": "chance", "average_precision": "prevalence"}.get(metric),
        palette=palette.current(),
    )
    alt = described.classes(rows, metric=METRICS[metric])
    st.plotly_chart(figure, key="classes", config={"displayModeBar": False}, alt=alt)
    st.caption(parts.caption_of_classes(metric=metric, task=task))
    widgets.download(
        "Download these numbers",
        lambda: widgets.csv_of(csv_rows(rows, metric=metric, task=task)),
        f"{comparison.run.name}_performance_{metric}.csv",
    )


def ask_task() -> Task:
    """Which images a ranking is over, as the address says."""
    asked = widgets.choice("task", "Images", {str(task): text for task, text in TASKS.items()})
    return "finding" if asked == "finding" else "single_class"


def _metric(asked: str) -> str:
    return next(metric for metric in METRICS if metric == asked)
