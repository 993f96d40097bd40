"""The cell that is looked into: the one in the address, or the mistake with the most images."""

import math

import pytest

from cxr_core.findings import FINDINGS
from dashboard.queries.cases.filter import CaseFilter
from dashboard.queries.confusion.counts import Confusion
from dashboard.queries.confusion.pick import Pick, asked_pick
from dashboard.queries.predictions import Side

NAN = ((math.nan,) * 6,) * 6


def _matrix(cells: dict[tuple[int, int], int]) -> Confusion:
    counts = tuple(tuple(cells.get((i, j), 0) for j in range(6)) for i in range(6))
    return Confusion(classes=FINDINGS, counts=counts, low=NAN, high=NAN)


HOME = _matrix({(0, 0): 9, (1, 0): 3, (5, 5): 4})
ABROAD = _matrix({(0, 0): 9, (3, 2): 2, (4, 1): 5})
BOTH: dict[Side, Confusion] = {"home": HOME, "abroad": ABROAD}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CaseFilter(at="home", true="Cardiomegaly", predicted="Nodule/Mass"), ("home", 1, 2)),
        (CaseFilter(true="No Finding", predicted="No Finding"), ("abroad", 0, 0)),
        (CaseFilter(), ("abroad", 4, 1)),
        (CaseFilter(at="home"), ("abroad", 4, 1)),
        (CaseFilter(true="Cardiomegaly"), ("abroad", 4, 1)),
        (CaseFilter(true="Cardiomegaly", predicted="No Finding"), ("home", 1, 0)),
        (CaseFilter(true="Nodule/Mass", predicted="No Finding"), ("abroad", 4, 1)),
    ],
)
def test_what_the_address_asks_for(wanted: CaseFilter, expected: tuple[Side, int, int]) -> None:
    side, true, predicted = expected
    assert asked_pick(BOTH, wanted) == Pick(side=side, true=true, predicted=predicted)


def test_without_a_test_abroad_the_largest_mistake_is_at_home() -> None:
    assert asked_pick({"home": HOME}, CaseFilter()) == Pick(side="home", true=1, predicted=0)
    assert asked_pick({"home": _matrix({(0, 0): 9})}, CaseFilter()) is None
    assert asked_pick({}, CaseFilter(true="No Finding", predicted="No Finding")) is None


def test_a_cell_asks_for_its_images_and_fits_in_the_address() -> None:
    pick = Pick(side="home", true=1, predicted=0)
    assert pick.cases(FINDINGS) == CaseFilter(
        at="home", true="Cardiomegaly", predicted="No Finding", sort="most_confident"
    )
    assert pick.address(FINDINGS) == {"at": "home", "true": "Cardiomegaly", "as": "No Finding"}
    assert Pick(side="abroad", true=0, predicted=0).address(FINDINGS)["at"] is None
