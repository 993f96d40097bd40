"""The class mix without labels."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.shift.data import class_mix as data
from dashboard.shift.figures.class_mix import class_mix
from dashboard.shift.text import class_mix as text
from dashboard.text.provenance import of_tests

_CAPTION = (
    "Estimated by expectation maximization on calibrated scores: right only where the sites differ in their mix alone. "
    "These shares have no interval."
)


def show(comparison: Comparison) -> None:
    """Draws the part; nothing where nothing was estimated, and no estimate that must not be read."""
    found = data.class_mix(comparison)
    if not found:
        return
    st.subheader("Class mix without labels", anchor=False)
    st.markdown(text.answer(found, is_whole=not holdings(comparison).has_findings, noun=comparison.noun))
    readable = [each for each in found if each.may_be_read]
    if readable:
        show_figure(
            lambda colors: class_mix(readable, palette=colors),
            key="class_mix",
            alt=text.described(readable),
            source=of_tests(comparison, name="shift_class_mix", title="The class mix, estimated without labels"),
        )
        st.caption(_CAPTION)
    widgets.download(
        Download(
            run=comparison.run.name,
            name="shift_class_mix",
            holds="Shares of classes in both tests, and what is estimated without labels where it may be read",
            rows=lambda: data.mix_rows(comparison),
        )
    )
