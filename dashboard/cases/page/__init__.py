"""Cases: which images did it get wrong?"""

import streamlit as st

from dashboard import state, widgets
from dashboard.asked_cases import AskedCases, asked_cases
from dashboard.cases import text
from dashboard.cases.data import loosened
from dashboard.cases.page import classes, findings, part, search
from dashboard.components.gallery import ShowSaliency
from dashboard.notation import plural, told_of
from dashboard.results.case_list import CaseCounts, case_counts
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings
from dashboard.url_choice import url_choice

__all__ = ["show"]

_SALIENCY = {"pointer": "saliency under the pointer", "always": "saliency on all"}

_HOW_TO_READ = {"classes": classes.HOW_TO_READ, "findings": findings.HOW_TO_READ}


def show(comparison: Comparison) -> None:
    """Draws the page."""
    has_findings = holdings(comparison).has_findings
    how_to_read = told_of(comparison.noun, _HOW_TO_READ["findings" if has_findings else "classes"])
    widgets.title(f"Which {plural(comparison.noun)} did it get wrong?", how_to_read=how_to_read)
    asked = asked_cases(comparison)
    if asked is None:
        st.markdown(text.NO_FINDING_TEST if has_findings else told_of(comparison.noun, text.NO_TEST))
        return
    of = classes if asked.wanted.finding is None else findings
    answer = st.empty()
    of.show_filters(comparison, asked)
    if state.missed():
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            search.show(asked)
            st.markdown(text.NO_LIST, width="content")
        return
    counts = case_counts(comparison.run, asked.test, asked.wanted)
    with answer:
        widgets.answer(of.answer(comparison, asked, counts))
    saliency = _show_actions(comparison, asked, counts=counts)
    if counts.cases:
        part.show(
            comparison,
            asked,
            lambda offset: of.tiles(comparison, asked, offset=offset),
            counts=counts,
            saliency=saliency,
        )


def _show_actions(comparison: Comparison, asked: AskedCases, *, counts: CaseCounts) -> ShowSaliency:
    """What can be done with the list; gives when its saliency is seen."""
    saliency = "pointer"
    of = classes if asked.wanted.finding is None else findings
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        search.show(asked)
        if counts.cases:
            held = holdings(comparison)
            if held.has_pictures and (held.has_saliency or not held.has_findings):
                saliency = url_choice("saliency", "Saliency", _SALIENCY)
            widgets.download(of.download(comparison, asked), what="this list")
        else:
            found = loosened(comparison.run, asked.test, asked.wanted)
            st.markdown(text.nothing(found, noun=asked.test.noun), width="content")
            search.show_elsewhere(comparison, asked)
        if asked.wanted.keys:
            keys = dict.fromkeys((*text.FILTERS, *asked.wanted.keys, "part"))
            st.button("Clear filters", type="tertiary", icon=":material/close:", on_click=state.go, args=(keys,))
    return "always" if saliency == "always" else "hover"
