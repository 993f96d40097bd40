"""Cases: which images did it get wrong?"""

from dataclasses import replace

import streamlit as st

from dashboard import image_grid, state, widgets, words
from dashboard.asked_cases import WHAT, AskedCases, asked_cases, first_side, tests_with_cases
from dashboard.cases import text
from dashboard.cases.data import loosened
from dashboard.cases.page import findings
from dashboard.cases.page.controls import (
    ANY,
    PART,
    WIDTHS,
    pick_one,
    pick_several,
    rest,
    show_attributes,
    show_confidence,
    show_order,
)
from dashboard.components.gallery import ShowSaliency
from dashboard.components.picture_menu import with_menu
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_ids import images_of
from dashboard.results.case_list import PER_PAGE, Case, CaseCounts, case_counts, case_rows, cases
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text import case_captions, case_filters
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_COLUMNS = 8
_PART_DIGITS = 9
_GOT = {"wrong": "wrong", "right": "right"}
_MEMBERS = {"agree": "all agree", "differ": "some differ"}
_SORTS = {"most_confident": "most confident", "least_certain": "least certain", "most_disputed": "most disputed"}
_SALIENCY = {"pointer": "saliency under the pointer", "always": "saliency on all"}
_SEARCH_PX = 300
_ID = "find_id"
_PAGES = "parts"
_ANY_SORT = "most confidently wrong"

_HOW_TO_READ = """
Under an image: a check mark or a cross, the probability of the answer, the answer, and the true class by the label
policy. **confidence**: the probability of the class that was predicted. **members**: whether all of the ensemble, each
alone, give its answer; **most disputed**: most do not. Beside an option: how many images it would leave.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    has_findings = holdings(comparison).has_findings
    widgets.title("Which images did it get wrong?", how_to_read=findings.HOW_TO_READ if has_findings else _HOW_TO_READ)
    asked = asked_cases(comparison)
    if asked is None:
        st.markdown(text.NO_FINDING_TEST if has_findings else text.NO_TEST)
        return
    answer = st.empty()
    _show_filters(comparison, asked)
    if state.missed():
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            _show_search(asked.wanted)
            st.markdown(text.NO_LIST, width="content")
        return
    counts = case_counts(comparison.run, asked.test, asked.wanted)
    part = _asked_part(-(-counts.cases // PER_PAGE))
    with answer:
        widgets.answer(_answer(comparison, asked, counts))
    always = _show_actions(comparison, asked, counts=counts)
    if counts.cases:
        _show_part(comparison, asked, counts=counts, part=part, saliency=always)


def _answer(comparison: Comparison, asked: AskedCases, counts: CaseCounts) -> str:
    if asked.wanted.finding is not None:
        return findings.answer(comparison, asked, counts)
    return case_filters.answer(counts, sure=_sure(comparison, asked), wanted=asked.wanted)


def _sure(comparison: Comparison, asked: AskedCases) -> CaseCounts | None:
    if asked.wanted.confidence is not None:
        return None
    return case_counts(comparison.run, asked.test, replace(asked.wanted, confidence=case_filters.SURE))


def _show_filters(comparison: Comparison, asked: AskedCases) -> None:
    if asked.wanted.finding is not None:
        findings.show_filters(comparison, asked)
        return
    options, sides = asked.options, list(tests_with_cases(comparison, finding=None))
    first = st.columns(WIDTHS, vertical_alignment="bottom")
    second = st.columns(WIDTHS, vertical_alignment="bottom")
    with first[0]:
        url_choice(
            "at", "Test", {side: str(side) for side in sides}, default=first_side(sides), clears=PART, what=WHAT["at"]
        )
    for column, key in zip(first[1:3], ("true", "as"), strict=True):
        with column:
            pick_several(key, {name: text.option(name, images) for name, images in options.of(key).items()})
    with first[3]:
        pick_one("got", {key: text.option(label, options.of("got").get(key, 0)) for key, label in _GOT.items()})
    with first[4]:
        show_confidence(asked.wanted, label=text.FILTERS["conf"])
    places = iter(second)
    if options.has_members:
        with next(places):
            pick_one("members", _MEMBERS)
    for key, labels in rest(asked).items():
        with next(places):
            pick_several(key, labels)
    with second[4]:
        _show_order(asked)
    show_attributes(asked)


def _show_order(asked: AskedCases) -> None:
    sorts = {key: label for key, label in _SORTS.items() if asked.options.has_members or key != "most_disputed"}
    show_order({ANY: _ANY_SORT, **sorts})


def _show_actions(comparison: Comparison, asked: AskedCases, *, counts: CaseCounts) -> ShowSaliency:
    """What can be done with the list; gives when its saliency is seen."""
    saliency = "pointer"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _show_search(asked.wanted)
        if counts.cases:
            if holdings(comparison).has_saliency or asked.wanted.finding is None:
                saliency = url_choice("saliency", "Saliency", _SALIENCY)
            widgets.download(_list(comparison, asked), what="this list")
        else:
            st.markdown(text.nothing(loosened(comparison.run, asked.test, asked.wanted)), width="content")
            _show_elsewhere(comparison, asked.wanted)
        if asked.wanted.keys:
            keys = dict.fromkeys((*text.FILTERS, *asked.wanted.keys, *PART))
            st.button("Clear filters", type="tertiary", icon=":material/close:", on_click=state.go, args=(keys,))
    return "always" if saliency == "always" else "hover"


def _list(comparison: Comparison, asked: AskedCases) -> Download:
    if asked.wanted.finding is not None:
        return findings.download(comparison, asked)
    return Download(
        run=comparison.run.name,
        name="cases_list",
        of=asked.wanted.at,
        holds="Every image of this list, with what the model made of it",
        rows=lambda: case_rows(comparison.run, asked.test, asked.wanted),
    )


def _show_search(wanted: CaseFilter) -> None:
    st.session_state[_ID] = wanted.id or ""
    st.text_input(
        "image or patient id",
        key=_ID,
        type="search",
        placeholder="Find an image or patient id",
        label_visibility="collapsed",
        width=_SEARCH_PX,
        help=text.ID_HELP.format(lookup=words.command("lookup RUN ID")),
        on_change=_go_id,
    )


def _go_id() -> None:
    state.go({"id": str(st.session_state[_ID] or "").strip() or None, "part": None})


def _show_elsewhere(comparison: Comparison, wanted: CaseFilter) -> None:
    """The way to an image that the run holds and the list does not."""
    found = images_of(comparison.run, id=wanted.id) if wanted.id else ()
    if not found:
        return
    (dataset, image), *_ = found
    st.markdown(text.elsewhere(len(found), is_image=image == wanted.id), width="content")
    st.button(
        "Open the image" if image == wanted.id else "Open the first",
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=state.open_page,
        args=("image", comparison.address(), {"of": dataset, "img": image}),
    )


def _show_part(
    comparison: Comparison, asked: AskedCases, *, counts: CaseCounts, part: int, saliency: ShowSaliency
) -> None:
    tiles = _tiles(comparison, asked, offset=(part - 1) * PER_PAGE)
    picture = image_grid.sheet(comparison, [("", tiles)], columns=_COLUMNS, saliency=saliency)
    title = ", ".join(("Images", *case_filters.phrases(asked.wanted)))
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
    parts = -(-counts.cases // PER_PAGE)
    if parts > 1:
        if st.session_state.get(_PAGES, part) != part:
            st.session_state[_PAGES] = part
        with st.container(horizontal_alignment="center"):
            st.pagination(parts, default=part, key=_PAGES, on_change=_go_part)


def _tiles(comparison: Comparison, asked: AskedCases, *, offset: int) -> list[image_grid.Tile]:
    if asked.wanted.finding is not None:
        return findings.tiles(comparison, asked, offset=offset)
    listed = cases(comparison.run, asked.test, asked.wanted, offset=offset, limit=PER_PAGE)
    return [_tile(case) for case in listed]


def _asked_part(parts: int) -> int:
    def existing(asked: str) -> int | None:
        number = state.whole_number(asked, digits=_PART_DIGITS)
        return number if number is not None and 1 <= number <= max(parts, 1) else None

    return state.read("part", "the page of the list", existing, default=1)


def _go_part() -> None:
    part = int(st.session_state[_PAGES])
    state.go({"part": None if part == 1 else str(part)})


def _tile(case: Case) -> image_grid.Tile:
    return image_grid.Tile(
        key=case.key,
        strong=case_captions.sure(case.confidence),
        soft=f"{case.predicted}\ntrue: {case.true}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )
