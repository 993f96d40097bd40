"""Several values in one value of an address: they come back as they were, and an old address with one stays right."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.address_values import joined, parted

VALUES = st.lists(st.text(alphabet=r"aB, \/|", min_size=1), unique=True, max_size=4)


@given(VALUES)
def test_what_is_joined_comes_apart_again(values: list[str]) -> None:
    assert parted(joined(values)) == tuple(values)
    assert parted(joined(values), options=values) == tuple(values)


def test_names_without_commas_stand_as_they_are() -> None:
    assert joined(["Nodule/Mass", "No Finding"]) == "Nodule/Mass,No Finding"
    assert joined(["Edema, mild", "x"]) == r"Edema\, mild,x"
    assert joined([]) == ""


def test_an_old_address_names_one_value_with_its_commas() -> None:
    assert parted("Edema, mild", options=["Edema, mild", "Edema"]) == ("Edema, mild",)
    assert parted(r"a\b", options=[r"a\b"]) == (r"a\b",)
    assert parted("A,B", options=["A", "B"]) == ("A", "B")


def test_blanks_and_repetitions_are_none() -> None:
    assert parted(",A,,A,") == ("A",)
    assert parted("") == ()
