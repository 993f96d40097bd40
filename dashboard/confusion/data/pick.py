"""The cell of a matrix that is looked into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.confusion.data.counts import Confusion
from dashboard.results.case_filter import CaseFilter
from dashboard.results.side import Side

_SIDES: tuple[Side, ...] = (Side.EXTERNAL, Side.INTERNAL)


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A cell.

    Attributes:
        side: Which test.
        true: Index of the true class.
        predicted: Index of the class that was answered.
    """

    side: Side
    true: int
    predicted: int

    def cases(self, classes: Sequence[str]) -> CaseFilter:
        """Its images in a run of these classes, the most confident first."""
        return CaseFilter(
            at=self.side, true=classes[self.true], predicted=classes[self.predicted], sort="most_confident"
        )

    def address(self, classes: Sequence[str]) -> dict[str, str | None]:
        """The cell as it stands in the address."""
        chosen = self.cases(classes).address()
        return {key: chosen[key] for key in ("at", "true", "as")}


def asked_pick(tests: Mapping[Side, Confusion], wanted: CaseFilter) -> Pick | None:
    """The cell that an address asks for; else the mistake with the most images, external if there is such a test.

    Args:
        tests: The matrices that are shown.
        wanted: The filter in the address. Where the test that it asks for has no images of the class, the other has.

    Returns:
        None where nothing can be picked.
    """
    sides = [side for side in _SIDES if side in tests]
    if wanted.true is not None and wanted.predicted is not None:
        for side in sorted(sides, key=lambda side: side != wanted.at):
            true, predicted = (tests[side].classes.index(one) for one in (wanted.true, wanted.predicted))
            if tests[side].are(true):
                return Pick(side=side, true=true, predicted=predicted)
    for side in sides:
        cell = tests[side].largest_mistake()
        if cell is not None:
            return Pick(side=side, true=cell[0], predicted=cell[1])
    return None
