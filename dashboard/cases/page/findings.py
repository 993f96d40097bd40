"""The list where the model says of each finding whether it is there: its filters, its tiles, its download."""

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
from dashboard.results.case_filter import OUTCOMES
from dashboard.results.case_list import PER_PAGE, CaseCounts
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.finding_cases import FindingCase, finding_case_rows, finding_cases
from dashboard.results.holdings import holdings
from dashboard.results.two_by_two import most_changed_first, two_by_twos
from dashboard.text import case_captions, case_filters
from dashboard.url_choice import url_choice

HOW_TO_READ = """
Of one finding at its threshold: **true positive** and **missed**: present, flagged or not; **false alarm** and **true
negative**: absent, flagged or not. Under an image: its score, its outcome, the members whose own score reaches the
threshold. The list begins with what is wrong and farthest from it. Beside an option: how many images it would leave.
"""

_SORTS = {"highest": "highest score", "lowest": "lowest score", "nearest": "nearest to the threshold", **MOST_DISPUTED}
_WRONG_FIRST = "wrong first, farthest from the threshold"
_WRONG_FIRST_BY_FLAG = "wrong first"


def show_filters(comparison: Comparison, asked: AskedCases) -> None:
    """Draws what the list can be narrowed by."""
    finding = asked.wanted.finding
    sides = list(tests_with_cases(comparison, finding=finding))
    first = st.columns([1.1, 1.2, 1.8, 1.4], vertical_alignment="bottom")
    with first[0]:
        url_choice(
            "at", "Test", {side: str(side) for side in sides}, default=first_side(sides), clears=PART, what=WHAT["at"]
        )
    with first[1]:
        names = {name: name for name in most_changed_first(comparison)}
        url_choice("finding", "finding", names, clears=(*PART, "outcome"), look="field", what=WHAT["finding"])
    with first[2]:
        found = asked.options.of("outcome")
        labels: dict[str, str] = {
            each: text.option(case_captions.OUTCOMES[each], found[each]) for each in OUTCOMES if each in found
        }
        pick_several("outcome", labels)
    has_scores = holdings(comparison).has_scores
    with first[3]:
        usual = _WRONG_FIRST if has_scores else _WRONG_FIRST_BY_FLAG
        show_order({ANY: usual, **{key: label for key, label in _SORTS.items() if key in asked.sorts}})
    places = iter(st.columns(WIDTHS, vertical_alignment="bottom"))
    if has_scores:
        with next(places):
            show_confidence(asked.wanted, label="score")
    if asked.options.has_members:
        with next(places):
            pick_one("members", MEMBERS)
    for key, labels in rest(asked).items():
        with next(places):
            pick_several(key, labels)
    show_attributes(asked)


def answer(comparison: Comparison, asked: AskedCases, counts: CaseCounts) -> str:
    """How many of the test are wrong, and what the filter holds."""
    tables = two_by_twos(comparison, asked.wanted.at)
    found = next(table.counts for table in tables if table.finding == asked.wanted.finding)
    return case_filters.of_finding(
        counts,
        missed=found["missed"],
        false_alarms=found["false_alarm"],
        wanted=asked.wanted,
        noun=asked.test.noun,
    )


def tiles(comparison: Comparison, asked: AskedCases, *, offset: int) -> list[image_grid.Tile]:
    """A part of the list."""
    listed = finding_cases(comparison.run, asked.test, asked.wanted, offset=offset, limit=PER_PAGE)
    return [tile(case) for case in listed]


def tile(case: FindingCase) -> image_grid.Tile:
    """One image with its score and what came of it."""
    return image_grid.Tile(
        key=case.key,
        strong=case_captions.scored(case),
        soft="\n".join(filter(None, (case_captions.OUTCOMES[case.outcome], case_captions.agreeing(case)))),
        alt=case_captions.finding_described(case),
        mark="right" if case.is_right else "wrong",
        saliency_of=case.finding,
    )


def download(comparison: Comparison, asked: AskedCases) -> Download:
    """The whole list."""
    return Download(
        run=comparison.run.name,
        name="cases_finding",
        of=f"{asked.wanted.finding}_{asked.wanted.at}",
        holds=f"Every {asked.test.noun} of this list, with what the model makes of the finding",
        rows=lambda: finding_case_rows(comparison.run, asked.test, asked.wanted),
    )
