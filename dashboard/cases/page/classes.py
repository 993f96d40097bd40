"""The list where an image has one answer: its filters, its tiles, its download."""

from dataclasses import replace

import streamlit as st

from dashboard import image_grid
from dashboard.asked_cases import WHAT, AskedCases, first_side, tests_with_cases
from dashboard.cases import text
from dashboard.cases.page.controls import (
    ANY,
    MEMBERS,
    MOST_DISPUTED,
    PART,
    WIDTHS,
    pick_one,
    pick_several,
    rest,
    show_attributes,
    show_confidence,
    show_order,
)
from dashboard.notation import told_of
from dashboard.results.case_list import PER_PAGE, CaseCounts, case_counts
from dashboard.results.class_cases import Case, case_rows, cases
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.text import case_captions, case_filters
from dashboard.url_choice import url_choice

HOW_TO_READ = """
Under an image: a check mark or a cross, the probability of the answer, the answer, and the true class by the label
policy. **confidence**: the probability of the class that was predicted. **members**: whether all of the ensemble, each
alone, give its answer; **most disputed**: most do not. Beside an option: how many images it would leave.
"""

_GOT = {"wrong": "wrong", "right": "right"}
_SORTS = {"most_confident": "most confident", "least_certain": "least certain", **MOST_DISPUTED}
_USUAL = "most confidently wrong"


def show_filters(comparison: Comparison, asked: AskedCases) -> None:
    """Draws what the list can be narrowed by."""
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
            pick_one("members", MEMBERS)
    for key, labels in rest(asked).items():
        with next(places):
            pick_several(key, labels)
    with second[4]:
        show_order({ANY: _USUAL, **{key: label for key, label in _SORTS.items() if key in asked.sorts}})
    show_attributes(asked)


def answer(comparison: Comparison, asked: AskedCases, counts: CaseCounts) -> str:
    """How many the filter holds, how many went wrong, and on how many of those the model was sure."""
    sure = None
    if asked.wanted.confidence is None:
        sure = case_counts(comparison.run, asked.test, replace(asked.wanted, confidence=case_filters.SURE))
    return case_filters.answer(counts, sure=sure, wanted=asked.wanted, noun=asked.test.noun)


def tiles(comparison: Comparison, asked: AskedCases, *, offset: int) -> list[image_grid.Tile]:
    """A part of the list."""
    return [tile(case) for case in cases(comparison.run, asked.test, asked.wanted, offset=offset, limit=PER_PAGE)]


def tile(case: Case) -> image_grid.Tile:
    """One image with its answer and its class."""
    return image_grid.Tile(
        key=case.key,
        strong=case_captions.sure(case.confidence),
        soft=f"{case.predicted}\ntrue: {case.true}",
        alt=case_captions.described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.predicted,
    )


def download(comparison: Comparison, asked: AskedCases) -> Download:
    """The whole list."""
    return Download(
        run=comparison.run.name,
        name="cases_list",
        of=asked.wanted.at,
        holds=told_of(asked.test.noun, "Every image of this list, with what the model made of it"),
        rows=lambda: case_rows(comparison.run, asked.test, asked.wanted),
    )
