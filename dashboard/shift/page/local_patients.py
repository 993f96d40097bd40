"""What local patients buy."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.notation import plural
from dashboard.results.comparison import PATIENT, Comparison
from dashboard.results.downloads import Download
from dashboard.results.side import Side
from dashboard.shift.data.local_patients import gain_rows, gains
from dashboard.shift.data.parts import tested
from dashboard.shift.figures.local_patients import local_patients
from dashboard.shift.text import local_patients as text
from dashboard.text.badges import LOCAL
from dashboard.text.provenance import of_tests


def is_there(comparison: Comparison, *, finding: str | None) -> bool:
    """Whether anything was tried of a finding, or of all classes."""
    return any(each.finding == finding for each in gains(comparison))


def show(comparison: Comparison, *, metric: str, finding: str | None) -> None:
    """Draws the part, where `is_there`.

    Args:
        comparison: Which model and which site.
        metric: What is gained, where it was measured.
        finding: Of which finding; None: of all classes.
    """
    own = [each for each in gains(comparison) if each.finding == finding]
    found = [each for each in own if each.metric == metric] or own
    noun = comparison.resampled.get(Side.EXTERNAL, PATIENT)
    heading = f"What local {plural(noun)} buy"
    st.subheader(heading, anchor=False)
    st.markdown(f"{text.answer(found, noun=noun)} {LOCAL.text}", help=LOCAL.meaning)
    whose = "" if finding is None else f" for {finding}"
    show_figure(
        lambda colors: local_patients(found, noun=noun, palette=colors),
        key="local_patients",
        alt=text.described(found, noun=noun),
        source=of_tests(
            comparison,
            name=f"shift_local_patients_{finding or ''}".rstrip("_"),
            title=f"{heading}{whose}",
            n={Side.EXTERNAL: tested(comparison, finding=finding).get(Side.EXTERNAL, 0)},
            called={Side.EXTERNAL: f"external {plural(noun)}, judged after a fit to others"},
        ),
    )
    st.caption(text.footnote(found, is_refit=finding is None, noun=noun))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="shift_local_patients",
            holds="What so many local patients buy, over the draws of them",
            rows=lambda: gain_rows(comparison),
        )
    )
