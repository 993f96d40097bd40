"""Labels: what do the two sites call by the same name?"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import widgets
from dashboard.labels.page import distribution, flow, images, names, prevalence
from dashboard.notation import told_of
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings
from dashboard.text.intervals import over
from dashboard.url_choice import url_choice

__all__ = ["show"]


@dataclass(frozen=True, kw_only=True)
class _Section:
    title: str
    answer: Callable[[Comparison], str]
    show: Callable[[Comparison], None]


_PARTS = {
    "distribution": _Section(title="How the classes are mixed", answer=distribution.answer, show=distribution.show),
    "flow": _Section(title="Who was kept", answer=flow.answer, show=flow.show),
    "names": _Section(title="What the names mean", answer=names.answer, show=names.show),
    "images": _Section(title="Images", answer=images.answer, show=images.show),
}

_OF_FINDINGS = {
    "distribution": _Section(title="How frequent findings are", answer=prevalence.answer, show=prevalence.show),
    **{name: part for name, part in _PARTS.items() if name != "distribution"},
}

_HOW_TO_READ_FINDINGS = """
Where names do not mean the same, or findings are more frequent, an external score changes without any change in the
model. Prevalence: of the images of a test where a finding is known to be present or absent, those that have it; in
brackets 95 % intervals {over}, Wilson's. A finding that a site does not label is unknown there, never absent.
"""

_HOW_TO_READ = """
Where names do not mean the same, or the classes are mixed differently, an external score changes without any change in
the model. A **label policy** makes a class of the readers' marks or a report's words. In brackets: 95 % intervals
{over}, Wilson's. **By chance alone**: how far apart two samples of one mix would be.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    held = holdings(comparison)
    title = (
        "What do the two sites call by the same name?"
        if len(comparison.tests) > 1 or not held.has_findings
        else "What do the labels say?"
    )
    how_to_read = told_of(comparison.noun, _HOW_TO_READ_FINDINGS if held.has_findings else _HOW_TO_READ)
    widgets.title(title, how_to_read.format(over=over(comparison.resampled)))
    answer = st.empty()
    parts = _OF_FINDINGS if held.has_findings else _PARTS
    shown = {name: part.title for name, part in parts.items() if name != "images" or held.has_pictures}
    part = parts[url_choice("part", "Part of the page", shown)]
    with answer:
        widgets.answer(part.answer(comparison))
    part.show(comparison)
