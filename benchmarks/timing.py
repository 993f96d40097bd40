"""Times two ways of doing the same work against each other, in alternating rounds."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

ROUNDS = 5


class Result(TypedDict):
    """One row of the table.

    `ours` and `theirs` are medians. Where the unit is a speed, `ratio` is ours over theirs; where it is an amount of
    time or memory, theirs over ours: above 1, ours is faster or smaller. A row without an opponent has neither.
    """

    name: str
    ours: float
    theirs: float | None
    what_theirs_is: str
    unit: str
    ratio: float | None
    rounds: int


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What the machine would allow.

    Attributes:
        value: In the unit of the row.
        what: What was measured for it.
    """

    value: float
    what: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a benchmark gives.

    Attributes:
        name: Of the row.
        result: None where it cannot be measured on this machine.
        limit: None where none is measured.
        said: Why there is no result, or what else is to be known of it.
    """

    name: str
    result: Result | None
    limit: Limit | None = None
    said: str = ""


def compare(
    name: str,
    *,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    what_theirs_is: str,
    amount_ours: int,
    amount_theirs: int | None = None,
    unit: str = "images/s",
    rounds: int = ROUNDS,
) -> Result:
    """Runs both once to warm up, then in turn, and compares their median speeds.

    Args:
        name: Of the benchmark, snake case.
        ours: Does `amount_ours` units of work.
        theirs: Does `amount_theirs` units of the same work in the usual way.
        what_theirs_is: The usual way, in a few words.
        amount_ours: Units of work, such as images, in one call of `ours`.
        amount_theirs: The same for `theirs`; None: as many as ours. Fewer keeps a slow rival from taking minutes.
        unit: What the speeds count.
        rounds: How often each is timed.

    Returns:
        The medians over the rounds, and their ratio.
    """
    pairs = alternating(ours, theirs, rounds=rounds)
    our_speed = amount_ours / statistics.median(pair[0] for pair in pairs)
    their_speed = (amount_theirs or amount_ours) / statistics.median(pair[1] for pair in pairs)
    return Result(
        name=name,
        ours=round(our_speed, 2),
        theirs=round(their_speed, 2),
        what_theirs_is=what_theirs_is,
        unit=unit,
        ratio=round(our_speed / their_speed, 2),
        rounds=rounds,
    )


def alternating(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = ROUNDS
) -> list[tuple[float, float]]:
    """Runs both once to warm up, then in turn: seconds of ours and of theirs in each round."""
    ours()
    theirs()
    return [(seconds(ours), seconds(theirs)) for _ in range(rounds)]


def smaller(name: str, pairs: Sequence[tuple[float, float]], *, what_theirs_is: str, unit: str) -> Result:
    """Compares medians of what had better be small: seconds, bytes.

    Args:
        name: Of the benchmark, snake case.
        pairs: Ours and theirs in each round, above 0.
        what_theirs_is: The usual way, in a few words.
        unit: Of both.
    """
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Result(
        name=name,
        ours=round(ours, 2),
        theirs=round(theirs, 2),
        what_theirs_is=what_theirs_is,
        unit=unit,
        ratio=round(theirs / ours, 2),
        rounds=len(pairs),
    )


def alone(name: str, value: float, *, unit: str, rounds: int) -> Result:
    """A row that stands against a goal alone."""
    return Result(name=name, ours=round(value, 3), theirs=None, what_theirs_is="", unit=unit, ratio=None, rounds=rounds)


def seconds(work: Callable[[], object]) -> float:
    """What one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
