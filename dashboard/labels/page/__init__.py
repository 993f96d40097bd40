"""Labels: what do the two sites call by the same name?"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import widgets
from dashboard.labels.page import distribution, flow, images, names
from dashboard.results.comparison import Comparison
from dashboard.text.policies import policy_rules
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

_HOW_TO_READ = """
A model learns what one site calls a finding and is tested on what another site calls so. Where the names do not mean
the same, or the classes are mixed differently, an external score changes without any change in the model.

**Single class**: the tests of a single class take only images with exactly one of the classes. A **label policy** says
how the readers' marks, or the words of a report, become that class.

**Brackets and bars**: 95 % intervals over patients, or over images where patients are not recorded, in closed form:
Wilson's, for as many independent images as would vary so much. A share of fewer than 30 images is not shown as a
number; several of one patient count as fewer.

**By chance alone**: how far apart two tests of this size would be on average if both sites had the same mix.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title(
        "What do the two sites call by the same name?", how_to_read=_HOW_TO_READ, extra=policy_rules(comparison)
    )
    answer = st.empty()
    part = _PARTS[url_choice("part", "Part of the page", {name: part.title for name, part in _PARTS.items()})]
    with answer:
        widgets.answer(part.answer(comparison))
    part.show(comparison)
