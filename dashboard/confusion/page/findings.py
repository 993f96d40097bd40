"""Two-by-two tables of findings, both tests beside each other; a cell brings its images."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import image_grid, palette, state, widgets
from dashboard.asked_cases import WHAT, asked_side
from dashboard.components.picture_menu import Drawing, with_menu
from dashboard.confusion.data.finding_table import two_by_two_rows
from dashboard.confusion.data.pick import Pick
from dashboard.confusion.figures import finding_cells
from dashboard.confusion.figures.matrix import matrix
from dashboard.confusion.figures.matrix.drawing import drawn
from dashboard.confusion.figures.matrix.grid import Grid
from dashboard.confusion.page import gallery
from dashboard.confusion.text import findings as text
from dashboard.notation import told_of
from dashboard.palette import LIGHT, Palette
from dashboard.results.case_filter import OUTCOMES, CaseFilter, surest_first
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import CrossTable, Download
from dashboard.results.finding_cases import FindingCase, finding_cases
from dashboard.results.holdings import holdings
from dashboard.results.side import Side
from dashboard.results.two_by_two import TwoByTwo, changes, most_changed_first, two_by_twos
from dashboard.text import case_captions
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_SHOWN_OF_ONE = {"share": "share of row", "column": "share of column", "counts": "counts"}
_SHOWN = {**_SHOWN_OF_ONE, "difference": "difference"}

_HOW_TO_READ_OF_ONE = """
A line is the two-by-two table of a finding at its threshold. **True positive** (recall) and **missed** are shares of
the images with it, **false alarm** and **true negative** (specificity) of those without. **share of column**:
precision, negative predictive value. Click a cell for its images.
"""

_HOW_TO_READ = f"""
{_HOW_TO_READ_OF_ONE.strip()} **difference**: internal minus external share of row. What changed most comes first.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    found = {side: {each.finding: each for each in two_by_twos(comparison, side)} for side in comparison.tests}
    names = most_changed_first(comparison)
    held = holdings(comparison)
    how_to_read = told_of(comparison.noun, _HOW_TO_READ if held.is_compared else _HOW_TO_READ_OF_ONE)
    widgets.title("What is taken for what?", how_to_read=how_to_read)
    widgets.answer(text.answer(comparison, found, names))
    shown = url_choice("show", "Values of the cells", _SHOWN if held.is_compared else _SHOWN_OF_ONE)
    pick = _asked_pick(found, names)

    def grids(colors: Palette) -> list[Grid]:
        if shown == "difference":
            pairs = [(found[Side.INTERNAL][name], found[Side.EXTERNAL][name]) for name in names]
            return [finding_cells.difference(pairs, changes=changes(comparison), noun=comparison.noun, palette=colors)]
        return [
            finding_cells.grid(
                [tables[name] for name in names], test=comparison.tests[side], shown=shown, palette=colors
            )
            for side, tables in found.items()
        ]

    source = of_tests(
        comparison,
        name=f"confusion_findings_{shown}",
        title=f"Findings at their thresholds: {_SHOWN[shown]}",
        n={side: _range([tables[name].images for name in names]) for side, tables in found.items()},
    )
    with with_menu(Drawing(svg=lambda: drawn(grids(LIGHT))), key="matrix", source=source):
        matrix(
            grids(palette.current()),
            key="matrix",
            picked=pick,
            on_pick=lambda cell: state.go(_address(cell, names)),
        )
    st.caption(text.thresholds([tables[name] for tables in list(found.values())[:1] for name in names]))
    widgets.download(
        Download(
            run=comparison.run.name,
            name="confusion_findings",
            holds="Of each finding: present or absent by flagged or not, with the shares of both",
            rows=lambda: two_by_two_rows(comparison, names),
            layout=CrossTable(down=("role", "finding"), across="outcome", cell="count"),
        )
    )
    if pick is not None:
        _show_images(comparison, pick, found[pick.side][names[pick.true]])


def _range(counts: Sequence[int]) -> tuple[int, int]:
    some = [count for count in counts if count] or [0]
    return min(some), max(some)


def _address(cell: Pick, names: Sequence[str]) -> dict[str, str | None]:
    at = None if cell.side is Side.EXTERNAL else cell.side
    return {"at": at, "finding": names[cell.true], "outcome": OUTCOMES[cell.predicted]}


def _asked_pick(found: Mapping[Side, Mapping[str, TwoByTwo]], names: Sequence[str]) -> Pick | None:
    """The cell that the address asks for; else what is missed of the first finding, externally if possible."""
    if not names:
        return None
    finding = state.choose("finding", WHAT["finding"], names, default=names[0])
    sides = [side for side, tables in found.items() if tables[finding].images]
    side = asked_side(sides)
    outcome = state.choose("outcome", WHAT["outcome"], OUTCOMES, default="missed")
    if state.missed():
        return None
    places = {str(name): place for place, name in enumerate(OUTCOMES)}
    return Pick(side=side, true=names.index(finding), predicted=places[outcome])


def _show_images(comparison: Comparison, pick: Pick, table: TwoByTwo) -> None:
    outcome, test = OUTCOMES[pick.predicted], comparison.tests[pick.side]
    has_scores = holdings(comparison).has_scores
    wanted = CaseFilter(
        at=pick.side,
        finding=table.finding,
        outcome=(outcome,),
        sort=surest_first(outcome, has_scores=has_scores),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(text.chosen(table, outcome, test=test), width="content")
        if table.counts[outcome]:
            st.button(
                "All in Cases",
                key="all_in_cases",
                type="tertiary",
                icon=":material/arrow_forward:",
                icon_position="right",
                on_click=state.open_page,
                args=("cases", comparison.address(), wanted.address()),
            )
    listed = finding_cases(comparison.run, test, wanted, offset=0, limit=gallery.SHOWN)
    tiles = [_tile(case) for case in listed]
    source = of_tests(
        comparison,
        name=f"confusion_images_{table.finding}_{outcome}",
        title=f"{table.finding}: {case_captions.OUTCOMES[outcome]}",
        n={pick.side: table.counts[outcome]},
    )
    gallery.show_images(comparison, tiles, source=source, wanted=wanted.address())


def _tile(case: FindingCase) -> image_grid.Tile:
    return image_grid.Tile(
        key=case.key,
        strong=case_captions.scored(case),
        soft="",
        alt=case_captions.finding_described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.finding,
    )
