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
from dashboard.results.downloads import CrossTable, Download
from dashboard.results.runs import was_trained_on
from dashboard.results.side import Side
from dashboard.text import case_captions
from dashboard.text.policies import policy_rules
from dashboard.url_choice import url_choice

_IMAGES = 10

_SHOWN_OF_ONE = {"share": "share of row", "counts": "counts"}
_SHOWN = {**_SHOWN_OF_ONE, "difference": "difference"}

_HOW_TO_READ = """
A row holds the images of one true class, as the label policy says it; a column, what the model predicted. Outlined
cells are right answers. **share of row**: of the images of this class, how many got this answer. **difference**: that
external share minus the internal one, in points.

A click or Enter on a cell shows its images; arrow keys lead from cell to cell. A row of fewer than 30 images is too few
for shares: it shows counts, in gray; several images of one patient count as fewer. In brackets: the 95 % interval over
patients, or over images where patients are not recorded, by bootstrap; in closed form where a cell has few.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    tests = comparison.tests
    found = {side: confusion(comparison, side) for side in tests}
    filled = {side: each for side, each in found.items() if each.images}
    widgets.title("What is taken for what?", how_to_read=_HOW_TO_READ, extra=policy_rules(comparison))
    widgets.answer(text.answer(found))
    shown = _show_choice(list(filled))
    classes = runs.classes(comparison.run)
    pick = asked_pick(filled, CaseFilter.from_address(state.asked, classes=classes))
    if shown == "difference":
        grids = [cells.difference(filled[Side.INTERNAL], filled[Side.EXTERNAL], palette=palette.current())]
    else:
        grids = [_grid(comparison, side, shown, found=filled.get(side)) for side in Side]
    matrix(grids, key="matrix", picked=pick, on_pick=lambda cell: state.go(cell.address(classes)))
    _offer(comparison, list(filled))
    if pick is not None:
        _show_images(comparison, pick, found=filled[pick.side], test=tests[pick.side])


def _show_choice(sides: Sequence[Side]) -> str:
    return url_choice("show", "What the cells show", _SHOWN if len(sides) == len(Side) else _SHOWN_OF_ONE)


def _offer(comparison: Comparison, sides: Sequence[Side]) -> None:
    widgets.download(
        Download(
            run=comparison.run.name,
            name="confusion_matrix",
            holds="Images of each class by the class that was predicted, with their share of the class",
            rows=lambda: table.matrix_rows(comparison, sides),
            layout=CrossTable(down=("role", "class", "n"), across="predicted", cell="share"),
        )
    )


def _grid(comparison: Comparison, side: Side, shown: str, *, found: Confusion | None) -> Grid:
    test, colours = comparison.test(side), palette.current()
    if test is None:
        return cells.empty_grid(side=side, why=text.NO_EXTERNAL, palette=colours)
    if found is None:
        why = text.TRAINED_ON_ALL if was_trained_on(comparison.run, test) else text.NO_IMAGES
        return cells.empty_grid(side=side, why=why, palette=colours)
    draw = cells.counts if shown == "counts" else cells.shares
    return draw(found, side=side, dataset=test.site, palette=colours)


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
        strong=case_captions.sure(case.confidence),
        soft="" if case.is_right else f"true {case_captions.sure(case.of_true)}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )
