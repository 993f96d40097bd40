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
    ("wanted", "expected"),
    [
        (CaseFilter(at=Side.INTERNAL, true="Cardiomegaly", predicted="Nodule/Mass"), (Side.INTERNAL, 1, 2)),
        (CaseFilter(true="No Finding", predicted="No Finding"), (Side.EXTERNAL, 0, 0)),
        (CaseFilter(), (Side.EXTERNAL, 4, 1)),
        (CaseFilter(at=Side.INTERNAL), (Side.EXTERNAL, 4, 1)),
        (CaseFilter(true="Cardiomegaly"), (Side.EXTERNAL, 4, 1)),
        (CaseFilter(true="Cardiomegaly", predicted="No Finding"), (Side.INTERNAL, 1, 0)),
        (CaseFilter(true="Nodule/Mass", predicted="No Finding"), (Side.EXTERNAL, 4, 1)),
    ],
)
def test_what_the_address_asks_for(wanted: CaseFilter, expected: tuple[Side, int, int]) -> None:
    side, true, predicted = expected
    assert asked_pick(BOTH, wanted) == Pick(side=side, true=true, predicted=predicted)


def test_without_an_external_test_the_largest_mistake_is_internal() -> None:
    assert asked_pick({Side.INTERNAL: INTERNAL}, CaseFilter()) == Pick(side=Side.INTERNAL, true=1, predicted=0)
    assert asked_pick({Side.INTERNAL: _matrix({(0, 0): 9})}, CaseFilter()) is None
    assert asked_pick({}, CaseFilter(true="No Finding", predicted="No Finding")) is None


def test_a_cell_asks_for_its_images_and_fits_in_the_address() -> None:
    pick = Pick(side=Side.INTERNAL, true=1, predicted=0)
    assert pick.cases(FINDINGS) == CaseFilter(
        at=Side.INTERNAL, true="Cardiomegaly", predicted="No Finding", sort="most_confident"
    )
    assert pick.address(FINDINGS) == {"at": "internal", "true": "Cardiomegaly", "as": "No Finding"}
    assert Pick(side=Side.EXTERNAL, true=0, predicted=0).address(FINDINGS)["at"] is None
