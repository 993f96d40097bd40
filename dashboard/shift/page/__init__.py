"""Shift: why is it lost?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import state, widgets
from dashboard.notation import told_of
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings
from dashboard.results.primary import primary
from dashboard.results.waterfalls import GapParts, of_scale, waterfalls
from dashboard.shift.data import findings as rows_of
from dashboard.shift.page import class_mix, findings, local_patients, waterfall
from dashboard.shift.text import answer as text
from dashboard.text.causes import SCALES
from dashboard.url_choice import url_choice

__all__ = ["show"]

_HOW_TO_READ = """
**Class mix**: other shares of classes. **View**: projections that the internal test lacks. **Thresholds**: what a refit
on local patients wins back. **What remains**: appearance, patients and labels, not told apart here. **Carried**: the
internal threshold, used externally. Points lost are positive. Hatched: not identifiable. Dark: the largest part of at
least 2 points that lies above 0.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title("Why is it lost?", told_of(comparison.noun, _HOW_TO_READ))
    found = waterfalls(comparison)
    scales = {scale: label for scale, label in SCALES.items() if any(each.scale == scale for each in found)}
    finding = _asked_finding(found) if scales else None
    first = of_scale(found, next(iter(scales), ""), finding=finding)
    if first is not None:
        widgets.answer(text.answer(first))
        scale = url_choice("scale", "Scale", scales)
        waterfall.show(comparison, [each for each in found if (each.scale, each.finding) == (scale, finding)])
    else:
        scale = ""
        _show_why_nothing(comparison)
    rules = rows_of.rules(comparison) if holdings(comparison).is_compared else {}
    if rules:
        findings.show(comparison, rules=rules)
    metric = scale or next(iter(SCALES))
    if not local_patients.is_there(comparison, finding=finding):
        class_mix.show(comparison)
        return
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        local_patients.show(comparison, metric=metric, finding=finding)
    with right:
        class_mix.show(comparison)


def _asked_finding(found: Sequence[GapParts]) -> str | None:
    """Of which finding, where each has a waterfall of its own: what lost most comes first."""
    gaps = {each.finding: each.gap.value for each in found if each.scale in SCALES and each.finding is not None}
    for each in found:
        if each.scale == next(iter(SCALES)) and each.finding is not None:
            gaps[each.finding] = each.gap.value
    names = sorted(gaps, key=lambda name: -gaps[name])
    if len(names) > 1:
        return url_choice("finding", "Finding", names)
    return state.choose("finding", "the finding", names, default=names[0]) if names else None


def _show_why_nothing(comparison: Comparison) -> None:
    declared, held = primary(comparison), holdings(comparison)
    findings_in_run = len(runs.classes(comparison.run))
    widgets.answer(text.why_nothing(comparison, held=held, declared=declared, findings=findings_in_run))
    if held.is_compared and declared is not None and not declared.is_under(comparison):
        st.button(
            "Show it under these policies",
            key="declared",
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=state.go,
            args=({f"{side.name.lower()}_policy": policy for side, policy in declared.policies.items()},),
        )
