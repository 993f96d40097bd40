"""Times two ways of doing the same work against each other, in alternating rounds."""

import statistics
import time
from collections.abc import Callable
from typing import TypedDict


class Result(TypedDict):
    """One row of the table. `ours` and `theirs` are medians of amount per second; `ratio` is ours over theirs."""

    name: str
    ours: float
    theirs: float
    what_theirs_is: str
    unit: str
    ratio: float
    rounds: int


def compare(
    name: str,
    *,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    what_theirs_is: str,
    amount_ours: int,
    amount_theirs: int | None = None,
    unit: str = "images/s",
    rounds: int = 5,
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
    ours()
    theirs()
    pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
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


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
