"""Ways from the findings to their images: one click to what was missed, and to what was flagged for nothing."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.notation import plural
from dashboard.overview.data.findings import FindingScores
from dashboard.overview.text import findings as text
from dashboard.results.case_filter import CaseFilter, Outcome, surest_first
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import Holdings
from dashboard.results.side import Side

_WRONG: tuple[Outcome, ...] = ("missed", "false_alarm")


def show(comparison: Comparison, found: Sequence[FindingScores], held: Holdings) -> None:
    """Draws them: for the first finding that its site labels, and to all images.

    Args:
        comparison: Of which images.
        found: The findings, from the top.
        held: What there is.
    """
    side = Side.EXTERNAL if Side.EXTERNAL in held.tests else Side.INTERNAL
    first = next((each.name for each in found if each.is_known(side)), None)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        for outcome in _WRONG if first is not None and held.is_at_threshold else ():
            wanted = CaseFilter(
                at=side, finding=first, outcome=(outcome,), sort=surest_first(outcome, has_scores=held.has_scores)
            )
            _show_way(comparison, text.way_to(str(first), outcome), outcome, wanted.address())
        _show_way(comparison, f"See the {plural(comparison.noun)}", "images", {})


def _show_way(comparison: Comparison, label: str, key: str, wanted: dict[str, str | None]) -> None:
    st.button(
        label,
        key=key,
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=state.open_page,
        args=("cases", comparison.address(), wanted),
    )
