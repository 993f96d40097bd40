"""A filter of cases, in words."""

from collections.abc import Sequence

from dashboard import words
from dashboard.notation import counted, percent
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import CaseCounts
from dashboard.text.case_captions import OUTCOMES

SURE = (90, 100)
"""Percents from which on a model is said to be sure."""

_MEMBERS = {"agree": "members agree", "differ": "members differ"}


def phrases(wanted: CaseFilter, *, wrong: str = "answered wrong", right: str = "answered right") -> list[str]:
    """What lets not all images pass, plain text, a few words each: ``Cardiomegaly``, ``answered wrong``.

    Args:
        wanted: The filter.
        wrong: How it is said that the answer was wrong.
        right: How it is said that it was right.
    """
    answered = f"predicted {_either(wanted.predicted)}" if wanted.predicted else ""
    if wanted.true and wanted.true == wanted.predicted and len(wanted.true) == 1:
        answered = "recognized"
    elif wanted.true and wanted.predicted:
        answered = f"taken for {_either(wanted.predicted)}"
    return [
        *filter(
            None,
            (
                wanted.finding or "",
                _either([OUTCOMES[outcome] for outcome in wanted.outcome]),
                _either(wanted.true),
                answered,
                {"wrong": wrong, "right": right}.get(wanted.got or "", ""),
                _between(wanted),
                _MEMBERS.get(wanted.members or "", ""),
                _either([words.view(code) for code in wanted.view]),
                _either([words.stratum(f"sex={code}") for code in wanted.sex]),
                _either([words.stratum(f"age={band}") for band in wanted.age]),
            ),
        ),
        *(f"{name} {_either(values)}" for name, values in wanted.attributes),
        *(["one id"] if wanted.id else []),
    ]


def answer(counts: CaseCounts, *, sure: CaseCounts | None, wanted: CaseFilter, noun: str = "image") -> str:
    """How many images a filter holds and which, how many went wrong, and on how many of those the model was sure.

    Args:
        counts: What the filter holds.
        sure: Its part where the model gave at least `SURE` to its answer; None if the filter is by confidence.
        wanted: The filter.
        noun: What is counted.
    """
    images = counted(counts.test, f"{wanted.at} {noun}")
    told = phrases(wanted)
    if not told:
        if not counts.wrong:
            return f"Right on all {images}."
        return f"Wrong on **{counts.wrong:,}** of {images}{_sure(sure, of='them')}."
    held = f"**{counts.cases:,}** of {images} ({percent(counts.cases / counts.test)}): {words.plain(', '.join(told))}."
    if not counts.cases or wanted.got == "right" or (wanted.true and wanted.true == wanted.predicted):
        return held
    if wanted.got == "wrong":
        return (
            held if sure is None else f"{held} On {_number(sure.wrong)} of them it was at least {SURE[0]}\u00a0% sure."
        )
    if not counts.wrong:
        return f"{held} Right on all of them."
    return f"{held} Wrong on **{counts.wrong:,}** of them{_sure(sure, of='those')}."


def of_finding(counts: CaseCounts, *, missed: int, false_alarms: int, wanted: CaseFilter, noun: str) -> str:
    """How many images tell of a finding, on how many the model is wrong, and what a filter holds of them.

    Args:
        counts: What the filter holds.
        missed: Of the whole test, what it missed.
        false_alarms: And flagged for nothing.
        wanted: The filter.
        noun: What is counted.
    """
    images = counted(counts.test, f"{wanted.at} {noun}")
    name = words.plain(wanted.finding or "")
    wrong = f"**{name}**: wrong on **{missed + false_alarms:,}** of {images}, "
    wrong += f"{missed:,} missed and {counted(false_alarms, 'false alarm')}."
    if wanted.is_open:
        return wrong
    told = [part for part in phrases(wanted) if part != wanted.finding]
    return f"{wrong} **{counts.cases:,}** of them all: {words.plain(', '.join(told))}."


def _between(wanted: CaseFilter) -> str:
    what = "confidence" if wanted.finding is None else "score"
    return "{} {} to {}\u00a0%".format(what, *wanted.confidence) if wanted.confidence else ""


def _sure(sure: CaseCounts | None, *, of: str) -> str:
    return "" if sure is None else f"; on {_number(sure.wrong)} of {of} it was at least {SURE[0]}\u00a0% sure"


def _number(images: int) -> str:
    return f"**{images:,}**" if images else "none"


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)
