"""What findings reach at their thresholds, in words."""

from collections.abc import Collection, Mapping, Sequence

from dashboard.notation import NOT_ESTIMABLE, counted
from dashboard.performance.data.threshold import ThresholdRow
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.findings import LABELS
from dashboard.text.gaps import told

_SAID = ("recall", "specificity")


def answer(means: Mapping[str, Pair], *, is_compared: bool) -> str:
    """Sensitivity and specificity as means over findings, Markdown.

    Args:
        means: By metric, the mean over findings.
        is_compared: Whether there are both tests.
    """
    said = []
    for metric in _SAID:
        if (pair := means.get(metric)) is not None:
            internal, external = (
                None if number is None else number.estimate for number in (pair.internal, pair.external)
            )
            lost = pair.lost if is_compared else None
            said.append(told(f"Mean {LABELS[metric]}", internal, external, lost, of="findings"))
    return f"{'. '.join(said)}." if said else f"What it reaches at its thresholds is {NOT_ESTIMABLE}."


def threshold(row: ThresholdRow) -> str:
    """``0.5``; of a flag that it is one."""
    return "flag" if row.threshold is None else f"{row.threshold:.4g}"


def positives(row: ThresholdRow) -> str:
    """``54 of 351``."""
    number = next((each for each in row.numbers.values() if each.positives is not None), None)
    return "not known" if number is None or not number.estimate.n else f"{number.positives:,} of {number.estimate.n:,}"


def why(number: Number) -> str:
    """Why there is no number."""
    if not number.estimate.n:
        return "not known"
    return "undefined" if number.estimate.estimable else NOT_ESTIMABLE


def marks(sides: Collection[Side]) -> str:
    """What the marks of the tests stand for."""
    return f"{', '.join(f'{side.mark} {side.test}' for side in Side if side in sides)}."


def positive_means(rows: Sequence[ThresholdRow]) -> str:
    """What is called present, and how many findings that is."""
    findings = counted(len({row.finding for row in rows}), "finding")
    ways = {
        True: "from its threshold up",
        False: "as the model flags it",
    }
    given = {row.threshold is not None for row in rows}
    said = f"called present {' or '.join(way for is_score, way in ways.items() if is_score in given)}"
    return f"{findings[:1].upper()}{findings[1:]}, each {said}."
