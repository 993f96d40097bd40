"""One metric of each finding in the tests that there are: findings do not exclude each other."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.notation import plural
from dashboard.performance.figures.classes import by_class
from dashboard.performance.text import alt_text, survival
from dashboard.performance.text.names import record
from dashboard.results.class_scores import class_scores, score_gap_rows, score_rows
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.pairs import Pair, by_change
from dashboard.results.side import Side
from dashboard.text.findings import measured, unknown
from dashboard.text.intervals import over
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice


def ask_metric(held: Holdings) -> str:
    """Which metric, as the address says."""
    offered = measured(has_scores=held.has_scores, is_at_threshold=held.is_at_threshold)
    return url_choice("metric", "Metric", offered)


def show(comparison: Comparison) -> None:
    """Draws the part."""
    held = holdings(comparison)
    metric = ask_metric(held)
    label = measured(has_scores=held.has_scores, is_at_threshold=held.is_at_threshold)[metric]
    scores = class_scores(comparison, metric=metric, task="finding")
    rows = by_change(scores, is_compared=held.is_compared)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    is_said = survival.answer if held.is_compared else survival.at_one_site
    known = [row for row in rows if all(number.estimate.n for number in row.sides.values())]
    widgets.answer(is_said(known, label=label, noun=comparison.noun))
    if any(row.has_number for row in rows):
        show_figure(
            lambda colors: by_class(
                rows,
                no_internal=f"no {Side.INTERNAL.test}",
                no_skill=record(metric).baseline if held.has_scores else None,
                sides=held.tests,
                palette=colors,
            ),
            key="classes",
            alt=alt_text.classes(rows, metric=label),
            source=of_tests(
                comparison, name=f"performance_{metric}", title=f"{label} of each finding", n=_images(rows)
            ),
        )
    chance = {"half": " Dashed: chance.", "prevalence": " Gray ticks: the share with the finding at each site."}
    first = "What changed most" if held.is_compared else "The lowest"
    st.caption(
        f"{first} first. Under each name: what it rests on, {plural(comparison.noun)} of each test. "
        f"{unknown(rows, sides=held.tests)} In brackets: 95 % intervals {over(comparison.resampled)}."
        f"{chance.get(record(metric).baseline or '', '')}"
    )
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_classes",
            of=metric,
            holds=f"{label[0].upper()}{label[1:]} of each finding",
            rows=lambda: score_rows(comparison, metric=metric, task="finding"),
            gaps=(lambda: score_gap_rows(comparison, metric=metric, task="finding")) if held.is_compared else None,
        )
    )


def _images(rows: tuple[Pair, ...]) -> dict[Side, tuple[int, int]]:
    """Of each test, the images of the finding with the fewest and of that with the most, of those that are known."""
    counts = {side: [n for row in rows if side in row.sides and (n := row.sides[side].estimate.n)] for side in Side}
    return {side: (min(of_side), max(of_side)) for side, of_side in counts.items() if of_side}
