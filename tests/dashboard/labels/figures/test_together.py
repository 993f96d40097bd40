"""What occurs together: a share in each cell that rests on enough images."""

from dataclasses import replace

from cxr_core.findings import FINDINGS
from dashboard.labels.data.together import Together
from dashboard.labels.figures.together import together_figure
from dashboard.palette import LIGHT

ROW = (100, 100, 100, 100, 100, 100)
FOUND = Together(
    dataset="chexpert_train",
    policy="u_ignore",
    images=500,
    classes=FINDINGS,
    present=(100, 100, 100, 100, 100, 29),
    known=(ROW, (100, 100, 29, 100, 100, 100), ROW, ROW, ROW, (29,) * 6),
    both=((100, 0, 10, 20, 30, 40), *[(5, 5, 5, 5, 5, 5)] * 5),
    labelled=(500,) * 6,
)


def _cells(found: Together) -> dict[tuple[float, float], str]:
    notes = together_figure(found, color=LIGHT.external, palette=LIGHT).layout.annotations
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
    notes = together_figure(FOUND, color=LIGHT.external, palette=LIGHT).layout.annotations
    assert [note.text for note in notes if note.xanchor == "left"] == [*["100"] * 5, "<i>29: too few</i>", "images"]


def test_a_finding_that_is_not_labelled_is_unknown_and_not_rare() -> None:
    known = tuple((*row[:4], 0, row[5]) for row in FOUND.known)
    found = replace(FOUND, present=(100, 100, 100, 100, 0, 0), known=known, labelled=(500, 500, 500, 500, 0, 500))
    notes = together_figure(found, noun="study", color=LIGHT.external, palette=LIGHT).layout.annotations
    at_the_right = [note.text for note in notes if note.xanchor == "left"]
    assert at_the_right == [*["100"] * 4, "<i>unknown</i>", "<i>0: too few</i>", "studies"]


def test_of_many_classes_all_cells_are_one_picture() -> None:
    k = 30
    classes = tuple(f"class {i}" for i in range(k))
    known, both = tuple([100] * k for _ in range(k)), tuple([25] * k for _ in range(k))
    many = Together(
        dataset="d",
        policy="p",
        images=3000,
        classes=classes,
        present=(29, *[100] * (k - 1)),
        known=((29,) * k, *map(tuple, known[1:])),
        both=tuple(map(tuple, both)),
        labelled=(*[3000] * (k - 1), 0),
    )
    figure = together_figure(many, color=LIGHT.external, palette=LIGHT)
    cells, _ = figure.data
    assert cells.type == "heatmap"
    assert set(cells.text[0]) == {""}
    assert list(cells.text[1]) == ["25", "", *["25"] * (k - 2)]
    assert cells.customdata[1][0] == "class 1: also class 0 25"
    assert cells.customdata[0][1].endswith("not estimable")
    assert cells.customdata[0][k - 1] == "class 0: also class 29 unknown, not labelled"
    assert not figure.layout.shapes
