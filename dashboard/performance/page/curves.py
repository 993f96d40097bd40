"""ROC and precision-recall curves of one class."""

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.notation import told_of
from dashboard.performance.data import areas, curves, operating
from dashboard.performance.data.regime import regime
from dashboard.performance.figures.curves import PlottedCurves, curves_figure
from dashboard.performance.page import at_rule
from dashboard.performance.page.classes import ask_task
from dashboard.performance.page.threshold import ask_rule
from dashboard.performance.text import alt_text, captions, headlines
from dashboard.performance.text.names import TASKS, no_internal
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice


def show(comparison: Comparison) -> None:
    """Draws the part."""
    held = holdings(comparison)
    with st.container(horizontal=True, gap="medium"):
        finding = url_choice("finding", "Class", runs.classes(comparison.run))
        task = held.task if held.has_findings else ask_task()
        rule = ask_rule(comparison)
    found = areas.areas(comparison, finding=finding, task=task)
    lines = {
        side: curves.curve(comparison.run, test, finding=finding, task=task)
        for side, test in comparison.tests.items()
        if found[side].is_drawn
    }
    points = {} if rule is None else operating.on_curves(comparison, lines, finding=finding, rule=rule)
    over = told_of(comparison.noun, TASKS[task])
    widgets.answer(
        headlines.curves(finding, areas.gaps(comparison, finding=finding, task=task), is_alone=held.is_alone)
    )
    why = no_internal(regime(comparison.run, comparison.model))
    drawn = [
        PlottedCurves(
            side=side,
            curve=lines.get(side),
            roc=captions.area(side, each.auroc, name="AUROC", absent=why),
            precision_recall=captions.area(side, each.precision, name="average precision", absent=why),
            prevalence=each.prevalence,
            points=points.get(side, ()),
        )
        for side, each in found.items()
        if not (held.is_alone and side not in held.tests)
    ]
    if any(lines.values()):
        show_figure(
            lambda colors: curves_figure(drawn, palette=colors),
            key="curves",
            alt=alt_text.areas(finding, found),
            source=of_tests(
                comparison,
                name=f"performance_curves_{finding}",
                title=f"ROC and precision-recall of {finding}, over {over}",
                n={side: each.auroc.estimate.n for side, each in found.items() if each.auroc is not None},
            ),
        )
    marked = f" {captions.marked(points)} {at_rule.chosen(comparison, rule=rule)}".rstrip() if points and rule else ""
    against = "" if held.has_findings else " against the rest"
    st.caption(f"{words.plain(finding)}{against}, over {over}. In brackets: 95 % intervals.{marked}")
    if any(lines.values()):
        widgets.download(
            Download(
                run=comparison.run.name,
                name="performance_curves",
                of=finding if task == "single_class" else f"{finding}_{task}",
                holds=f"The points of both curves of {finding}, over {over}",
                rows=lambda: [
                    row
                    for side, line in lines.items()
                    if line is not None
                    for row in curves.curve_rows(
                        comparison.run, comparison.tests[side], line, finding=finding, task=task
                    )
                ],
            )
        )
