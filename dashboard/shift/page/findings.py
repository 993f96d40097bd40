"""A row a finding: ranking in both tests, what is reached at a threshold, and the verdict; it leads to its images."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import state, widgets, words
from dashboard.notation import counted
from dashboard.results.case_filter import CaseFilter, Outcome
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.side import Side
from dashboard.results.two_by_two import two_by_twos
from dashboard.results.verdicts import verdicts
from dashboard.results.waterfalls import YOUDEN
from dashboard.shift.data.findings import METRICS, FindingRow, finding_rows, findings
from dashboard.shift.text import findings as text
from dashboard.text.badges import LOCAL
from dashboard.text.causes import verdict, verdicts_told
from dashboard.text.counts import of_both_in_short
from dashboard.text.intervals import over
from dashboard.url_choice import url_choice

_WIDTHS = (1.5, 1.15, 1.2, 1.2, 1.15)

_OUTCOMES: Mapping[Outcome, str] = {"missed": "missed", "false_alarm": "false alarm"}


def show(comparison: Comparison, *, rules: Mapping[str, str]) -> None:
    """Draws the part.

    Args:
        comparison: Which model and which tests.
        rules: By which thresholds can be chosen, with what they are called.
    """
    st.subheader("Finding by finding", anchor=False)
    if said := verdicts_told(verdicts(comparison), noun=comparison.noun):
        st.markdown(said)
    rule = url_choice("rule", "Threshold by", rules)
    rows = findings(comparison, rule=rule)
    held = holdings(comparison)
    st.markdown(text.LEGEND, help=LOCAL.meaning)
    has_terms = rule == YOUDEN and any(row.youden is not None for row in rows)
    headings = ("**Finding**", "**AUROC**", "**sensitivity**", "**specificity**")
    _line((*headings, "**points lost**" if has_terms else ""))
    counts = _counts(comparison, held)
    for row in rows:
        _show_row(comparison, row, counts.get(row.name, {}), has_terms=has_terms)
    st.caption(
        text.footnote(
            rule=rules[rule],
            is_single_class=not held.has_findings,
            has_terms=has_terms,
            intervals=over(comparison.resampled),
            noun=comparison.noun,
        )
    )
    widgets.download(
        Download(
            run=comparison.run.name,
            name="shift_findings",
            of=rule,
            holds=f"AUROC of each finding, and sensitivity and specificity at thresholds by {rules[rule]}",
            rows=lambda: finding_rows(comparison, rule=rule),
        )
    )


def _line(cells: Sequence[str]) -> None:
    for column, cell in zip(st.columns(_WIDTHS), cells, strict=True):
        column.markdown(cell)


def _show_row(comparison: Comparison, row: FindingRow, counts: Mapping[Outcome, int], *, has_terms: bool) -> None:
    first, *others = st.columns(_WIDTHS)
    with first, st.container(gap=None):
        _show_subject(comparison, row, counts)
    cells = (
        text.auroc(row.auroc),
        *(text.lines(row.at.get(metric, {})) for metric in METRICS),
        text.youden(row.youden, is_estimable=row.is_estimable) if has_terms else "",
    )
    for column, cell in zip(others, cells, strict=True):
        column.markdown(cell)


def _show_subject(comparison: Comparison, row: FindingRow, counts: Mapping[Outcome, int]) -> None:
    """Name, positives and verdict, and the way to its external images: of the class, or those that were wrong."""
    name = f"**{words.plain(row.name)}**"
    positives = "" if row.auroc is None else f":gray[:small[{words.plain(of_both_in_short(row.auroc))}]]"
    if not holdings(comparison).has_findings:
        _button(comparison, name, key=f"images_of_{row.name}", keys={"true": row.name})
        st.markdown("  \n".join(filter(None, (positives, verdict(row.verdict)))))
        return
    st.markdown("  \n".join(filter(None, (f"{name} {positives}", verdict(row.verdict)))))
    with st.container(horizontal=True, gap="small"):
        for outcome, noun in _OUTCOMES.items():
            if n := counts.get(outcome, 0):
                wanted = CaseFilter(at=Side.EXTERNAL, finding=row.name, outcome=(outcome,))
                label = f"{n:,} missed" if outcome == "missed" else counted(n, noun)
                _button(comparison, f":small[{label}]", key=f"{outcome}_of_{row.name}", keys=wanted.address())


def _button(comparison: Comparison, label: str, *, key: str, keys: Mapping[str, str | None]) -> None:
    st.button(
        label,
        key=key,
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        help="In Cases, at the external site",
        on_click=state.open_page,
        args=("cases", comparison.address(), keys),
    )


def _counts(comparison: Comparison, held: Holdings) -> dict[str, Mapping[Outcome, int]]:
    """What went wrong externally at the stated thresholds, by finding; empty where an image has one answer."""
    if not held.has_findings:
        return {}
    return {table.finding: table.counts for table in two_by_twos(comparison, Side.EXTERNAL)}
