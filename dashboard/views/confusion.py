"""Confusion: what is taken for what?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import palette, state, tiles, widgets, words
from dashboard.components.matrix import drawn, matrix
from dashboard.components.matrix.grid import Grid
from dashboard.queries import runs
from dashboard.queries.cases.filter import CaseFilter
from dashboard.queries.cases.listed import Case, cases
from dashboard.queries.confusion import table
from dashboard.queries.confusion.counts import Confusion, confusion, was_trained_on
from dashboard.queries.confusion.pick import Pick, asked_pick
from dashboard.queries.predictions import Predictions, Side
from dashboard.sentences import cases as captions
from dashboard.sentences import confusion as sentences
from dashboard.sentences.overview import policy_rule
from dashboard.state import Place

_IMAGES = 10

_SIDES: tuple[Side, ...] = ("home", "abroad")

_SHOWN_OF_ONE = {"share": "share of row", "counts": "counts"}
_SHOWN = {**_SHOWN_OF_ONE, "difference": "difference"}

_HOW_TO_READ = """
A row holds the images of one true class, as the label policy says it; a column, what the model predicted. Outlined
cells are right answers. **share of row**: of the images of this class, how many got this answer. **difference**: that
share abroad minus at home, in points.

A click or Enter on a cell shows its images; arrow keys lead from cell to cell. A row of fewer than 30 images is too few
for shares: it shows counts, in gray; several images of one patient count as fewer. In brackets: the 95 % interval over
patients, or over images where patients are not recorded.
"""


def show(place: Place) -> None:
    """Draws the page."""
    tests = {side: test for side in _SIDES if (test := place.test(side)) is not None}
    found = {side: confusion(place.run, test) for side, test in tests.items()}
    filled = {side: each for side, each in found.items() if each.images}
    widgets.title("What is taken for what?", how_to_read=_HOW_TO_READ, extra=_rules(place, tests))
    st.markdown(sentences.answer(home=found.get("home"), abroad=found.get("abroad")))
    shown = _show_choice(place, [tests[side] for side in filled])
    classes = runs.classes(place.run)
    pick = asked_pick(filled, CaseFilter.from_address(state.asked, classes=classes))
    if shown == "difference":
        grids = [drawn.difference(filled["home"], filled["abroad"], palette=palette.current())]
    else:
        grids = [_grid(place, side, shown, found=filled.get(side)) for side in _SIDES]
    matrix(grids, key="matrix", picked=pick, on_pick=lambda cell: state.go(cell.address(classes)))
    if pick is not None:
        _show_images(place, pick, found=filled[pick.side], test=tests[pick.side])


def _show_choice(place: Place, tests: Sequence[Predictions]) -> str:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        shown = widgets.choice("show", "What the cells show", _SHOWN if len(tests) == len(_SIDES) else _SHOWN_OF_ONE)
        widgets.download(
            "Download as a table",
            lambda: widgets.csv_of(table.rows(place.run, tests)),
            file_name=f"{place.run.name}_confusion.csv",
        )
    return shown


def _grid(place: Place, side: Side, shown: str, *, found: Confusion | None) -> Grid:
    test, colours = place.test(side), palette.current()
    if test is None:
        return drawn.absent(side=side, why=sentences.NO_EXTERNAL, palette=colours)
    if found is None:
        why = sentences.TRAINED_ON_ALL if was_trained_on(place.run, test) else sentences.NO_IMAGES
        return drawn.absent(side=side, why=why, palette=colours)
    draw = drawn.counts if shown == "counts" else drawn.shares
    return draw(found, side=side, dataset=words.dataset(test.dataset), palette=colours)


def _show_images(place: Place, pick: Pick, *, found: Confusion, test: Predictions) -> None:
    wanted = pick.cases(found.classes)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(sentences.chosen(found, side=pick.side, true=pick.true, predicted=pick.predicted), width="content")
        if found.counts[pick.true][pick.predicted]:
            st.button(
                "All in Cases",
                key="all_in_cases",
                type="tertiary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=state.open_page,
                args=("cases", place.address(), wanted.address()),
            )
    listed = cases(place.run, test, wanted, offset=0, limit=_IMAGES)
    tiles.show(
        place,
        [_tile(case) for case in listed],
        key="cell_images",
        columns=_IMAGES,
        saliency="hover",
        link={"from": "confusion", **wanted.address(), "show": state.asked("show")},
    )


def _tile(case: Case) -> tiles.Tile:
    return tiles.Tile(
        key=case.key,
        strong=captions.sure(case.confidence),
        soft="" if case.is_right else f"true {captions.sure(case.of_true)}",
        alt=captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )


def _rules(place: Place, tests: Mapping[Side, Predictions]) -> list[str]:
    return [
        policy_rule(
            dataset=test.dataset,
            policy=test.policy,
            rule=runs.policy_rule(place.run, dataset=test.dataset, policy=test.policy),
        )
        for test in tests.values()
    ]
