"""Performance: which findings survive the journey?"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import widgets
from dashboard.performance.page import calibration, classes, confidence, configurations, curves, subgroups
from dashboard.performance.text import survival
from dashboard.performance.text.names import explained, images_that_count
from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.text.folds import one_answer_an_image
from dashboard.text.policies import policy_rules
from dashboard.url_choice import url_choice

__all__ = ["show"]

_HOW_TO_READ = f"""
**Internal test** (●): images of the site it was trained at that it did not see. **External test** (◆): another site.
**Training images** (○, gray): those it was trained on, which is no test.

{explained()}

In brackets, and as a bar through a mark: the 95 % interval over patients, or over images where patients are not
recorded; by bootstrap, and in closed form for AUROC, average precision and F1, and where few are right or few wrong. A
number that rests on fewer than 30 images is not estimable; several of one patient count as fewer. {images_that_count()}
Dashed and dotted gray lines are what takes no skill.
"""


@dataclass(frozen=True, kw_only=True)
class _Section:
    title: str
    show: Callable[[Comparison], None]
    is_by_image: bool = False


_PARTS = {
    "configurations": _Section(title="Four configurations", show=configurations.show),
    "classes": _Section(title="Class by class", show=classes.show),
    "curves": _Section(title="Curves", show=curves.show, is_by_image=True),
    "calibration": _Section(title="Calibration", show=calibration.show, is_by_image=True),
    "confidence": _Section(title="Confidence", show=confidence.show, is_by_image=True),
    "subgroups": _Section(title="Subgroups", show=subgroups.show),
}


def show(comparison: Comparison) -> None:
    """Draws the page; only the part that is shown is computed."""
    widgets.title("Which findings survive the journey?", _HOW_TO_READ, extra=policy_rules(comparison))
    caution = survival.caution(class_scores(comparison, metric="recall"))
    if caution:
        st.markdown(f"**{caution}**")
    part = url_choice("part", "Part of the page", {key: part.title for key, part in _PARTS.items()})
    _PARTS[part].show(comparison)
    if _PARTS[part].is_by_image and (said := one_answer_an_image(comparison.model, sites=comparison.pooled_sites)):
        st.caption(said)
