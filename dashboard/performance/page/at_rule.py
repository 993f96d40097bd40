"""What every finding reaches at thresholds by a rule, in three columns: internal, carried, local."""

import streamlit as st

from dashboard import widgets
from dashboard.notation import FEWEST, MANY, plural
from dashboard.performance.data import at_rule as data
from dashboard.performance.text import at_rule as text
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.thresholds import PLACES, Place, chosen_on
from dashboard.text import cells
from dashboard.text.badges import LOCAL
from dashboard.text.intervals import as_counted, over
from dashboard.url_choice import url_choice


def show(comparison: Comparison, *, rule: str, prevalence: float | None) -> None:
    """Draws the table of a rule.

    Args:
        comparison: Which model and which tests.
        rule: The operating point.
        prevalence: The share with the finding that predictive values are told at; None: each site's own.
    """
    rows = data.rows(comparison, rule=rule, prevalence=prevalence)
    if not rows:
        st.markdown("This model has no numbers at this threshold under these label policies. Pick others above.")
        return
    widgets.answer(text.answer(data.means(comparison, rule=rule)))
    names = list(dict.fromkeys(row.finding or "" for row in rows))
    if len(names) > MANY:
        finding = url_choice("finding", "Finding", names)
        rows = tuple(row for row in rows if row.finding == finding)
    places = [place for place in PLACES if any(place in row.at for row in rows)]
    limits = data.threshold_of(comparison, rule=rule)
    first = [next(i for i, other in enumerate(rows) if other.finding == row.finding) for row in rows]
    columns = {
        "Finding": [text.beside(i - first[i], row, limits.get(row.finding or "")) for i, row in enumerate(rows)],
        "measure": [text.measure(row, prevalence=prevalence) for row in rows],
    }
    for place in places:
        columns[text.HEADINGS[place]] = [_cell(row, place) for row in rows]
        if place == "carried" and "internal" in places:
            columns["gap, points"] = [cells.gap(row.lost, absent="no gap", is_bold=False) for row in rows]
    if "local" in places:
        st.markdown(f"{LOCAL.text} :gray[{LOCAL.meaning}]")
    widgets.table(columns, alt="What every finding reaches at thresholds by this rule")
    st.caption(_caption(comparison, rule=rule, prevalence=prevalence))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_at_rule",
            of=rule,
            holds="What every finding reaches at thresholds by this rule",
            rows=lambda: data.rule_rows(comparison, rule=rule),
            gaps=(lambda: data.rule_gap_rows(comparison, rule=rule)) if "internal" in places else None,
        )
    )


def chosen(comparison: Comparison, *, rule: str) -> str:
    """Where the thresholds of a rule were chosen, Markdown."""
    carried, local = (chosen_on(comparison, point=rule, is_local=is_local) for is_local in (False, True))
    here = [each for each in local if each[0] == comparison.external_dataset]
    return text.chosen(carried, here, site=comparison.site, judged=comparison.resampled)


def _cell(row: data.RuleRow, place: Place) -> str:
    estimate = row.at.get(place)
    if estimate is None or estimate.is_number:
        return cells.share(estimate, absent="none", is_bold=False)
    return cells.small(text.why(estimate))


def _caption(comparison: Comparison, *, rule: str, prevalence: float | None) -> str:
    worth = as_counted(has_patients=comparison.has_patients)
    few = f"Not estimable: fewer than {FEWEST} {plural(comparison.noun)} that count{worth}."
    intervals = f"In brackets: 95 % intervals {over(comparison.resampled)}."
    return " ".join((chosen(comparison, rule=rule), text.of_prevalence(prevalence), few, intervals))
