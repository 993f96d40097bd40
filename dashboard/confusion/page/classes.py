"""The matrix of true by predicted classes, where an image has one of each."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import image_grid, palette, state, widgets
from dashboard.asked_cases import WHAT, asked_side
from dashboard.components.picture_menu import Drawing, with_menu
from dashboard.confusion import text
from dashboard.confusion.data import table
from dashboard.confusion.data.counts import Confusion, confusion
from dashboard.confusion.data.pick import Pick, asked_pick
from dashboard.confusion.figures import cells
from dashboard.confusion.figures.matrix import matrix
from dashboard.confusion.figures.matrix.drawing import drawn
from dashboard.confusion.figures.matrix.grid import Grid
from dashboard.confusion.page import gallery
from dashboard.notation import told_of
from dashboard.palette import LIGHT, Palette
from dashboard.results import runs
from dashboard.results.class_cases import Case, cases
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import CrossTable, Download
from dashboard.results.holdings import holdings
from dashboard.results.runs import was_trained_on
from dashboard.results.side import Side
from dashboard.text import case_captions
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_SHOWN_OF_ONE = {"share": "share of row", "column": "share of column", "counts": "counts"}
_SHOWN = {**_SHOWN_OF_ONE, "difference": "difference"}
_DRAW = {"share": cells.shares, "column": cells.columns, "counts": cells.counts}

_HOW_TO_READ_OF_ONE = """
A row holds the images of one true class, a column what was predicted; outlined cells are right. On the diagonal, a
**share of row** is recall, a **share of column** precision. Fewer than 30 images stay counts. Click a cell for its
images.
"""

_HOW_TO_READ = f"""
{_HOW_TO_READ_OF_ONE.strip()} **difference**: internal minus external share of row, gray where its 95 % interval holds
0.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    tests = comparison.tests
    found = {side: confusion(comparison, side) for side in tests}
    filled = {side: each for side, each in found.items() if each.images}
    read = _HOW_TO_READ if len(filled) == len(Side) else _HOW_TO_READ_OF_ONE
    widgets.title("What is taken for what?", how_to_read=told_of(comparison.noun, read))
    widgets.answer(text.answer(found))
    shown = _show_choice(list(filled))
    classes = runs.classes(comparison.run)
    pick = _asked_pick(filled, classes)

    def grids(colors: Palette) -> list[Grid]:
        if shown == "difference":
            return [cells.difference(filled[Side.INTERNAL], filled[Side.EXTERNAL], palette=colors)]
        sides = tests if holdings(comparison).is_alone else Side
        return [_grid(comparison, side, shown, found=filled.get(side), colors=colors) for side in sides]

    source = of_tests(
        comparison,
        name=f"confusion_{shown}",
        title=f"Confusion: {_SHOWN[shown]}",
        n={side: each.images for side, each in filled.items()},
    )
    with with_menu(Drawing(svg=lambda: drawn(grids(LIGHT))), key="matrix", source=source):
        matrix(
            grids(palette.current()),
            key="matrix",
            picked=pick,
            on_pick=lambda cell: state.go(cell.address(classes)),
        )
    _offer(comparison, list(filled))
    if pick is not None:
        _show_images(comparison, pick, found=filled[pick.side], test=tests[pick.side])


def _show_choice(sides: Sequence[Side]) -> str:
    return url_choice("show", "Values of the cells", _SHOWN if len(sides) == len(Side) else _SHOWN_OF_ONE)


def _asked_pick(found: Mapping[Side, Confusion], classes: Sequence[str]) -> Pick | None:
    side = asked_side(list(found)) if state.asked("at") is not None else None
    true = state.choose("true", WHAT["true"], classes, default="")
    predicted = state.choose("as", WHAT["as"], classes, default="")
    if bool(true) != bool(predicted):
        key = "true" if true else "as"
        state.miss(key, f"{WHAT[key]} {state.quoted(true or predicted)} alone, which is no cell")
    if state.missed():
        return None
    return asked_pick(found, side=side, cell=(true, predicted) if true else None)


def _offer(comparison: Comparison, sides: Sequence[Side]) -> None:
    widgets.download(
        Download(
            run=comparison.run.name,
            name="confusion_matrix",
            holds=told_of(
                comparison.noun, "Images of each class by the class that was predicted, with their share of the class"
            ),
            rows=lambda: table.matrix_rows(comparison, sides),
            layout=CrossTable(down=("role", "class", "n"), across="predicted", cell="share"),
        )
    )


def _grid(comparison: Comparison, side: Side, shown: str, *, found: Confusion | None, colors: Palette) -> Grid:
    test = comparison.test(side)
    if test is None:
        return cells.empty_grid(side=side, why=text.NO_EXTERNAL, palette=colors)
    if found is None:
        why = text.TRAINED_ON_ALL if was_trained_on(comparison.run, test) else told_of(test.noun, text.NO_IMAGES)
        return cells.empty_grid(side=side, why=why, palette=colors)
    return _DRAW[shown](found, side=side, dataset=test.site, palette=colors)


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
    listed = cases(comparison.run, test, wanted, offset=0, limit=gallery.SHOWN)
    tiles = [_tile(case) for case in listed]
    true, predicted = found.classes[pick.true], found.classes[pick.predicted]
    source = of_tests(
        comparison,
        name=f"confusion_images_{true}_as_{predicted}",
        title=f"{true} taken for {predicted}, most confident first",
        n={pick.side: found.counts[pick.true][pick.predicted]},
    )
    gallery.show_images(comparison, tiles, source=source, wanted=wanted.address())


def _tile(case: Case) -> image_grid.Tile:
    return image_grid.Tile(
        key=case.key,
        strong=f"{case_captions.sure(case.confidence)} {case.predicted}",
        soft="" if case.is_right else f"\n{case_captions.sure(case.of_true)} {case.true}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )
