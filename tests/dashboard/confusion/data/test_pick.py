"""The cell that is looked into: the one in the address, or the mistake with the most images."""

import pytest

from cxr_core.findings import FINDINGS
from dashboard.confusion.data.counts import Confusion
from dashboard.confusion.data.pick import Pick, asked_pick
from dashboard.results.case_filter import CaseFilter
from dashboard.results.side import Side
from tests.support.matrices import matrix


def _matrix(cells: dict[tuple[int, int], int]) -> Confusion:
    return matrix(*([cells.get((i, j), 0) for j in range(6)] for i in range(6)))


INTERNAL = _matrix({(0, 0): 9, (1, 0): 3, (5, 5): 4})
EXTERNAL = _matrix({(0, 0): 9, (3, 2): 2, (4, 1): 5})
BOTH: dict[Side, Confusion] = {Side.INTERNAL: INTERNAL, Side.EXTERNAL: EXTERNAL}


@pytest.mark.parametrize(
    ("side", "cell", "expected"),
    [
        (Side.INTERNAL, ("Cardiomegaly", "Nodule/Mass"), (Side.INTERNAL, 1, 2)),
        (None, ("No Finding", "No Finding"), (Side.EXTERNAL, 0, 0)),
        (None, None, (Side.EXTERNAL, 4, 1)),
        (Side.INTERNAL, None, (Side.INTERNAL, 1, 0)),
        (None, ("Cardiomegaly", "No Finding"), (Side.EXTERNAL, 1, 0)),
    ],
)
def test_what_the_address_asks_for(
    side: Side | None, cell: tuple[str, str] | None, expected: tuple[Side, int, int]
) -> None:
    found, true, predicted = expected
    assert asked_pick(BOTH, side=side, cell=cell) == Pick(side=found, true=true, predicted=predicted)


def test_without_an_external_test_the_largest_mistake_is_internal() -> None:
    alone = {Side.INTERNAL: INTERNAL}
    assert asked_pick(alone, side=None, cell=None) == Pick(side=Side.INTERNAL, true=1, predicted=0)
    assert asked_pick({Side.INTERNAL: _matrix({(0, 0): 9})}, side=None, cell=None) is None
    assert asked_pick({}, side=None, cell=("No Finding", "No Finding")) is None


def test_a_cell_asks_for_its_images_and_fits_in_the_address() -> None:
    pick = Pick(side=Side.INTERNAL, true=1, predicted=0)
    assert pick.cases(FINDINGS) == CaseFilter(
        at=Side.INTERNAL, true=("Cardiomegaly",), predicted=("No Finding",), sort="most_confident"
    )
    assert pick.address(FINDINGS) == {"at": "internal", "true": "Cardiomegaly", "as": "No Finding"}
    assert Pick(side=Side.EXTERNAL, true=0, predicted=0).address(FINDINGS)["at"] is None
