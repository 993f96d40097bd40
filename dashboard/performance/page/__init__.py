"""Performance: which findings survive the journey?"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import state, widgets
from dashboard.notation import told_of
from dashboard.performance.data.configurations import METRICS as OVERALL
from dashboard.performance.page import (
    calibration,
    classes,
    confidence,
    configurations,
    curves,
    finding_calibration,
    subgroups,
    threshold,
)
from dashboard.performance.text import survival
from dashboard.results.class_scores import class_scores
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.primary import Shown
from dashboard.results.thresholds import offered_rules
from dashboard.text.folds import one_answer_an_image
from dashboard.text.intervals import as_counted, over
from dashboard.url_choice import url_choice

__all__ = ["show"]

_COMPARED = """
**Internal test** ●: held-out images of the training site. **External test** ◆: another site. **Gap**: internal minus
external.
"""

_INTERVALS = "Brackets and bars: 95 % intervals {over}. Not estimable: fewer than 30 images{as_counted}."

_OWN = {
    "configurations": "○: training images. Macro: the mean over classes. Gray: without skill.",
    "classes": "Lost: the gap's interval lies above 0. AUROC covers all thresholds; recall is at the answers' own.",
    "threshold": "Carried: the internal threshold, used externally unchanged. Local: chosen there, on other patients.",
    "curves": "Gray, dashed: without skill. Every point is a threshold.",
    "calibration": "Calibration error: the mean distance of confidence from the share of right answers.",
    "confidence": "Confidence: the highest probability. Hatched: wrong answers.",
    "subgroups": "Gray ticks: what the best constant answer scores in that group.",
}

_OWN_OF_BROUGHT = {"configurations": "Macro: the mean over classes. Gray: without skill."}

_OWN_OF_ONE_SITE = {"classes": "AUROC covers all thresholds; recall is at the answers' own."}

_HOW_TO_READ = {part: f"{_COMPARED.strip()} {_INTERVALS} {own}" for part, own in _OWN.items()}


@dataclass(frozen=True, kw_only=True)
class _Section:
    title: str
    show: Callable[[Comparison], None]
    is_by_image: bool = False


_OF_FINDINGS = {
    "classes": _Section(title="Finding by finding", show=classes.show),
    "threshold": _Section(title="At the threshold", show=threshold.show),
    "curves": _Section(title="Curves", show=curves.show),
    "calibration": _Section(title="Calibration", show=finding_calibration.show),
    "subgroups": _Section(title="Subgroups", show=subgroups.show),
}

_FINDINGS_HOW_TO_READ = """
**AUROC**: how often an image with the finding scores above one without; 0.5 is chance. **Sensitivity**,
**specificity**: of those with the finding, how many are flagged; of those without, how many are not. **PPV**, **NPV**:
of those flagged, how many have it; of the others, how many do not. Brackets and bars: 95 % intervals {over}.
"""

_GAP = " **Gap**: internal minus external, a loss is positive."

_PARTS = {
    "configurations": _Section(title="Four configurations", show=configurations.show),
    "classes": _Section(title="Class by class", show=classes.show),
    "threshold": _Section(title="At a threshold", show=threshold.show),
    "curves": _Section(title="Curves", show=curves.show, is_by_image=True),
    "calibration": _Section(title="Calibration", show=calibration.show, is_by_image=True),
    "confidence": _Section(title="Confidence", show=confidence.show, is_by_image=True),
    "subgroups": _Section(title="Subgroups", show=subgroups.show),
}

_OF_BROUGHT = {"configurations": "Every metric"}
"""What a part is called where there are no regimes."""


def shown(comparison: Comparison) -> Shown:
    """Which numbers the part that the address asks for shows."""
    held = holdings(comparison)
    parts = _OF_FINDINGS if held.has_findings else _PARTS
    asked = state.asked("part")
    part = asked if asked in parts else next(iter(parts))
    metric = state.asked("metric") or (held.headline[0] if held.has_findings else "recall")
    metrics = {"configurations": OVERALL, "classes": (metric,)}.get(part, ())
    return Shown(metrics=frozenset(metrics), has_groups=part == "subgroups")


def show(comparison: Comparison) -> None:
    """Draws the page; only the part that is shown is computed."""
    held = holdings(comparison)
    if held.has_findings:
        _show_findings(comparison, held)
        return
    asked = state.asked("part")
    gone = () if offered_rules(comparison) else ("threshold",)
    parts = {key: part for key, part in _PARTS.items() if key not in gone}
    shown = asked if asked in parts else next(iter(parts))
    widgets.title(_question(held), told_of(comparison.noun, _said(_how_to_read(shown, held), comparison)))
    caution = survival.caution(class_scores(comparison, metric="recall"))
    if caution:
        st.markdown(f"**{caution}**")
    titles = {key: part.title for key, part in parts.items()}
    part = url_choice("part", "Part of the page", titles | (_OF_BROUGHT if held.is_brought else {}))
    _PARTS[part].show(comparison)
    if _PARTS[part].is_by_image and (said := one_answer_an_image(comparison.model, sites=comparison.pooled_sites)):
        st.caption(said)


def _show_findings(comparison: Comparison, held: Holdings) -> None:
    """Draws the parts that have something to show of findings that do not exclude each other."""
    how_to_read = told_of(comparison.noun, _said(_FINDINGS_HOW_TO_READ, comparison).strip())
    widgets.title(_question(held), f"{how_to_read}{_GAP if held.is_compared else ''}")
    has_rules = bool(offered_rules(comparison))
    has_part = {
        "threshold": held.is_at_threshold or has_rules,
        "curves": held.has_scores,
        "calibration": held.has_scores,
    }
    parts = {key: part for key, part in _OF_FINDINGS.items() if has_part.get(key, True)}
    part = url_choice("part", "Part of the page", {key: part.title for key, part in parts.items()})
    parts[part].show(comparison)


def _question(held: Holdings) -> str:
    return "Which findings does it find?" if held.is_alone else "Which findings survive the journey?"


def _how_to_read(part: str, held: Holdings) -> str:
    if not held.is_brought:
        return _HOW_TO_READ[part]
    own = _OWN | _OWN_OF_BROUGHT | (_OWN_OF_ONE_SITE if held.is_alone else {})
    return " ".join(filter(None, ("" if held.is_alone else _COMPARED.strip(), _INTERVALS, own[part])))


def _said(how_to_read: str, comparison: Comparison) -> str:
    worth = as_counted(has_patients=comparison.has_patients)
    return how_to_read.format(over=over(comparison.resampled), as_counted=worth)
