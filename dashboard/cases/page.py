"""Cases: which images did it get wrong?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from dashboard import image_grid, state, widgets, words
from dashboard.cases import text
from dashboard.cases.data import FilterOptions, absent_attributes, filter_options, loosened
from dashboard.results import runs
from dashboard.results.case_filter import ATTRIBUTE, CaseFilter
from dashboard.results.case_list import PER_PAGE, Case, CaseCounts, case_counts, case_rows, cases
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download
from dashboard.results.side import Side
from dashboard.text import case_captions
from dashboard.url_choice import url_choice

_COLUMNS = 8
_WIDTHS = (1.1, 1, 1, 1, 1.4)
"""Of the filters in a row."""

_PART = ("part",)
"""A part of a list that another filter makes is another part."""

_GOT = {"wrong": "wrong", "right": "right"}
_MEMBERS = {"agree": "all agree", "differ": "some differ"}
_SORTS = {"most_confident": "most confident", "least_certain": "least certain", "most_disputed": "most disputed"}
_ALL = (0, 100)
_CONFIDENCE = "confidence"
_PAGES = "parts"
_ANY = ""
"""Stands in a list for no pick; an empty choice would be told in the library's own words."""

_ANY_SORT = "most confidently wrong"

_HOW_TO_READ = """
The list opens on what went wrong in the external test, the answers that the model was most sure of first. Under an
image: a check mark or a cross, the probability of the answer, the answer, and the true class by the label policy.
Pointer or focus on an image shows where the evidence for the answer lies: bright is strong.

**confidence**: the probability of the class that was predicted. **members**: whether all members of the ensemble, each
alone, give its answer. **least certain**: the lowest probability first. **most disputed**: most members with another
answer first, then those whose probabilities lie furthest apart.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title("Which images did it get wrong?", how_to_read=_HOW_TO_READ)
    tests = _tests(comparison)
    if not tests:
        st.markdown(text.NO_TEST)
        return
    asked = CaseFilter.from_address(
        state.asked, classes=runs.classes(comparison.run), attributes=state.asked_after(ATTRIBUTE)
    )
    side = asked.at if asked.at in tests else _first(tests)
    test = tests[side]
    everything = case_counts(comparison.run, test, CaseFilter(at=side))
    sure = case_counts(comparison.run, test, CaseFilter(at=side, confidence=text.SURE))
    widgets.answer(text.answer(everything, sure=sure, side=side))
    choices = filter_options(comparison.run, test)
    wanted = choices.allowed(replace(asked, at=side))
    if absent := absent_attributes(comparison.run, test, wanted):
        widgets.warning(text.not_there(absent, side=side))
    _show_filters(choices, wanted, sides=list(tests))
    counts = case_counts(comparison.run, test, wanted)
    _show_count(comparison, test, wanted, counts=counts)
    if counts.cases:
        _show_part(comparison, test, wanted, counts=counts)


def _tests(comparison: Comparison) -> dict[Side, TestSet]:
    return {
        side: test
        for side, test in comparison.tests.items()
        if case_counts(comparison.run, test, CaseFilter(at=side)).test
    }


def _first(sides: Iterable[Side]) -> Side:
    """Which test is shown when none is asked for: the external one, if there is one."""
    return Side.EXTERNAL if Side.EXTERNAL in sides else next(iter(sides))


def _show_filters(choices: FilterOptions, wanted: CaseFilter, *, sides: Sequence[Side]) -> None:
    first = st.columns(_WIDTHS, vertical_alignment="bottom")
    second = st.columns(_WIDTHS, vertical_alignment="bottom")
    with first[0]:
        url_choice("at", "Which test", {side: str(side) for side in sides}, default=_first(sides), clears=_PART)
    always = {"true": _by_name(choices.true), "as": _by_name(choices.predicted), "got": _GOT}
    for column, (key, options) in zip(first[1:], always.items(), strict=False):
        with column:
            _pick(key, options)
    with first[4]:
        _show_confidence(wanted)
    rest = {
        "members": _MEMBERS if choices.members else {},
        "view": {code: words.view(code) for code in choices.views},
        "sex": {code: words.sex(code) for code in choices.sexes},
        "age": {band: words.stratum(f"age={band}") for band in choices.ages},
    }
    for column, (key, options) in zip(second, filter(lambda each: each[1], rest.items()), strict=False):
        with column:
            _pick(key, options)
    with second[4]:
        sorts = _SORTS if choices.members else {key: label for key, label in _SORTS.items() if key != "most_disputed"}
        url_choice("sort", "sorted by", {_ANY: _ANY_SORT, **sorts}, clears=_PART, look="field")
    offered = dict(choices.attributes)
    for name, value in wanted.attributes:
        offered[name] = tuple(sorted({*offered.get(name, ()), value}))
    for start in range(0, len(offered), len(_WIDTHS)):
        row = list(offered.items())[start : start + len(_WIDTHS)]
        for column, (name, values) in zip(st.columns(_WIDTHS), row, strict=False):
            with column:
                _pick(f"{ATTRIBUTE}{name}", {value: words.one_line(value) for value in values})


def _pick(key: str, options: Mapping[str, str]) -> None:
    url_choice(key, text.filter_name(key), {_ANY: "any", **options}, clears=_PART, look="field")


def _by_name(names: Sequence[str]) -> dict[str, str]:
    return {name: name for name in names}


def _show_confidence(wanted: CaseFilter) -> None:
    st.session_state[_CONFIDENCE] = wanted.confidence or _ALL
    st.slider(text.FILTERS["conf"], *_ALL, key=_CONFIDENCE, format="%d %%", on_change=_go_confidence)


def _go_confidence() -> None:
    low, high = st.session_state[_CONFIDENCE]
    state.go({"conf": None if (low, high) == _ALL else f"{low}-{high}", "part": None})


def _show_count(comparison: Comparison, test: TestSet, wanted: CaseFilter, *, counts: CaseCounts) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if counts.cases:
            st.markdown(text.held(counts, side=wanted.at), width="content")
            widgets.download(
                Download(
                    run=comparison.run.name,
                    name="cases_list",
                    of=wanted.at,
                    holds="Every image of this list, with what the model made of it",
                    rows=lambda: case_rows(comparison.run, test, wanted),
                ),
                what="this list",
            )
        else:
            st.markdown(text.nothing(loosened(comparison.run, test, wanted)), width="content")
        if not wanted.is_open:
            keys = dict.fromkeys((*text.FILTERS, *(f"{ATTRIBUTE}{name}" for name, _ in wanted.attributes), *_PART))
            st.button("Clear filters", type="tertiary", icon=":material/close:", on_click=state.go, args=(keys,))


def _show_part(comparison: Comparison, test: TestSet, wanted: CaseFilter, *, counts: CaseCounts) -> None:
    parts = -(-counts.cases // PER_PAGE)
    part = _asked_part(parts)
    image_grid.show(
        comparison,
        [_tile(case) for case in cases(comparison.run, test, wanted, offset=(part - 1) * PER_PAGE, limit=PER_PAGE)],
        key="cases",
        columns=_COLUMNS,
        saliency="hover",
        link={"from": "cases", **wanted.address()},
    )
    if parts > 1:
        if st.session_state.get(_PAGES, part) != part:
            st.session_state[_PAGES] = part
        with st.container(horizontal_alignment="center"):
            st.pagination(parts, default=part, key=_PAGES, on_change=_go_part)


def _asked_part(parts: int) -> int:
    asked = state.asked("part") or ""
    return min(max(int(asked), 1), parts) if asked.isdecimal() and len(asked) < 10 else 1


def _go_part() -> None:
    part = int(st.session_state[_PAGES])
    state.go({"part": None if part == 1 else str(part)})


def _tile(case: Case) -> image_grid.Tile:
    return image_grid.Tile(
        key=case.key,
        strong=case_captions.sure(case.confidence),
        soft=f"{text.short(case.predicted)}\ntrue: {text.short(case.true)}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )
