"""A part of the list: its tiles, and the way to the other parts."""

from collections.abc import Callable

import streamlit as st

from dashboard import image_grid, state
from dashboard.asked_cases import AskedCases
from dashboard.components.gallery import ShowSaliency
from dashboard.components.picture_menu import with_menu
from dashboard.notation import plural
from dashboard.results.case_list import PER_PAGE, CaseCounts
from dashboard.results.comparison import Comparison
from dashboard.text import case_filters
from dashboard.text.provenance import of_tests

_COLUMNS = 8
_DIGITS = 9
_PAGES = "parts"


def show(
    comparison: Comparison,
    asked: AskedCases,
    tiles_from: Callable[[int], list[image_grid.Tile]],
    *,
    counts: CaseCounts,
    saliency: ShowSaliency,
) -> None:
    """Draws the part that the address asks for.

    Args:
        comparison: What is shown.
        asked: The list.
        tiles_from: Makes the tiles from an offset on.
        counts: What it holds.
        saliency: When it is seen.
    """
    parts = -(-counts.cases // PER_PAGE)
    part = _asked(parts)
    tiles = tiles_from((part - 1) * PER_PAGE)
    picture = image_grid.sheet(comparison, [("", tiles)], columns=_COLUMNS, saliency=saliency)
    title = ", ".join((plural(asked.test.noun).capitalize(), *case_filters.phrases(asked.wanted)))
    source = of_tests(comparison, name="cases", title=title, n={asked.wanted.at: counts.cases})
    with with_menu(picture, key="cases", source=source):
        image_grid.show(
            comparison,
            tiles,
            key="cases",
            columns=_COLUMNS,
            saliency=saliency,
            link={"from": "cases", **asked.wanted.address()},
        )
    if parts > 1:
        if st.session_state.get(_PAGES, part) != part:
            st.session_state[_PAGES] = part
        with st.container(horizontal_alignment="center"):
            st.pagination(parts, default=part, key=_PAGES, on_change=_go)


def _asked(parts: int) -> int:
    def existing(asked: str) -> int | None:
        number = state.whole_number(asked, digits=_DIGITS)
        return number if number is not None and 1 <= number <= max(parts, 1) else None

    return state.read("part", "the page of the list", existing, default=1)


def _go() -> None:
    part = int(st.session_state[_PAGES])
    state.go({"part": None if part == 1 else str(part)})
