"""A number is the one that was typed, or refused: never another one in silence, and never repeated in a message."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.datasets import columns
from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError

cells = st.one_of(
    st.text(max_size=8),
    st.text(st.sampled_from("0123456789.,-+eE_ "), max_size=8),
    st.floats().map(repr),
    st.floats().map(lambda number: str(number).replace(".", ",")),
    st.integers().map(str),
    st.integers().map(lambda number: f"{number:,}"),
)
REFUSED = "mine.csv:2: column 'x': expected "


def column(cell: str) -> Table:
    return Table(path=Path("mine.csv"), text="x\nx\n", cells=pd.DataFrame({"x": [cell]}), private=True)


def age(cell: str) -> float | str:
    try:
        return float(columns.ages(column(cell), "x", remedy="Correct it.")[0])
    except DataError as error:
        return str(error)


def label(cell: str) -> float | str:
    try:
        return float(columns.coded(column(cell), "x", values=(1, 0, -1), blank=True, remedy="Correct it.")[0])
    except DataError as error:
        return str(error)


@settings(max_examples=200, deadline=None)
@given(cell=cells)
def test_an_age_is_the_number_that_was_typed_or_refused(cell: str) -> None:
    found = age(cell)
    if isinstance(found, str):
        assert found.startswith(f"{REFUSED}years from 0 to 130, or blank, found ")
        return
    assert found == float(cell) if cell.strip() else np.isnan(found)
    assert np.isnan(found) or 0 <= found <= columns.OLDEST_YEARS


@settings(max_examples=200, deadline=None)
@given(cell=cells)
def test_a_label_is_the_number_that_was_typed_or_refused(cell: str) -> None:
    found = label(cell)
    if isinstance(found, str):
        assert found.startswith(f"{REFUSED}one of 1, 0, -1, blank, found ")
        return
    assert found == float(cell) if cell.strip() else np.isnan(found)
    assert np.isnan(found) or found in (1, 0, -1)


DATES = {
    "found a date. Correct it.": (
        "%Y%m%d", "%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d.%m.%y", "%d-%b-%Y", "%d %B %Y", "%Y-%m-%d 00:00:00",
    ),
    "found a number that may be a year. Correct it.": ("%Y",),
    "Correct it.": ("%d%m%Y", "%d%m%y00"),
}  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    day=st.dates(date(1900, 1, 2), date(2030, 1, 1)),
    form=st.sampled_from([(form, end) for end, forms in DATES.items() for form in forms]),
)
def test_a_date_is_never_an_age_and_not_repeated(day: date, form: tuple[str, str]) -> None:
    cell = day.strftime(form[0])
    found = age(cell)
    assert isinstance(found, str)
    assert found.endswith(form[1])
    assert cell not in found


@pytest.mark.parametrize("day", [date(1900, 5, 11), date(1961, 2, 3), date(2024, 2, 29)])
def test_a_date_that_a_spreadsheet_counts_is_never_an_age(day: date) -> None:
    assert isinstance(age(str((day - date(1899, 12, 30)).days)), str)
