"""A filter in the address: what it says, what it leaves out, and what it does not believe."""

import pytest

from cxr_core.findings import FINDINGS
from dashboard.results.case_filter import CaseFilter
from dashboard.results.side import Side
from tests.support.made.attributes import HOSTILE

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


def test_attributes_have_keys_of_their_own_and_come_back() -> None:
    wanted = CaseFilter(attributes=(("manufacturer", "Agfa"), ("view", "PA"), ("ward", "a=b & c")))
    address = wanted.address()
    assert address["attribute.manufacturer"] == "Agfa"
    assert address["view"] is None
    back = CaseFilter.from_address(address.get, classes=FINDINGS, attributes=("ward", "view", "manufacturer"))
    assert back == wanted
    assert not wanted.is_open


def test_an_attribute_that_the_run_does_not_have_lets_all_pass() -> None:
    address = {"attribute.ward": "ICU", "attribute.": "x", "ward": "ICU"}
    assert CaseFilter.from_address(address.get, classes=FINDINGS, attributes=("manufacturer",)) == CaseFilter()


def test_names_and_values_of_attributes_are_parameters_too() -> None:
    wanted = CaseFilter(attributes=tuple((name, name) for name in HOSTILE))
    condition, parameters = wanted.condition(classes=FINDINGS)
    assert not [name for name in HOSTILE if name in condition]
    assert sorted(parameters.values(), key=str) == sorted([*HOSTILE, *HOSTILE])
    assert {name for name in parameters if f"${name}" not in condition} == set()
