"""What every finding reaches at its threshold, or as it is flagged, beside AUROC."""

import streamlit as st

from dashboard import widgets, words
from dashboard.notation import FEWEST, plural
from dashboard.performance.data import threshold as data
from dashboard.performance.page import at_rule
from dashboard.performance.text import threshold as text
from dashboard.performance.text.at_rule import of_prevalence
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.results.metrics import STATED
from dashboard.results.thresholds import offered_rules
from dashboard.text import cells
from dashboard.text.findings import LABELS
from dashboard.text.intervals import as_counted, over
from dashboard.url_choice import url_choice, url_percent


def show(comparison: Comparison) -> None:
    """Draws the part: at the stated thresholds, or by a rule."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        rule = ask_rule(comparison)
        prevalence = url_percent(
            "prevalence", "PPV and NPV if so many % have it", what="the prevalence", empty="each site's own"
        )
    if rule not in (None, STATED):
        at_rule.show(comparison, rule=rule, prevalence=prevalence)
    else:
        _show_stated(comparison, prevalence=prevalence)


def ask_rule(comparison: Comparison) -> str | None:
    """By which rule thresholds are shown; None where the model has none, as with flags alone."""
    offered = offered_rules(comparison)
    if len(offered) > 1:
        return url_choice("rule", "Threshold", offered)
    return next(iter(offered), None)


def _show_stated(comparison: Comparison, *, prevalence: float | None) -> None:
    held = holdings(comparison)
    rows = data.rows(comparison, prevalence=prevalence)
    if not rows:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    widgets.answer(text.answer(data.means(comparison), is_compared=held.is_compared))
    columns = {"Finding": [words.plain(row.finding) if row.is_first else "" for row in rows]}
    if any(row.threshold is not None for row in rows):
        columns["threshold"] = [text.threshold(row) if row.is_first else "" for row in rows]
    columns["positives"] = [row.side.badge(text.positives(row)) for row in rows]
    for metric in data.metrics(comparison):
        columns[LABELS[metric]] = [
            cells.share(None if number is None else number.estimate, absent="none", is_bold=False)
            if (number := row.numbers.get(metric)) is None or number.estimate.is_number
            else cells.small(text.why(number))
            for row in rows
        ]
    widgets.table(columns, alt="What every finding reaches at its threshold")
    worth, intervals = as_counted(has_patients=comparison.has_patients), over(comparison.resampled)
    few = f"Not estimable: fewer than {FEWEST} {plural(comparison.noun)} that count{worth}."
    first = " What changed most first." if held.is_compared else ""
    rests = f"{text.positive_means(rows)}{first} {text.marks(held.tests)}"
    told_at = f" {of_prevalence(prevalence)}" if prevalence is not None else ""
    st.caption(f"{rests}{told_at} {few} In brackets: 95 % intervals {intervals}.")
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_threshold",
            holds="What every finding reaches at its threshold, beside AUROC",
            rows=lambda: data.number_rows_of(comparison),
            gaps=(lambda: data.gap_rows_of(comparison)) if held.is_compared else None,
        )
    )
