"""What a matrix shows: shares where there are enough images, counts where not, nothing where there are none."""

import math

import pytest

from cxr_core.findings import FINDINGS
from dashboard.confusion.data.counts import Confusion
from dashboard.confusion.figures import cells
from dashboard.confusion.figures.matrix.grid import Cell, Grid
from dashboard.palette import DARK, LIGHT, Palette, contrast
from dashboard.results.side import Side
from tests.support.matrices import matrix

INTERNAL = matrix((60, 20, 20, 0, 0, 0), (30, 70, 0, 0, 0, 0), (4, 1, 7, 0, 0, 0), (50, 0, 0, 50, 0, 0))
EXTERNAL = matrix((90, 10, 0, 0, 0, 0), (55, 45, 0, 0, 0, 0), (40, 0, 60, 0, 0, 0), (0,) * 6, (1, 0, 0, 0, 2, 0))


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def _shares(found: Confusion, palette: Palette = LIGHT) -> Grid:
    return cells.shares(found, side=Side.INTERNAL, dataset="VinBigData", palette=palette)


def test_shares_are_of_the_row_and_rows_are_in_order() -> None:
    grid = _shares(INTERNAL)
    assert [row.name for row in grid.rows] == list(FINDINGS)
    assert _texts(grid)[:2] == [["60.0", "20.0", "20.0", "0.0", "0.0", "0.0"], ["30.0", "70.0"] + ["0.0"] * 4]
    assert [row.n for row in grid.rows] == [("100",), ("100",), ("12",), ("100",), ("0",), ("0",)]
    assert "312 images" in grid.detail


def test_a_row_of_few_images_shows_counts_without_colour() -> None:
    row = _shares(INTERNAL).rows[2]
    assert [cell.text for cell in row.cells] == ["4 of 12", "1 of 12", "7 of 12", "0 of 12", "0 of 12", "0 of 12"]
    assert all(cell.is_faint for cell in row.cells)
    assert len({cell.fill for cell in row.cells}) == 1
    assert row.notes == ("too few",)
    assert "not estimable" in row.cells[0].title
    assert "%" not in row.cells[0].title


def test_a_row_without_images_has_no_cells() -> None:
    assert [len(row.cells) for row in _shares(INTERNAL).rows] == [6, 6, 6, 6, 0, 0]
    assert _shares(INTERNAL).rows[5].notes == ("",)


def test_many_classes_have_whole_numbers_in_small_cells_and_all_of_it_in_the_title() -> None:
    classes = tuple(f"class {i}" for i in range(30))
    rows = [tuple([996, 4] + [0] * 28), tuple([2, 3] + [0] * 28), tuple([0] * 28 + [40, 12_345])]
    found = matrix(*rows, classes=classes)
    assert [text for row in _texts(_shares(found))[:2] for text in row[:3]] == ["100", "<1", "0", "2", "3", "0"]
    assert "99.6" in _shares(found).rows[0].cells[0].title
    own = cells.counts(found, side=Side.INTERNAL, dataset="VinBigData", palette=LIGHT)
    assert [_texts(own)[0][:3], _texts(own)[2][-2:]] == [["996", "4", "0"], ["40", "12k"]]
    assert _shares(found).is_dense
    assert cells.difference(found, found, palette=LIGHT).is_dense
    assert not _shares(INTERNAL).is_dense


def test_counts_are_counts_whatever_their_number() -> None:
    grid = cells.counts(INTERNAL, side=Side.INTERNAL, dataset="VinBigData", palette=LIGHT)
    assert _texts(grid)[2] == ["4", "1", "7", "0", "0", "0"]
    assert {row.notes for row in grid.rows} == {("",)}
    assert _shade(grid.rows[1].cells[1]) > _shade(grid.rows[0].cells[0]) > _shade(grid.rows[2].cells[0])


def test_the_diagonal_is_marked() -> None:
    for grid in (_shares(INTERNAL), cells.difference(INTERNAL, EXTERNAL, palette=LIGHT)):
        marked = [(i, j) for i, row in enumerate(grid.rows) for j, cell in enumerate(row.cells) if cell.is_right]
        assert all(i == j for i, j in marked)
        assert len(marked) == sum(bool(row.cells) for row in grid.rows)


def test_a_share_of_a_column_is_of_the_images_with_that_answer() -> None:
    grid = cells.columns(EXTERNAL, side=Side.EXTERNAL, dataset="CheXpert", palette=LIGHT)
    assert [row[:2] for row in _texts(grid)[:3]] == [["48.4", "18.2"], ["29.6", "81.8"], ["21.5", "0.0"]]
    assert (grid.foot, grid.foot_notes) == (("186", "55", "60", "0", "2", "0"), ("", "", "", "", "too few", ""))
    assert [row[4] for row in _texts(grid)[:3]] == ["0 of 2"] * 3
    assert {row[5] for row in _texts(grid) if row} == {"\u2013"}
    title = "Predicted as No Finding in the external test: 55 of 186 images are Cardiomegaly (29.6 % [23.5, 36.5])"
    assert grid.rows[1].cells[0].title.replace("\u00a0", " ") == title
    assert "No image is predicted as Consolidation" in grid.rows[0].cells[5].title


def test_the_difference_is_internal_minus_external_and_gray_where_it_may_be_chance() -> None:
    internal = matrix((60, 20, 20, 0, 0, 0), has_intervals=True)
    external = matrix((90, 10, 0, 0, 0, 0), has_intervals=True)
    grid = cells.difference(internal, external, palette=LIGHT)
    assert _texts(grid)[0] == ["\u221230.0", "+10.0", "+20.0"] + ["0.0"] * 3
    less, slight, more, same = grid.rows[0].cells[:4]
    assert _red(less) > _blue(less)
    assert _blue(more) > _red(more)
    # Newcombe (1998), method 10: 20/100 has Wilson's [13.34, 28.88], 10/100 [5.52, 17.44].
    low, high = 10 - math.hypot(20 - 13.34, 17.44 - 10), 10 + math.hypot(28.88 - 20, 10 - 5.52)
    assert slight.title.endswith(f"10.0 points [{low:.1f}, {high:.1f}]")
    assert _blue(slight) > _red(slight)
    assert same.title.endswith(", which may be chance")
    assert (same.fill, same.ink) == (_gray(), LIGHT.soft)
    unknown = cells.difference(INTERNAL, EXTERNAL, palette=LIGHT).rows[0].cells[0]
    assert unknown.title.endswith("30.0 points, without an interval")
    assert unknown.fill == _gray()


def test_no_difference_where_one_place_has_too_few() -> None:
    grid = cells.difference(INTERNAL, EXTERNAL, palette=LIGHT)
    assert set(_texts(grid)[2]) == set(_texts(grid)[3]) == set(_texts(grid)[4]) == {"\u2013"}
    assert grid.rows[2].notes == ("too few", "")
    assert grid.rows[3].n == ("100", "0")
    assert grid.rows[5].cells == ()
    assert "no images externally" in grid.rows[3].cells[0].title


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_cell_can_be_read(palette: Palette) -> None:
    grids = (
        _shares(INTERNAL, palette),
        cells.counts(EXTERNAL, side=Side.EXTERNAL, dataset="CheXpert", palette=palette),
        cells.difference(INTERNAL, EXTERNAL, palette=palette),
    )
    for cell in (cell for grid in grids for row in grid.rows for cell in row.cells):
        assert contrast(cell.ink, cell.fill) >= 4.5


def test_a_place_without_a_test_says_why() -> None:
    grid = cells.empty_grid(side=Side.INTERNAL, why="None: trained on all.", palette=LIGHT)
    assert (grid.rows, grid.absent, grid.title) == ((), "None: trained on all.", "Internal test")


def _gray() -> str:
    return _shares(INTERNAL).rows[2].cells[0].fill


def _shade(cell: Cell) -> int:
    return 255 * 3 - sum(int(cell.fill[i : i + 2], 16) for i in (1, 3, 5))


def _red(cell: Cell) -> int:
    return int(cell.fill[1:3], 16)


def _blue(cell: Cell) -> int:
    return int(cell.fill[5:7], 16)
