from xml.etree import ElementTree as ET

from dashboard.confusion.figures import cells
from dashboard.confusion.figures.matrix.drawing import drawn
from dashboard.exports.svg import checked
from dashboard.palette import LIGHT
from dashboard.results.side import Side
from tests.support.matrices import matrix

SVG = "{http://www.w3.org/2000/svg}"


def _drawn(classes: tuple[str, ...], *, is_first_row_empty: bool = False) -> ET.Element:
    k = len(classes)
    found = matrix(
        *(tuple(0 if is_first_row_empty and not i else 40 + i - j for j in range(k)) for i in range(k)), classes=classes
    )
    grids = [cells.counts(found, side=side, dataset="St. <Elsewhere>", palette=LIGHT) for side in Side]
    svg = drawn([*grids, cells.empty_grid(side=Side.EXTERNAL, why="none", palette=LIGHT)])
    checked(svg)
    return ET.fromstring(svg)  # noqa: S314 (made here)


def _texts(svg: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def test_every_number_stands_in_its_cell_and_names_of_others_are_only_text() -> None:
    svg = _drawn(("A & B", "Nodule/Mass", "<script>"))
    assert len(list(svg.iter(f"{SVG}rect"))) == 2 * 9
    texts = _texts(svg)
    assert [text for text in texts if text.isdigit()][:4] == ["40", "39", "38", "117"]
    assert {"A & B", "<script>", "Nodule/", "Mass"} <= set(texts)
    assert "Internal test  St. <Elsewhere>, 360 images" in texts


def test_what_a_column_rests_on_stands_below_it() -> None:
    found = matrix((40, 5), (3, 50), classes=("A", "B"))
    grid = cells.columns(found, side=Side.EXTERNAL, dataset="here", palette=LIGHT)
    assert [text for text in _texts(ET.fromstring(drawn([grid]))) if text.isdigit()][-2:] == ["43", "55"]  # noqa: S314


def test_a_class_without_images_says_so_and_has_no_cells() -> None:
    svg = _drawn(("A", "B", "C"), is_first_row_empty=True)
    assert len(list(svg.iter(f"{SVG}rect"))) == 2 * 6
    assert _texts(svg).count("no images") == 2


def test_many_classes_stand_one_matrix_below_the_other() -> None:
    few, many = _drawn(tuple("ABCDEF")), _drawn(tuple("ABCDEFGHIJKLMN"))
    places = [[group.get("transform") for group in svg.findall(f"{SVG}g")] for svg in (few, many)]
    (x, y), (further, same) = (place.removeprefix("translate(").rstrip(")").split(",") for place in places[0])
    assert y == same
    assert float(further) > float(x)
    (x, y), (same, lower) = (place.removeprefix("translate(").rstrip(")").split(",") for place in places[1])
    assert x == same
    assert float(lower) > float(y)
