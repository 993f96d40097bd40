"""Why it is lost, in a sentence; and why nothing can be said of it."""

from dashboard import words
from dashboard.notation import counted, difference, told_of
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import Holdings
from dashboard.results.primary import PrimaryComparison
from dashboard.results.waterfalls import GapParts
from dashboard.text.causes import SCALES, term
from dashboard.text.gaps import gap, gray, missing
from dashboard.words import listed, plain

_MANY_FINDINGS = 10
_OLD = "This run was made before gaps were taken apart: make it again, or score it anew with"
_FOLDS = "In folds each network held out other images, so that no one set of answers can be taken apart."
_TOO_FEW = (
    "The two tests have no two classes in common with at least ten images each, so the gap cannot be taken apart."
)


def answer(found: GapParts) -> str:
    """The gap, and the largest of its parts, Markdown.

    Args:
        found: On the scale that counts classes alike.
    """
    whose = "" if found.finding is None else f" of **{plain(found.finding)}**"
    metric = f"{SCALES.get(found.scale, found.scale)}{whose}"
    said = _parts(found)
    if found.gap.low > 0:
        return f"Of the **{difference(found.gap)}**{gray(found.gap)} of {metric} lost, {said}."
    return f"{metric[:1].upper()}{metric[1:]}: {gap(found.gap)}; {said}."


def of_many(findings: int) -> str:
    """Why a run of many findings has no waterfall of each."""
    return (
        f"With {counted(findings, 'finding')} no gap is taken apart part by part: each finding's is below, by its "
        "threshold and its ranking."
    )


def why_nothing(comparison: Comparison, *, held: Holdings, declared: PrimaryComparison | None, findings: int) -> str:
    """Why no gap is taken apart, a plain sentence in Markdown.

    Args:
        comparison: What the page is about.
        held: What the run holds of it.
        declared: What the run declared; None where it was made before there was such a thing.
        findings: How many classes it has.
    """
    if not held.is_compared:
        return missing(held.tests)
    reasons = (
        (declared is None, f"{_OLD} `{words.command('evaluate')}`."),
        (not held.has_scores, "This model gives flags alone: a gap is taken apart by scores."),
        (declared is not None and not declared.is_under(comparison), _other_policies(declared)),
        (bool(comparison.pooled), told_of(comparison.noun, _FOLDS)),
        (held.has_findings and findings > _MANY_FINDINGS, of_many(findings)),
    )
    return next((said for is_so, said in reasons if is_so), told_of(comparison.noun, _TOO_FEW))


def _other_policies(declared: PrimaryComparison | None) -> str:
    policies = {} if declared is None else declared.policies
    both = " and ".join(plain(words.policy(policy)) for policy in policies.values())
    return f"The gap is taken apart under the label policies that the run declared, {both}; others were picked above."


def _parts(found: GapParts) -> str:
    if not found.named:
        return "nothing is named: no part is at least 2 points with an interval above 0"
    first, *others = found.named
    said = f"the largest part is {_part(found, first)}"
    return f"{said}, then {listed([_part(found, name, is_bold=False) for name in others])}" if others else said


def _part(found: GapParts, name: str, *, is_bold: bool = True) -> str:
    label, value = plain(term(found, name)), difference(found.terms[name])
    said = f"**{label}**, **{value}**" if is_bold else f"{label}, {value}"
    return f"{said}{gray(found.terms[name])}"
