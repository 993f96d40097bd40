"""What is measured at an operating point, as a later release may store it, is no number of the run as it is."""

from pathlib import Path

import pytest

from cxr_core.pipeline.summary import summary
from dashboard.app import PAGES
from dashboard.results.runs import choices
from tests.support.made import performance as made
from tests.support.pages import Opened, figures, said
from tests.support.results import change, key_of

MORE = """
    INSERT INTO metric BY NAME
        SELECT * REPLACE ('youden' AS operating_point, 0.5 AS value, 0.4 AS low, 0.6 AS high,
            n_positive // 2 AS n_positive, n - 1 AS n)
        FROM metric;
    INSERT INTO gap BY NAME
        SELECT * REPLACE ('youden' AS operating_point, 0.5 AS internal_value, 0 AS external_value, 0.5 AS value,
            0.4 AS low, 0.6 AS high)
        FROM gap;
"""


@pytest.mark.parametrize("page", [page for page in PAGES if page != "shift"])  # which is about them
def test_a_page_says_the_same_without_it(page: str, results: Path, open_page: Opened) -> None:
    path = made.write(results)
    before = open_page(page=page)
    change(path, MORE)
    after = open_page(page=page)
    assert said(after) == said(before)
    assert figures(after) == figures(before)


def test_the_terminal_says_the_same_without_it(tmp_path: Path) -> None:
    path = made.write(tmp_path)
    before = summary(path)
    change(path, MORE)
    assert summary(path) == before


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("role = 'internal_test'", "no internal test"),
        ("role = 'external_test'", "no image of an external site has a single class"),
    ],
)
def test_a_test_that_has_nothing_else_is_none(gone: str, told: str, tmp_path: Path) -> None:
    path = made.write(tmp_path)
    change(path, f"{MORE} DELETE FROM metric WHERE {gone} AND operating_point IS NULL; DELETE FROM gap")  # noqa: S608
    assert told in summary(path).splitlines()[-1]


def test_a_policy_that_has_nothing_else_cannot_be_chosen(tmp_path: Path) -> None:
    path = made.write(tmp_path)
    change(path, f"{MORE} DELETE FROM metric WHERE policy = 'u_ones' AND operating_point IS NULL")  # noqa: S608
    assert choices(key_of(path)).external[0].policies == ("u_ignore", "u_zeros")
