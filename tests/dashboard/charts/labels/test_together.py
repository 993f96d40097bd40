"""What occurs together: a share in each cell that rests on enough images."""

from cxr_core.findings import FINDINGS
from dashboard.charts.labels.together import together
from dashboard.palette import LIGHT
from dashboard.queries.labels.together import Together

ROW = (100, 100, 100, 100, 100, 100)
FOUND = Together(
    dataset="chexpert_train",
    policy="u_ignore",
    images=500,
    classes=FINDINGS,
    present=(100, 100, 100, 100, 100, 29),
    known=(ROW, (100, 100, 29, 100, 100, 100), ROW, ROW, ROW, (29,) * 6),
    both=((100, 0, 10, 20, 30, 40), *[(5, 5, 5, 5, 5, 5)] * 5),
)


def _cells(found: Together) -> dict[tuple[float, float], str]:
    notes = together(found, color=LIGHT.external, palette=LIGHT).layout.annotations
    return {(note.y, note.x): note.text for note in notes if note.xanchor == "center"}


def test_cells_hold_the_share_of_the_row() -> None:
    cells = _cells(FOUND)
    assert [cells[0, column] for column in range(1, 6)] == ["0.0", "10.0", "20.0", "30.0", "40.0"]
    assert cells[3, 0] == "5.0"


def test_few_images_and_the_diagonal_have_no_share() -> None:
    cells = _cells(FOUND)
    assert not any((i, i) in cells for i in range(6))
    assert (1, 2) not in cells
    assert not any(row == 5 for row, _ in cells)


def test_the_number_of_images_stands_at_the_right() -> None:
    notes = together(FOUND, color=LIGHT.external, palette=LIGHT).layout.annotations
    assert [note.text for note in notes if note.xanchor == "left"] == [*["100"] * 5, "<i>29: too few</i>", "images"]
