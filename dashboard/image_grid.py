"""Images of a run as a grid of tiles that lead to their page: pixels, saliency and boxes put together."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from dashboard import images, state
from dashboard.components.gallery import Box, Item, Overlay, ShowSaliency, gallery
from dashboard.components.gallery import sheet as sheet_of
from dashboard.components.picture_menu import Json, Sheet
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import holdings
from dashboard.results.images import Key
from dashboard.results.maps import DEFAULT_METHOD, ImageMaps, maps
from dashboard.results.pictures import Picture, load_pictures

_SIZE_PX = 168
_LARGE_PX = 480
"""In a picture that is taken along."""

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
    captions_alone = not holdings(comparison).has_pictures
    mapped = _maps(comparison, keys, method=method) if saliency != "none" and not captions_alone else {}
    addresses = {str(i): {"of": tile.key[0], "img": tile.key[1], **link} for i, tile in enumerate(tiles)}
    items = [
        _item(
            tile,
            id_=number,
            href=_href(comparison, address),
            comparison=comparison,
            picture=pictures.get(tile.key),
            of=mapped.get(tile.key),
            size_px=_SIZE_PX,
        )
        for (number, address), tile in zip(addresses.items(), tiles, strict=True)
    ]
    gallery(
        items,
        key=key,
        columns=columns,
        saliency=saliency,
        absent_note="" if captions_alone else _ABSENT,
        captions_alone=captions_alone,
        on_open=lambda number: state.open_page("image", comparison.address(), addresses[number]),
    )


def sheet(
    comparison: Comparison,
    groups: Sequence[tuple[str, Sequence[Tile]]],
    *,
    columns: int,
    saliency: ShowSaliency = "none",
    method: str = DEFAULT_METHOD,
) -> Sheet:
    """Tiles as a picture that can be taken along, larger than on the page.

    Args:
        comparison: What is shown.
        groups: What stands above each group, plain text or empty, and its tiles.
        columns: In a row.
        saliency: How the page shows it: only what is always seen is in the picture.
        method: How the saliency was made.
    """

    def made() -> Json:
        keys = tuple(tile.key for _, tiles in groups for tile in tiles)
        pictures = load_pictures(comparison.run, keys)
        mapped = _maps(comparison, keys, method=method) if saliency == "always" else {}

        def item(tile: Tile) -> Item:
            picture, of = pictures.get(tile.key), mapped.get(tile.key)
            return _item(tile, id_=None, href="", comparison=comparison, picture=picture, of=of, size_px=_LARGE_PX)

        drawn = [(heading, [item(tile) for tile in tiles]) for heading, tiles in groups]
        return sheet_of(drawn, columns=columns, saliency=saliency)

    return Sheet(sheet=made)


def _maps(comparison: Comparison, keys: tuple[Key, ...], *, method: str) -> dict[Key, ImageMaps]:
    found: dict[Key, ImageMaps] = {}
    for model in dict.fromkeys(comparison.answering(dataset) for dataset, _ in keys):
        own = tuple(key for key in keys if comparison.answering(key[0]) == model)
        found |= maps(comparison.run, model=model, keys=own, method=method)
    return found


def overlay(of: ImageMaps, index: int) -> Overlay:
    """The map of the class with this index, as strong as it is beside the strongest of all."""
    values = base64.b64encode(of.of(index)).decode("ascii")
    return Overlay(values=values, height=of.height, width=of.width, strength=of.strength(index), peak=of.peak(index))


def _href(comparison: Comparison, address: Mapping[str, str | None]) -> str:
    given = {"page": "image", **comparison.address(), **address}
    return f"?{urlencode({key: value for key, value in given.items() if value is not None})}"


def _item(
    tile: Tile,
    *,
    id_: str | None,
    href: str,
    comparison: Comparison,
    picture: Picture | None,
    of: ImageMaps | None,
    size_px: int,
) -> Item:
    classes = runs.classes(comparison.run)
    return Item(
        id=id_,
        href=href,
        src=None if picture is None else images.thumbnail(comparison.run, picture, size_px=size_px),
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
