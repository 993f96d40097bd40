"""Confusion matrices side by side, of buttons: a click, or Enter, picks a cell; arrow keys move through all of them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import streamlit as st

from dashboard.components.load import load
from dashboard.confusion.data.pick import Pick
from dashboard.confusion.figures.matrix.grid import Grid

_HTML = '<div class="matrices"></div>'


def matrix(grids: Sequence[Grid], *, key: str, picked: Pick | None, on_pick: Callable[[Pick], None]) -> None:
    """Draws the matrices.

    Args:
        grids: One or two, from the left.
        key: Of the widget, one on a page.
        picked: The cell that is shown as pressed.
        on_pick: Called with the cell that was clicked, before the next run of the script.
    """
    cells = [
        Pick(side=grid.side, true=i, predicted=j)
        for grid in grids
        for i, row in enumerate(grid.rows)
        for j, _ in enumerate(row.cells)
    ]
    known = {_id(cell): cell for cell in cells}

    def clicked() -> None:
        target = st.session_state[key].picked
        if target in known:
            on_pick(known[target])

    load(__name__, html=_HTML, shared=("element",))(
        key=key,
        data={"grids": [asdict(grid) for grid in grids], "picked": None if picked is None else _id(picked)},
        on_picked_change=clicked,
    )


def _id(cell: Pick) -> str:
    return f"{cell.side}-{cell.true}-{cell.predicted}"
