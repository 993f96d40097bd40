from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.datasets import checks, columns
from cxr_core.datasets.tables import Table, read_table
from cxr_core.errors import DataError

Column = Callable[..., Table]


@pytest.fixture
def column(tmp_path: Path) -> Column:
    """A table whose column x holds these cells, from line 2 on."""

    def made(*cells: str, private: bool = False) -> Table:
        path = tmp_path / "t.csv"
        path.write_text("\n".join(["x,y", *(f"{cell},1" for cell in cells)]) + "\n")
        return read_table(path, required=("x",), private=private)

    return made


def test_coded_takes_any_spelling_of_its_values(column: Column) -> None:
    table = column("1", "1.0", " ", "-1.0", " 0 ", "+1")
    values = columns.coded(table, "x", values=(1, 0, -1), blank=True, remedy="")
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, [1, 1, np.nan, -1, 0, 1])


@pytest.mark.parametrize("cell", ["2", "yes", "nan", "0.5", "inf", "1.0000001", "0_1"])
def test_coded_refuses_another_value(column: Column, cell: str) -> None:
    with pytest.raises(DataError) as caught:
        columns.coded(column("1", "", cell), "x", values=(1, 0, -1), blank=True, remedy="Correct it.")
    assert str(caught.value).endswith(
        f"t.csv:4: column 'x': expected one of 1, 0, -1, blank, found '{cell}'. Correct it."
    )


def test_coded_refuses_a_blank_that_must_not_be(column: Column) -> None:
    with pytest.raises(DataError, match=r":3: .*expected one of 1, 0, found ''"):
        columns.coded(column("1", ""), "x", values=(1, 0), blank=False, remedy="")


def test_words_mean_what_they_are_said_to(column: Column) -> None:
    meanings = {"male": "M", "female": "F", "": None}
    assert columns.words(column("female", "", "male"), "x", meanings=meanings, remedy="").tolist() == ["F", None, "M"]
    private = column("FEMALE", private=True)
    assert columns.words(private, "x", meanings=meanings, remedy="").tolist() == ["F"]


def test_positions_refuse_an_unknown_word_and_a_private_one_is_not_repeated(column: Column) -> None:
    with pytest.raises(DataError, match=r":3: .*expected one of a, blank, found 'A'"):
        columns.positions(column("a", "A"), "x", known=["a", ""], remedy="")
    with pytest.raises(DataError, match=r":2: .*found text") as caught:
        columns.positions(column("JONES", private=True), "x", known=["a"], remedy="")
    assert "JONES" not in str(caught.value)


def test_numbers_are_numbers_or_blank(column: Column) -> None:
    np.testing.assert_array_equal(
        columns.numbers(column("1.5", "", " 0 ", "+1e1", "20"), "x", highest=20, expected="", remedy=""),
        [1.5, np.nan, 0, 10, 20],
    )


@pytest.mark.parametrize("cell", ["x", "-1", "inf", "nan", "1 2", "1_0", "5e39", "1e400", "20.01", "True", "0x1"])
def test_numbers_refuse_what_is_none(column: Column, cell: str) -> None:
    with pytest.raises(DataError, match=rf":3: .*expected pixels, found '{cell}'"):
        columns.numbers(column("", cell), "x", highest=20, expected="pixels", remedy="")


def test_a_blank_name_is_refused(column: Column) -> None:
    with pytest.raises(DataError, match=r":3: .*expected a name, found nothing"):
        checks.check_filled(column("a", " "), "x", remedy="")


def test_a_repeated_row_is_refused_with_both_lines(column: Column) -> None:
    table = column("a", "b", "c", "b")
    checks.check_unique(table, pd.DataFrame({"x": table.cells["x"], "n": range(4)}), what="pair")
    with pytest.raises(DataError, match=r":5: column 'x': expected each pair once, found that of line 3 again"):
        checks.check_unique(table, table.cells[["x", "y"]], what="pair")


def test_scores_are_numbers_of_any_size_and_spelling(column: Column) -> None:
    spelt = ["0.1", " .5", "1.", "+1e-3", "-2.5E+4", "0", "1e300", "", " ", "NA", "nan", "NaN", "0.30000000000000004"]
    expected = [0.1, 0.5, 1, 0.001, -25000, 0, 1e300, *[np.nan] * 5, 0.1 + 0.2]
    found = columns.scores(column(*spelt), "x", remedy="")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected)


def test_a_decimal_comma_is_taken_where_columns_are_separated_otherwise(column: Column) -> None:
    table = replace(column("a"), cells=pd.DataFrame({"x": ["0,25", ",5", "1,5e1", "0.75"]}), delimiter=";")
    np.testing.assert_array_equal(columns.scores(table, "x", remedy=""), [0.25, 0.5, 15, 0.75])
    with pytest.raises(DataError, match="found a number with a decimal comma"):
        columns.scores(replace(table, delimiter=",", private=True), "x", remedy="")


@pytest.mark.parametrize(
    "cell", ["yes", "0.5 %", "1_0", "0x1", "inf", "1e999", "1 2", "--1", "1.2.3", "1e", ".", "True"]
)
def test_scores_refuse_what_is_no_number_and_repeat_nothing_of_it(column: Column, cell: str) -> None:
    with pytest.raises(DataError, match=r":3: column 'x': expected a number, or blank, found ") as caught:
        columns.scores(column("1", cell, private=True), "x", remedy="Correct it.")
    assert str(caught.value).endswith("Correct it.")
    assert f"found {cell}" not in str(caught.value)
