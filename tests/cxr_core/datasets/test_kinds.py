import pytest

from cxr_core.datasets.kinds import NOTHING, POINT_ZERO, SCIENTIFIC, SHEET_ERROR, kind

KINDS = {
    "nothing": ("", " ", "\u00a0"),
    NOTHING: ("nan", "NaN", "NULL", "None", "N/A", "n/a", "NA", "<NA>", "NaT", "-", "?", "unknown", "Anonymous"),
    SHEET_ERROR: ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#####", "#NUM!"),
    SCIENTIFIC: ("1.23457E+11", "1,23457E+11", "1E+11", "1.2e-05"),
    POINT_ZERO: ("12345.0", "7.00", "12345,0"),
    "a date": (
        "19610203",
        "1961-02-03",
        "1961/2/3",
        "03.02.1961",
        "3/2/61",
        "1961-02-03 00:00:00",
        "1961-02-03T00:00",
        "3 Feb 1961",
        "03-Feb-61",
    ),
    "a number that may be a year": ("1961", "2024"),
    "a number with a decimal comma": ("45,5", "-1,5"),
    "a number below 0": ("-1", "-0.5", "\u22121"),
    "an infinite number": ("inf", "-Infinity"),
    "another number": ("411", "5e39", "22315", "0.5", ".5", "+3"),
    "text": ("SMITH", "045Y", "A-12345.0", "1.2.840.113619.2", "1E11x", "NANCY", "\u0661\u0662"),
}


@pytest.mark.parametrize(("cell", "expected"), [(cell, name) for name, cells in KINDS.items() for cell in cells])
def test_a_cell_is_of_one_kind_that_says_nothing_of_it(cell: str, expected: str) -> None:
    assert kind(cell) == expected
    assert kind(f" {cell.upper()} ") == expected
