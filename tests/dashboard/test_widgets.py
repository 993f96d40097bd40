"""What pages hand out as a file."""

import csv
import io

from dashboard import widgets


def test_undefined_is_blank_in_a_download() -> None:
    text = widgets.to_csv([{"class": "a, b", "recall": 0.5, "n": 3}, {"class": "c", "recall": float("nan"), "n": None}])
    assert list(csv.reader(io.StringIO(text))) == [["class", "recall", "n"], ["a, b", "0.5", "3"], ["c", "", ""]]
    assert widgets.to_csv([]) == ""
