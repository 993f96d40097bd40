"""One metric of each class in both tests."""

import streamlit as st

from cxr_core.metrics import catalogue
from cxr_core.metrics.record import TASKS, Task
from dashboard import palette, widgets
from dashboard.charts.performance import classes as charts
from dashboard.queries.performance.regime import regime
from dashboard.results.class_scores import class_scores, csv_rows
from dashboard.results.comparison import Comparison
from dashboard.sentences.performance import described, parts
from dashboard.sentences.performance.names import no_internal

METRICS = {record.name: record.label for record in catalogue.records(scope="class")}


def show(comparison: Comparison) -> None:
    """Draws the part."""
    with st.container(horizontal=True, gap="medium"):
        metric = catalogue.record(widgets.choice("metric", "Metric", METRICS))
        task = ask_task() if len(metric.tasks) > 1 else metric.tasks[0]
    rows = class_scores(comparison, metric=metric.name, task=task)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    figure = charts.by_class(
        rows,
        no_internal=no_internal(regime(comparison.run, comparison.model)),
        no_skill=metric.baseline,
        palette=palette.current(),
    )
    alt = described.classes(rows, metric=metric.label)
    st.plotly_chart(figure, key="classes", config={"displayModeBar": False}, alt=alt)
    st.caption(parts.caption_of_classes(metric=metric, task=task))
    widgets.download(
        "Download these numbers",
        lambda: widgets.csv_of(csv_rows(rows, metric=metric.name, task=task)),
        f"{comparison.run.name}_performance_{metric.name}.csv",
    )


def ask_task() -> Task:
    """Which images a ranking is over, as the address says."""
    asked = widgets.choice("task", "Images", {str(task): text for task, text in TASKS.items()})
    return "finding" if asked == "finding" else "single_class"
