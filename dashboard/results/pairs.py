"""The same number in both tests, and what is lost between them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dashboard.notation import Estimate
from dashboard.results.metrics import Kind, Number
from dashboard.results.side import Side

_ALIKE = 1e-6


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The same number in both tests.

    Attributes:
        name: Of which class, or of which group of images, as it is stored.
        internal: In the internal test; None if there is none.
        external: In the external test; None if there is none.
        lost: Internal minus external; None unless both exist.
    """

    name: str
    internal: Number | None
    external: Number | None
    lost: Estimate | None

    def of(self, side: Side) -> Number | None:
        """One of the two."""
        return self.internal if side is Side.INTERNAL else self.external

    @property
    def has_number(self) -> bool:
        """Whether either test can be shown as a number."""
        return any(found.estimate.is_number for found in self.sides.values())

    @property
    def sides(self) -> dict[Side, Number]:
        """Those that exist, internal first."""
        return {side: found for side in Side if (found := self.of(side)) is not None}


def are_alike(internal: Estimate | None, external: Estimate | None, lost: Estimate) -> bool:
    """Whether what is lost lies between these two: of averages it is over the classes that both sites have.

    Args:
        internal: In the internal test.
        external: In the external test.
        lost: Internal minus external.
    """
    if internal is None or external is None:
        return False
    return math.isclose(internal.value - external.value, lost.value, abs_tol=_ALIKE)


def by_change(found: Sequence[Pair], *, is_compared: bool) -> tuple[Pair, ...]:
    """What changed most first, in either direction; with one test the lowest first. What is not estimable comes last.

    Args:
        found: In class order, which stays among equals.
        is_compared: Whether there are both tests.
    """

    def rank(pair: Pair) -> float:
        if is_compared:
            return -abs(pair.lost.value) if pair.lost is not None and pair.lost.is_number else math.inf
        known = [number.estimate.value for number in pair.sides.values() if number.estimate.is_number]
        return min(known, default=math.inf)

    return tuple(sorted(found, key=rank))


def pairs(rows: Iterable[Number], *, name: Callable[[Number], str | None]) -> tuple[Pair, ...]:
    """Numbers of one metric and one model, test beside test, in the order in which they come.

    Args:
        rows: The numbers.
        name: What the pairs are told apart by; None leaves a number out.

    Returns:
        A pair for each name that either test has a number of.
    """
    by_name: dict[str, dict[Kind, Number]] = {}
    for row in rows:
        if (named := name(row)) is not None:
            by_name.setdefault(named, {})[row.kind] = row
    return tuple(
        Pair(
            name=named,
            internal=own.get("internal_test"),
            external=own.get("external_test"),
            lost=own["gap"].estimate if "gap" in own else None,
        )
        for named, own in by_name.items()
        if "internal_test" in own or "external_test" in own
    )
