"""A grid of pictures with captions; each is a link, and may carry saliency and boxes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.components.load import load

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
    """

    values: str
    height: int
    width: int
    strength: float = 1.0


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


def gallery(
    items: Sequence[Item],
    *,
    key: str,
    columns: int,
    saliency: ShowSaliency = "none",
    absent: str = "image not on this machine",
    absent_note: str = "",
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
        on_open: Called with the id of the item that was clicked, before the next run of the script.
    """
    known = {item.id for item in items}

    def opened() -> None:
        target = st.session_state[key].opened
        if target is not None and target in known:
            on_open(target)

    load(__name__, html=_HTML, shared=("element", "overlay", "links"))(
        key=key,
        data={
            "items": [_sent(item) for item in items],
            "columns": columns,
            "saliency": saliency,
            "absent": absent,
            "absentNote": absent_note,
        },
        on_opened_change=opened,
    )


def _sent(item: Item) -> Mapping[str, object]:
    over = item.overlay
    return {
        "id": item.id,
        "href": item.href,
        "src": item.src,
        "aspect": item.aspect,
        "strong": item.strong,
        "soft": item.soft,
        "alt": item.alt,
        "mark": item.mark,
        "overlay": over
        and {"values": over.values, "height": over.height, "width": over.width, "strength": over.strength},
        "boxes": [list(box) for box in item.boxes],
    }
