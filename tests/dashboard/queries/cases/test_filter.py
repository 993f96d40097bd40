"""A filter in the address: what it says, what it leaves out, and what it does not believe."""

import pytest

from cxr_core.findings import FINDINGS
from dashboard.queries.cases.filter import CaseFilter
from dashboard.results.side import Side

FULL = CaseFilter(
    at=Side.INTERNAL,
    true="Nodule/Mass",
    predicted="No Finding",
    got="wrong",
    confidence=(20, 90),
    members="differ",
    view="PA",
    sex="F",
    age="80+",
    sort="most_disputed",
)


def _back(address: dict[str, str | None]) -> CaseFilter:
    return CaseFilter.from_address(address.get, classes=FINDINGS)


def test_an_address_brings_the_same_filter_back() -> None:
    assert _back(FULL.address()) == FULL
    assert all(FULL.address().values())


def test_what_lets_all_pass_leaves_the_address() -> None:
    assert set(CaseFilter().address().values()) == {None}
    assert CaseFilter().is_open
    assert CaseFilter(at=Side.INTERNAL, sort="least_certain").is_open
    assert not CaseFilter(sex="F").is_open


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("at", "mars"),
        ("true", "7"),
        ("as", "DROP TABLE"),
        ("got", "maybe"),
        ("conf", "90-20"),
        ("conf", "0-101"),
        ("conf", "0-100"),
        ("conf", "a-b"),
        ("members", "x"),
        ("view", "oblique"),
        ("sex", "?"),
        ("age", "1-2"),
        ("sort", "image_id; DROP"),
    ],
)
def test_what_does_not_exist_lets_all_pass(key: str, value: str) -> None:
    assert _back({key: value}) == CaseFilter()


def test_values_are_parameters_and_never_part_of_the_query() -> None:
    condition, parameters = FULL.condition(classes=FINDINGS)
    assert "Nodule" not in condition
    assert parameters["asked_class"] == 2
    assert parameters["asked_predicted"] == 0
    assert {name for name in parameters if f"${name}" not in condition} == set()
