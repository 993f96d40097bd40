"""A filter of cases: what stands of it in an address, and how a query asks for it."""

from cxr_core.findings import FINDINGS
from dashboard.results.case_filter import CaseFilter
from dashboard.results.side import Side
from tests.support.made.attributes import HOSTILE

FULL = CaseFilter(
    at=Side.INTERNAL,
    true=("Nodule/Mass",),
    predicted=("No Finding",),
    got="wrong",
    confidence=(20, 90),
    members="differ",
    view=("PA",),
    sex=("F",),
    age=("80+",),
    sort="most_disputed",
)


def test_what_lets_all_pass_leaves_the_address() -> None:
    assert set(CaseFilter().address().values()) == {None}
    assert CaseFilter().is_open
    assert CaseFilter(at=Side.INTERNAL, sort="least_certain").is_open
    assert not CaseFilter(sex=("F",)).is_open


def test_values_are_parameters_and_never_part_of_the_query() -> None:
    condition, parameters = FULL.condition(classes=FINDINGS)
    assert "Nodule" not in condition
    assert parameters["asked_true"] == [2]
    assert parameters["asked_as"] == [0]
    assert {name for name in parameters if f"${name}" not in condition} == set()


def test_names_and_values_of_attributes_are_parameters_too() -> None:
    wanted = CaseFilter(attributes=tuple((name, (name,)) for name in HOSTILE))
    condition, parameters = wanted.condition(classes=FINDINGS)
    assert not [name for name in HOSTILE if name in condition]
    assert sorted(parameters.values(), key=str) == sorted([*HOSTILE, *([name] for name in HOSTILE)], key=str)
    assert {name for name in parameters if f"${name}" not in condition} == set()


def test_a_filter_can_be_taken_out_alone() -> None:
    wanted = CaseFilter(true=("Cardiomegaly",), got="wrong", id="i7", attributes=(("ward", ("A",)), ("year", ("1",))))
    assert wanted.keys == ("true", "got", "attribute.ward", "attribute.year", "id")
    for key in wanted.keys:
        assert wanted.without(key).keys == tuple(other for other in wanted.keys if other != key)
