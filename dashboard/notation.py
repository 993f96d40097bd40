"""Numbers as they are stored and as they are written: shares in percent, scores as decimals, and their intervals."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cxr_core.evaluation.estimates import ESTIMABLE
from cxr_core.statistics.shares import Share

Spread = Literal["interval", "range"]

Unit = Literal["share", "score"]
"""How a number is written. ``share``: of images, or a mean of such shares, in percent with one decimal. ``score``:
AUROC, average precision and F1, as a decimal of three digits. A difference: percentage points, or such a decimal."""

NOT_ESTIMABLE = "not estimable"

FEWEST = ESTIMABLE
"""Images, as their patients count, below which what rests on them is not shown as a number."""

MANY = 8
"""So many names stand side by side, or in a sentence; of more the first are named and the rest counted."""

_NAMED = 5
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUS = "\u2212"
_IMAGES = re.compile(r"\b(?:(?P<article>[Aa])n )?(?P<first>[Ii])mage(?P<many>s?)\b")
_PERCENT = "\u00a0%"


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A share, or a difference of shares.

    Attributes:
        value: In [0, 1], a difference in [-1, 1]; NaN where it is not defined.
        low: Lower end of what `spread` says; NaN where there is none.
        high: Upper end.
        n: Images that it rests on; 0 where that is not one number, as for a difference.
        estimable: False if it rests on too few images to be read as a number.
        spread: ``interval``: 95 %, over patients. ``range``: from the lowest to the highest member.
        n_effective: What those images count as, since several of one patient count as fewer; NaN where it is not known.
        unit: How it is written.
    """

    value: float
    low: float
    high: float
    n: int
    estimable: bool
    spread: Spread = "interval"
    n_effective: float = math.nan
    unit: Unit = "share"

    @property
    def is_number(self) -> bool:
        """Whether the value may be shown as one."""
        return self.estimable and not math.isnan(self.value)


def estimate_of(share: Share, *, n: int) -> Estimate:
    """A share of the library as pages show it; not estimable below 30 images, as patients count.

    Args:
        share: With its interval over patients.
        n: Images that it rests on.
    """
    return Estimate(
        value=share.value,
        low=share.interval.low,
        high=share.interval.high,
        n=n,
        n_effective=share.n_effective,
        estimable=share.n_effective >= FEWEST,
    )


def percent(share: float) -> str:
    """``25.3 %`` for 0.253; the space does not break."""
    return f"{points(share)}{_PERCENT}"


def probability(share: float) -> str:
    """``99.8 %``; ``> 99.9 %`` and ``< 0.1 %`` where one decimal would make it certain; of NaN that there is none."""
    if math.isnan(share):
        return "no probability"
    text = points(share)
    return {"100.0": ">\u00a099.9", "0.0": "<\u00a00.1"}.get(text, text) + _PERCENT


def points(difference: float) -> str:
    """``38.0`` for 0.38, with a real minus sign: percentage points, one decimal."""
    text = f"{100 * difference:.1f}"
    return text.removeprefix("-") if text == "-0.0" else text.replace("-", _MINUS)


def decimal(score: float) -> str:
    """``0.839``, with a real minus sign."""
    text = f"{score:.3f}"
    return text.removeprefix("-") if text == "-0.000" else text.replace("-", _MINUS)


def bare(value: float, *, unit: Unit) -> str:
    """``25.3`` or ``0.839``: a number of a unit without its sign, where that stands elsewhere."""
    return points(value) if unit == "share" else decimal(value)


def amount(estimate: Estimate) -> str:
    """``25.3 %``, ``0.839``."""
    return percent(estimate.value) if estimate.unit == "share" else decimal(estimate.value)


def difference(estimate: Estimate) -> str:
    """``38.0 points``, ``0.112``: of a difference."""
    return f"{points(estimate.value)} points" if estimate.unit == "share" else decimal(estimate.value)


def whole(share: float) -> str:
    """``25`` for 0.253, where there is no room for more; ``<1`` for what would be 0 and is not."""
    text = f"{100 * share:.0f}".removeprefix("-")
    said = "<1" if text == "0" and share else text
    return said if share >= 0 else f"{_MINUS}{said}"


def bracket(estimate: Estimate) -> str:
    """``[24.8, 25.8]``, ``[0.792, 0.881]``, or ``23.1 to 25.9`` for a range of members; empty where neither is."""
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return ""
    low, high = (bare(end, unit=estimate.unit) for end in (estimate.low, estimate.high))
    return f"{low} to {high}" if estimate.spread == "range" else f"[{low}, {high}]"


def resting_on(estimate: Estimate, *, n: int | None = None, noun: str = "image") -> str:
    """``12 images``; ``41 images, counting as 12.3`` where several are of one patient, or not all of them count.

    Args:
        estimate: A number that is not estimable.
        n: What it rests on; None: its images.
        noun: What those are.
    """
    return counting(estimate.n if n is None else n, worth=estimate.n_effective, noun=noun)


def counting(n: int, *, worth: float, noun: str = "image") -> str:
    """``12 images``; ``41 images, counting as 12.3`` where several are of one patient, or not all of them count.

    Args:
        n: How many there are.
        worth: What they count as; NaN where it is not known.
        noun: What they are.
    """
    said = counted(n, noun)
    return said if math.isnan(worth) or round(worth, 1) == n else f"{said}, counting as {worth:.1f}"


def first_of(names: Sequence[str]) -> list[str]:
    """All names; of many the first, and how many more there are."""
    return list(names) if len(names) <= MANY else [*names[:_NAMED], f"{len(names) - _NAMED:,} more"]


def in_words(n: int) -> str:
    """``six``; from eleven on in figures."""
    return _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"


def counted(n: int, noun: str) -> str:
    """``1 image``, ``29,842 images``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {plural(noun)}"


def told_of(noun: str, text: str) -> str:
    """What is written about images, told of studies where these are what is counted.

    Args:
        noun: What is counted: ``image``, or ``study``.
        text: Written here: a dataset or a finding of a file may have any name.
    """
    if noun == "image":
        return text

    def told(found: re.Match[str]) -> str:
        said = plural(noun) if found["many"] else noun
        article = f"{found['article']} " if found["article"] else ""
        return f"{article}{said.capitalize() if found['first'] == 'I' else said}"

    return _IMAGES.sub(told, text)


def plural(noun: str) -> str:
    """``images``, ``studies``, ``classes``."""
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"
