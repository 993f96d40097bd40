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
            at=self.side, true=(classes[self.true],), predicted=(classes[self.predicted],), sort="most_confident"
        )

    def address(self, classes: Sequence[str]) -> dict[str, str | None]:
        """The cell as it stands in the address."""
        at = None if self.side is Side.EXTERNAL else self.side
        return {"at": at, "true": classes[self.true], "as": classes[self.predicted]}


def asked_pick(tests: Mapping[Side, Confusion], *, side: Side | None, cell: tuple[str, str] | None) -> Pick | None:
    """The cell that an address asks for; else the mistake with the most images, external if there is such a test.

    Args:
        tests: The matrices that are shown.
        side: The test that it asks for, which is among them; None if it leaves that open.
        cell: Names of the true and the predicted class; None if it leaves that open.

    Returns:
        None where nothing can be picked.
    """
    sides = [each for each in _SIDES if each in tests and side in (None, each)]
    for each in sides:
        if cell is not None:
            true, predicted = (tests[each].classes.index(one) for one in cell)
            return Pick(side=each, true=true, predicted=predicted)
        mistake = tests[each].largest_mistake()
        if mistake is not None:
            return Pick(side=each, true=mistake[0], predicted=mistake[1])
    return None
