"""Images of a run as a grid of tiles that lead to their page: pixels, saliency and boxes put together."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from dashboard import images, state
from dashboard.components.gallery import Box, Item, Overlay, ShowSaliency, gallery
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.images import Key
from dashboard.results.maps import DEFAULT_METHOD, ImageMaps, maps
from dashboard.results.pictures import Picture, load_pictures

_SIZE_PX = 168

_ABSENT = (
    "Its pixels are not in this machine's image cache. Start the dashboard with SECOND_SITE_CACHE=DIR, DIR being the "
    "cache of the machine that made the run."
)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One image in a grid.

    Attributes:
        key: Its dataset and id.
        strong: The caption's first words, plain text.
        soft: The rest of the caption.
        alt: What the picture shows, in a sentence.
        mark: Whether the answer was right, where that is to be told.
        saliency_of: Name of the class whose saliency lies over it; None for none.
        boxes: Drawn over it, in fractions of the image.
    """

    key: Key
    strong: str
    soft: str
    alt: str
    mark: Literal["right", "wrong"] | None = None
    saliency_of: str | None = None
    boxes: tuple[Box, ...] = ()


def show(
    comparison: Comparison,
    tiles: Sequence[Tile],
    *,
    key: str,
    columns: int,
    saliency: ShowSaliency = "none",
    method: str = DEFAULT_METHOD,
    link: Mapping[str, str | None],
) -> None:
    """Draws the tiles; a click opens the page of the image. Draws none where the address asks for what is not here.

    Args:
        comparison: What is shown.
        tiles: In reading order.
        key: Of the widget, one on a page.
        columns: In a row, on a wide screen.
        saliency: Whether saliency is seen never, under the pointer or the focus, or always.
        method: How the saliency was made.
        link: What the image's page is told of the list that it is in: ``from``, and the keys that make the list again.
    """
    if state.missed():
        return
    keys = tuple(tile.key for tile in tiles)
    pictures = load_pictures(comparison.run, keys)
    mapped = _maps(comparison, keys, method=method) if saliency != "none" else {}
    addresses = {str(i): {"of": tile.key[0], "img": tile.key[1], **link} for i, tile in enumerate(tiles)}
    items = [
        _item(
            tile,
            number=number,
            comparison=comparison,
            address=address,
            picture=pictures.get(tile.key),
            of=mapped.get(tile.key),
        )
        for (number, address), tile in zip(addresses.items(), tiles, strict=True)
    ]
    gallery(
        items,
        key=key,
        columns=columns,
        saliency=saliency,
        absent_note=_ABSENT,
        on_open=lambda number: state.open_page("image", comparison.address(), addresses[number]),
    )


def _maps(comparison: Comparison, keys: tuple[Key, ...], *, method: str) -> dict[Key, ImageMaps]:
    found: dict[Key, ImageMaps] = {}
    for model in dict.fromkeys(comparison.answering(dataset) for dataset, _ in keys):
        own = tuple(key for key in keys if comparison.answering(key[0]) == model)
        found |= maps(comparison.run, model=model, keys=own, method=method)
    return found


def overlay(of: ImageMaps, index: int) -> Overlay:
    """The map of the class with this index, as strong as it is beside the strongest of all."""
    values = base64.b64encode(of.of(index)).decode("ascii")
    return Overlay(values=values, height=of.height, width=of.width, strength=of.strength(index))


def _item(
    tile: Tile,
    *,
    number: str,
    comparison: Comparison,
    address: Mapping[str, str | None],
    picture: Picture | None,
    of: ImageMaps | None,
) -> Item:
    chosen = {
        key: value for key, value in {"page": "image", **comparison.address(), **address}.items() if value is not None
    }
    classes = runs.classes(comparison.run)
    return Item(
        id=number,
        href=f"?{urlencode(chosen)}",
        src=None if picture is None else images.thumbnail(comparison.run, picture, size_px=_SIZE_PX),
        aspect=1.0 if picture is None else picture.aspect,
        strong=tile.strong,
        soft=tile.soft,
        alt=tile.alt,
        mark=tile.mark,
        overlay=overlay(of, classes.index(tile.saliency_of))
        if of is not None and tile.saliency_of is not None
        else None,
        boxes=tile.boxes,
    )
