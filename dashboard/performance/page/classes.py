"""One metric of each class in both tests."""

from collections.abc import Sequence

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.performance.data.regime import regime
from dashboard.performance.figures.classes import OtherMetric, by_class
from dashboard.performance.page import findings
from dashboard.performance.text import alt_text, captions, survival
from dashboard.performance.text.names import METRICS, TASKS, no_internal, record
from dashboard.results.class_scores import class_scores, score_gap_rows, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.results.metrics import Task
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_BESIDE = {"recall": "auroc", "auroc": "recall"}
"""What ranking has over what is chosen of it, and the other way round."""


def show(comparison: Comparison) -> None:
    """Draws the part."""
    held = holdings(comparison)
    if held.has_findings:
        findings.show(comparison)
        return
    with st.container(horizontal=True, gap="medium"):
        metric = record(url_choice("metric", "Metric", METRICS))
        task = ask_task() if len(metric.tasks) > 1 else metric.tasks[0]
    rows = class_scores(comparison, metric=metric.name, task=task)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    other = _BESIDE.get(metric.name) if task == "single_class" else None
    beside = (
        None if other is None else OtherMetric(label=record(other).label, rows=class_scores(comparison, metric=other))
    )
    told = survival.at_one_site if held.is_alone else survival.answer
    widgets.answer(told(rows, label=metric.label))
    if beside is not None:
        recalls, aurocs = (rows, beside.rows) if metric.name == "recall" else (beside.rows, rows)
        if verdicts := survival.verdicts(recalls, aurocs):
            st.markdown(verdicts)
    if any(row.has_number for row in rows):
        why = no_internal(regime(comparison.run, comparison.model))
        show_figure(
            lambda colors: by_class(
                rows,
                no_internal=why,
                no_skill=metric.baseline,
                beside=None if held.is_alone else beside,
                sides=held.tests if held.is_alone else tuple(Side),
                palette=colors,
            ),
            key="classes",
            alt=alt_text.classes(rows, metric=metric.label),
            source=of_tests(
                comparison,
                name=f"performance_{metric.name}",
                title=f"{metric.label} of each class, over {TASKS[task]}",
                n=_images(rows),
            ),
        )
        st.caption(captions.caption_of_classes(metric=metric, task=task, is_alone=held.is_alone))
    else:
        st.caption(captions.counted_classes(rows))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_classes",
            of=metric.name if task == "single_class" else f"{metric.name}_{task}",
            holds=f"{metric.label[0].upper()}{metric.label[1:]} of each class, over {TASKS[task]}",
            rows=lambda: score_rows(comparison, metric=metric.name, task=task),
            gaps=None if held.is_alone else lambda: score_gap_rows(comparison, metric=metric.name, task=task),
        )
    )


def _images(rows: Sequence[Pair]) -> dict[Side, tuple[int, int]]:
    """Of each test, the images of the class with the fewest and of that with the most."""
    counts = {side: [row.sides[side].estimate.n for row in rows if side in row.sides] for side in Side}
    return {side: (min(of_side), max(of_side)) for side, of_side in counts.items() if of_side}


def ask_task() -> Task:
    """Which images a ranking is over, as the address says."""
    asked = url_choice("task", "Images", {str(task): text for task, text in TASKS.items()})
    return "finding" if asked == "finding" else "single_class"
