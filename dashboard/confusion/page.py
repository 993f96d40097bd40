"""Confusion: what is taken for what?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import image_grid, palette, state, widgets
from dashboard.confusion import text
from dashboard.confusion.data import table
from dashboard.confusion.data.counts import Confusion, confusion
from dashboard.confusion.data.pick import Pick, asked_pick
from dashboard.confusion.figures import cells
from dashboard.confusion.figures.matrix import matrix
from dashboard.confusion.figures.matrix.grid import Grid
from dashboard.results import runs
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import Case, cases
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.runs import was_trained_on
from dashboard.results.side import Side
from dashboard.text import case_captions
from dashboard.url_choice import url_choice

_IMAGES = 10

_SHOWN_OF_ONE = {"share": "share of row", "column": "share of column", "counts": "counts"}
_SHOWN = {**_SHOWN_OF_ONE, "difference": "difference"}
_DRAW = {"share": cells.shares, "column": cells.columns, "counts": cells.counts}

_HOW_TO_READ = """
A row holds the images of one true class, a column what was predicted; outlined cells are right. On the diagonal, a
**share of row** is recall, a **share of column** precision. **difference**: internal minus external share of row; gray
where its 95 % interval holds 0. Fewer than 30 images, as patients count, stay counts. Click a cell, or press Enter, for
its images.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    tests = comparison.tests
    found = {side: confusion(comparison, side) for side in tests}
    filled = {side: each for side, each in found.items() if each.images}
    widgets.title("What is taken for what?", how_to_read=_HOW_TO_READ)
    widgets.answer(text.answer(found))
    shown = _show_choice(comparison, list(filled))
    classes = runs.classes(comparison.run)
    pick = asked_pick(filled, CaseFilter.from_address(state.asked, classes=classes))
    if shown == "difference":
        grids = [cells.difference(filled[Side.INTERNAL], filled[Side.EXTERNAL], palette=palette.current())]
    else:
        grids = [_grid(comparison, side, shown, found=filled.get(side)) for side in Side]
    matrix(grids, key="matrix", picked=pick, on_pick=lambda cell: state.go(cell.address(classes)))
    if pick is not None:
        _show_images(comparison, pick, found=filled[pick.side], test=tests[pick.side])


def _show_choice(comparison: Comparison, sides: Sequence[Side]) -> str:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        shown = url_choice("show", "What the cells show", _SHOWN if len(sides) == len(Side) else _SHOWN_OF_ONE)
        widgets.download(
            "Download as a table",
            lambda: widgets.to_csv(table.to_csv_rows(comparison, sides)),
            file_name=f"{comparison.run.name}_confusion.csv",
        )
    return shown


def _grid(comparison: Comparison, side: Side, shown: str, *, found: Confusion | None) -> Grid:
    test, colours = comparison.test(side), palette.current()
    if test is None:
        return cells.empty_grid(side=side, why=text.NO_EXTERNAL, palette=colours)
    if found is None:
        why = text.TRAINED_ON_ALL if was_trained_on(comparison.run, test) else text.NO_IMAGES
        return cells.empty_grid(side=side, why=why, palette=colours)
    return _DRAW[shown](found, side=side, dataset=test.site, palette=colours)


def _show_images(comparison: Comparison, pick: Pick, *, found: Confusion, test: TestSet) -> None:
    wanted = pick.cases(found.classes)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(text.chosen(found, side=pick.side, true=pick.true, predicted=pick.predicted), width="content")
        if found.counts[pick.true][pick.predicted]:
            st.button(
                "All in Cases",
                key="all_in_cases",
                type="tertiary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=state.open_page,
                args=("cases", comparison.address(), wanted.address()),
            )
    listed = cases(comparison.run, test, wanted, offset=0, limit=_IMAGES)
    image_grid.show(
        comparison,
        [_tile(case) for case in listed],
        key="cell_images",
        columns=_IMAGES,
        saliency="hover",
        link={"from": "confusion", **wanted.address(), "show": state.asked("show")},
    )


def _tile(case: Case) -> image_grid.Tile:
    return image_grid.Tile(
        key=case.key,
        strong=f"{case_captions.sure(case.confidence)} {case.predicted}",
        soft="" if case.is_right else f"\n{case_captions.sure(case.of_true)} {case.true}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )
