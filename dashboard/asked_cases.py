"""The list of cases that the address asks for; what it asks for in vain is noted."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, get_args

from dashboard import state
from dashboard.address_values import parted
from dashboard.results import case_ids
from dashboard.results.case_filter import ATTRIBUTE, EVERYTHING, OUTCOMES, CaseFilter, Got, Members, Sort
from dashboard.results.case_list import case_counts
from dashboard.results.case_options import CaseOptions, case_options, values_held
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.holdings import holdings
from dashboard.results.side import Side
from dashboard.results.two_by_two import most_changed_first, two_by_twos

Choice = TypeVar("Choice", bound=str)

WHAT = {
    "true": "the true class",
    "as": "the predicted class",
    "got": "the answer",
    "conf": "the confidence",
    "members": "the agreement of members",
    "view": "the view",
    "sex": "the sex",
    "age": "the age",
    "sort": "the order",
    "at": "the test",
    "finding": "the finding",
    "outcome": "the outcome",
}
"""From a key of the address to what it asks for, in a sentence."""

_NUMBER_DIGITS = 3
_BY_SCORE: tuple[Sort, ...] = ("highest", "lowest", "nearest")


@dataclass(frozen=True, kw_only=True)
class AskedCases:
    """A list of cases.

    Attributes:
        test: Whose images.
        wanted: Which of them, in which order: as far as the address asks for what is here.
        options: What the filter can be changed to.
        sorts: The orders that it has.
    """

    test: TestSet
    wanted: CaseFilter
    options: CaseOptions
    sorts: tuple[Sort, ...]


def tests_with_cases(comparison: Comparison, *, finding: str | None) -> dict[Side, TestSet]:
    """The tests that hold images with an answer and a single class, or that tell of a finding."""
    return {side: test for side, test in comparison.tests.items() if _has_cases(comparison, side, test, finding)}


def asked_finding(comparison: Comparison) -> str | None:
    """The finding that the address asks for, else the one that changed most; None where an image has one answer."""
    offered = most_changed_first(comparison) if holdings(comparison).has_findings else ()
    return state.choose("finding", WHAT["finding"], offered, default=offered[0]) if offered else None


def first_side(sides: Collection[Side]) -> Side:
    """The test that is shown when none is asked for: the external one, if there is one."""
    return Side.EXTERNAL if Side.EXTERNAL in sides else next(iter(sides), Side.EXTERNAL)


def asked_side(sides: Sequence[Side]) -> Side:
    """The test that the address asks for."""
    return Side(state.choose("at", WHAT["at"], [str(side) for side in sides], default=str(first_side(sides))))


def asked_cases(comparison: Comparison) -> AskedCases | None:
    """The list that the address asks for; None if no test holds any cases."""
    finding = asked_finding(comparison)
    tests = tests_with_cases(comparison, finding=finding)
    if not tests:
        return None
    side = asked_side(list(tests))
    test = tests[side]
    whole = case_options(comparison.run, test, CaseFilter(at=side, finding=finding))
    several = {key: state.choose_several(key, WHAT[key], whole.of(key)) for key in ("true", "as", "view", "sex", "age")}
    sorts = _sorts(comparison, whole, finding=finding)
    outcomes = state.choose_several("outcome", WHAT["outcome"], whole.of("outcome"))
    confidence = state.read("conf", WHAT["conf"], percents, default=EVERYTHING)
    wanted = CaseFilter(
        at=side,
        true=several["true"],
        predicted=several["as"],
        got=_one_of("got", get_args(Got)),
        confidence=None if confidence == EVERYTHING else confidence,
        members=_one_of("members", get_args(Members) if whole.has_members else ()),
        view=several["view"],
        sex=several["sex"],
        age=several["age"],
        attributes=tuple(_asked_attributes(comparison, test, whole, finding=finding)),
        id=_asked_id(comparison),
        sort=_one_of("sort", sorts) or "confidently_wrong",
        finding=finding,
        outcome=tuple(outcome for outcome in OUTCOMES if outcome in outcomes),
    )
    counted = replace(wanted, sort="confidently_wrong")  # the order changes no count
    return AskedCases(test=test, wanted=wanted, options=case_options(comparison.run, test, counted), sorts=sorts)


def _sorts(comparison: Comparison, whole: CaseOptions, *, finding: str | None) -> tuple[Sort, ...]:
    by_score = _BY_SCORE if holdings(comparison).has_scores else ()
    disputed: tuple[Sort, ...] = ("most_disputed",) if whole.has_members else ()
    if finding is not None:
        return ("confidently_wrong", *by_score, *disputed)
    return ("confidently_wrong", "most_confident", "least_certain", *disputed)


def _has_cases(comparison: Comparison, side: Side, test: TestSet, finding: str | None) -> bool:
    """Of a finding as the run counted it: its images are looked through for the test that is shown alone."""
    if finding is not None:
        return any(table.images for table in two_by_twos(comparison, side) if table.finding == finding)
    return case_counts(comparison.run, test, CaseFilter(at=side)).test > 0


def percents(text: str) -> tuple[int, int] | None:
    """Whole percents from and to, of ``40-70``; None for anything else."""
    low, high = (state.whole_number(part, digits=_NUMBER_DIGITS) for part in (*text.split("-", 1), "")[:2])
    return (low, high) if low is not None and high is not None and low <= high <= EVERYTHING[1] else None


def _one_of(key: str, options: Sequence[Choice]) -> Choice | None:
    found = state.choose(key, WHAT[key], options, default="")
    return next((option for option in options if option == found), None)


def _asked_attributes(
    comparison: Comparison, test: TestSet, whole: CaseOptions, *, finding: str | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in state.asked_after(ATTRIBUTE):
        key, offered = f"{ATTRIBUTE}{name}", set(whole.of(f"{ATTRIBUTE}{name}"))
        text = state.asked(key) or ""
        rare = tuple(sorted({text, *parted(text)} - offered - {""}))
        held = values_held(comparison.run, test, name=name, values=rare, finding=finding) if rare else ()
        if found := state.choose_several(key, f"the attribute {name}", offered | set(held)):
            yield name, found


def _asked_id(comparison: Comparison) -> str | None:
    text = state.asked("id")
    if text is None or case_ids.images_of(comparison.run, id=text):
        return text
    state.miss("id", "an image or patient that this run does not hold")
    return None
