"""A grid of pictures with captions; each is a link, and may carry saliency and boxes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.components.load import load
from dashboard.components.picture_menu import Json
from dashboard.results.maps import Peak

ShowSaliency = Literal["none", "hover", "always"]

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in fractions of the image."""

_HTML = '<div class="tiles"></div>'


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """A saliency map to lay over a picture.

    Attributes:
        values: ``height`` x ``width`` bytes in base64, 255 at the maximum of the map.
        height: Rows.
        width: Columns.
        strength: What its maximum is worth, in [0, 1].
        peak: Where it is strongest; None where it is nowhere positive.
        is_faint: It rests on too little to be read: gray, without contours and cross.
    """

    values: str
    height: int
    width: int
    strength: float = 1.0
    peak: Peak | None = None
    is_faint: bool = False


@dataclass(frozen=True, kw_only=True)
class Density:
    """How densely readers' boxes lie, of which a dashed line around half of the densest place is drawn.

    Attributes:
        values: ``side`` x ``side`` bytes in base64, 255 at the densest place.
        side: Rows and columns.
    """

    values: str
    side: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One picture.

    Attributes:
        id: What is told when it is clicked; None: it is no link.
        href: Where the link leads in a new tab, ``?...``.
        src: The picture as a data URI, stretched to a square; None shows black and says that it is not at hand.
        aspect: Width by height of the original.
        strong: The caption's first words.
        soft: The rest of the caption.
        alt: What the picture shows.
        mark: ``right`` and ``wrong`` stand before the caption as a check mark and a cross.
        overlay: Saliency; None for none.
        boxes: Drawn over the picture.
        density: Drawn over it where single boxes would be too many.
    """

    id: str | None
    href: str
    src: str | None
    aspect: float
    strong: str
    soft: str
    alt: str
    mark: Literal["right", "wrong"] | None = None
    overlay: Overlay | None = None
    boxes: tuple[Box, ...] = ()
    density: Density | None = None


def gallery(
    items: Sequence[Item],
    *,
    key: str,
    columns: int,
    saliency: ShowSaliency = "none",
    absent: str = "image not on this machine",
    absent_note: str = "",
    captions_alone: bool = False,
    on_open: Callable[[str], None],
) -> None:
    """Draws the grid.

    Args:
        items: In reading order.
        key: Of the widget, one on a page.
        columns: In a row, on a wide screen.
        saliency: Whether overlays are seen never, under the pointer or the focus, or always.
        absent: What a picture without pixels says.
        absent_note: What it says under the pointer, behind what it shows.
        captions_alone: There are no pictures, which is said elsewhere.
        on_open: Called with the id of the item that was clicked, before the next run of the script.
    """
    known = {item.id for item in items}

    def opened() -> None:
        target = st.session_state[key].opened
        if target is not None and target in known:
            on_open(target)

    load(__name__, html=_HTML, shared=("element", "contour", "overlay", "links"))(
        key=key,
        data={
            "items": [_sent(item) for item in items],
            "columns": columns,
            "saliency": saliency,
            "absent": absent,
            "absentNote": absent_note,
            "captionsAlone": captions_alone,
        },
        on_opened_change=opened,
    )


def sheet(groups: Sequence[tuple[str, Sequence[Item]]], *, columns: int, saliency: ShowSaliency = "none") -> Json:
    """Items as `shared/sheet.js` draws them.

    Args:
        groups: What stands above each group, plain text or empty, and its items.
        columns: In a row.
        saliency: How the items show it on the page: only what is always seen is in the picture.
    """

    def tile(item: Item) -> Json:
        sent = dict(_sent(item))
        return {
            **sent,
            "overlay": sent["overlay"] if saliency == "always" else None,
            "boxes": [{"corners": list(box)} for box in item.boxes],
        }

    return {
        "columns": columns,
        "groups": [{"heading": heading, "tiles": [tile(item) for item in items]} for heading, items in groups],
    }


def _sent(item: Item) -> Mapping[str, object]:
    return {
        "id": item.id,
        "href": item.href,
        "src": item.src,
        "aspect": item.aspect,
        "strong": item.strong,
        "soft": item.soft,
        "alt": item.alt,
        "mark": item.mark,
        "overlay": item.overlay and _overlay(item.overlay),
        "boxes": [list(box) for box in item.boxes],
        "density": item.density
        and {"values": item.density.values, "height": item.density.side, "width": item.density.side},
    }


def _overlay(over: Overlay) -> Mapping[str, object]:
    return {
        "values": over.values,
        "height": over.height,
        "width": over.width,
        "strength": over.strength,
        "peak": over.peak and [over.peak.x, over.peak.y],
        "diffuse": over.peak is not None and over.peak.is_diffuse,
        "faint": over.is_faint,
    }
