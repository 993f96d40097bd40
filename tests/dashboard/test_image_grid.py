"""Tiles: what of an image comes together in one, and where it leads."""

import base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
import pytest

from dashboard import image_grid, state
from dashboard.components.gallery import Item
from dashboard.results.comparison import Comparison
from tests.support.made.runs import MadeRun, first_comparison
from tests.support.rows import insert

KEY = ("vinbigdata", "a/b c")


@pytest.fixture
def comparison(results: Path) -> Comparison:
    path = MadeRun(images={"internal_test": 12, "external_test": 12, "train": 12}).write(results)
    maps = b"".join(bytes([10 * finding] * 4) for finding in range(6))
    row = ("split", *KEY, "cam", 2, 2, maps, [1.0, 2.0, 4.0, 0.5, 0.0, 3.0])
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE image SET image_id = 'a/b c', width = 300, height = 400 WHERE image_id = 'i3'")
        insert(connection, "saliency", [row])
    return first_comparison(path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the gallery is given."""
    given: dict[str, object] = {}

    def gallery(items: list[Item], **settings: object) -> None:
        given.update(settings, items=items)

    monkeypatch.setattr(image_grid, "gallery", gallery)
    return given


def _tile(**changes: object) -> image_grid.Tile:
    return image_grid.Tile(**{"key": KEY, "strong": "91 %", "soft": "No Finding", "alt": "An image", **changes})


def test_a_tile_brings_shape_saliency_and_link(comparison: Comparison, drawn: dict[str, object]) -> None:
    link = {"from": "cases", "true": "Nodule/Mass", "got": None}
    image_grid.show(comparison, [_tile(saliency_of="Nodule/Mass")], key="k", columns=4, saliency="hover", link=link)
    (item,) = drawn["items"]
    assert item.aspect == 0.75
    assert item.src is None
    assert base64.b64decode(item.overlay.values) == bytes([20] * 4)
    assert item.overlay.strength == 1.0
    assert {key: value for key, (value,) in parse_qs(item.href[1:]).items()} == {
        "page": "image",
        "of": "vinbigdata",
        "img": "a/b c",
        "from": "cases",
        "true": "Nodule/Mass",
        **comparison.address(),
    }


def test_a_weak_class_does_not_look_as_strong_as_the_strongest(
    comparison: Comparison, drawn: dict[str, object]
) -> None:
    strengths = []
    for finding in ("No Finding", "Lung Opacity", "Pleural Effusion"):
        image_grid.show(comparison, [_tile(saliency_of=finding)], key="k", columns=4, saliency="always", link={})
        (item,) = drawn["items"]
        strengths.append(item.overlay.strength)
    assert strengths == [0.25, 0.125, 0.0]


def test_saliency_that_is_not_asked_for_is_not_sent(comparison: Comparison, drawn: dict[str, object]) -> None:
    image_grid.show(comparison, [_tile(saliency_of="Nodule/Mass")], key="k", columns=4, link={})
    tiles_of_nobody = _tile(key=("vinbigdata", "gone"), saliency_of="Nodule/Mass")
    assert drawn["items"][0].overlay is None
    image_grid.show(comparison, [tiles_of_nobody], key="k", columns=4, saliency="always", link={})
    (item,) = drawn["items"]
    assert (item.src, item.overlay, item.aspect) == (None, None, 1.0)


def test_a_click_opens_the_page_of_its_image(
    comparison: Comparison, drawn: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    address: dict[str, str] = {"page": "cases", "offset": "9"}
    monkeypatch.setattr(state, "_write", lambda after: address.update(after) or address.pop("offset"))
    image_grid.show(comparison, [_tile(key=("vinbigdata", "i1")), _tile()], key="k", columns=4, link={"from": "cases"})
    on_open = drawn["on_open"]
    assert isinstance(on_open, Callable)
    on_open(drawn["items"][1].id)
    assert (address["page"], address["of"], address["img"], address["from"]) == ("image", *KEY, "cases")
