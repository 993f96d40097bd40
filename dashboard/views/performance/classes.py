"""One metric of each class in both tests."""

from collections.abc import Sequence

import streamlit as st

from dashboard import palette, widgets
from dashboard.charts.performance import classes as charts
from dashboard.queries.performance.regime import regime
from dashboard.results.class_scores import METRICS, class_scores, csv_rows
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import TASKS, Task
from dashboard.sentences.performance import described, parts
from dashboard.sentences.performance.names import no_internal


def show(comparison: Comparison) -> None:
    """Draws the part."""
    with st.container(horizontal=True, gap="medium"):
        metrics = {metric.name: metric for metric in METRICS}
        asked = widgets.choice("metric", "Metric", {name: metric.label for name, metric in metrics.items()})
        metric = metrics[asked]
        task = ask_task(metric.tasks)
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
    alt = described.classes(rows, metric=metric)
    st.plotly_chart(figure, key="classes", config={"displayModeBar": False}, alt=alt)
    st.caption(parts.caption_of_classes(metric, task=task))
    widgets.download(
        "Download these numbers",
        lambda: widgets.csv_of(csv_rows(rows, metric=metric.name, task=task)),
        f"{comparison.run.name}_performance_{metric.name}.csv",
    )


def ask_task(tasks: Sequence[Task]) -> Task:
    """Which images a metric is over, as the address says; asks for nothing where it is measured over one kind."""
    if len(tasks) == 1:
        return tasks[0]
    asked = widgets.choice("task", "Images", {str(task): TASKS[task] for task in tasks})
    return next(task for task in tasks if task == asked)
