"""A gray image at the resolution that is needed, which still knows where its samples lie in the full image."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cxr_core.errors import ImageError

Gray = npt.NDArray[np.uint8 | np.uint16]

LARGEST_SIDE_PX = 20_000
LARGEST_AREA_PX = 80_000_000
"""What a radiograph can be, even film scanned at 50 micrometres; larger claims are refused before memory is taken."""


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """Samples of a gray image.

    Sample ``i`` of a row covers the full image from ``start + i * step`` to ``start + (i + 1) * step``, in pixels from
    the left edge; of a column, from the upper edge. Means of 2 x 2 pixels start at 0; a level of a JPEG 2000 pyramid is
    sampled at even pixels, and so its first sample starts before the edge.

    Attributes:
        pixels: Shape ``(h, w)``.
        step: Full-resolution pixels per sample, a power of two.
        start: Where the first sample begins, in full-resolution pixels.
        height: Of the full image, px.
        width: Of the full image, px.
        lowest: The least sample, at full resolution where that was decoded.
        highest: The greatest, likewise.
    """

    pixels: Gray
    step: int
    start: float
    height: int
    width: int
    lowest: int
    highest: int


def whole(pixels: Gray) -> Reduced:
    """An image at full resolution, shape ``(h, w)``."""
    lowest, highest, _, _ = cv2.minMaxLoc(pixels)
    height, width = pixels.shape
    return Reduced(
        pixels=pixels, step=1, start=0.0, height=height, width=width, lowest=int(lowest), highest=int(highest)
    )


def halvings(*, height: int, width: int, size_px: int) -> int:
    """How often both sides can be halved, a last odd pixel left out, so that neither falls below `size_px`."""
    count = 0
    while min(height, width) >> (count + 1) >= size_px:
        count += 1
    return count


def reduce(image: Reduced, *, size_px: int) -> Reduced:
    """Halves both sides by exact 2 x 2 means, rounded half up, as often as neither falls below `size_px`.

    A last odd row or column is left out of the means; harmonization lets the sample before it stand for it.
    """
    pixels = image.pixels
    count = halvings(height=pixels.shape[0], width=pixels.shape[1], size_px=size_px)
    for _ in range(count):
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        even = pixels[: 2 * height, : 2 * width]
        pixels = cast("Gray", cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))
    return replace(image, pixels=pixels, step=image.step << count)


def check_size(*, height: int, width: int) -> None:
    """Refuses what no radiograph can be, before memory is taken for it.

    Raises:
        ImageError: If a side is 0 or too long, or the area too large.
    """
    sides = 0 < height <= LARGEST_SIDE_PX and 0 < width <= LARGEST_SIDE_PX
    if not sides or height * width > LARGEST_AREA_PX:
        raise ImageError(
            f"Expected sides of 1 to {LARGEST_SIDE_PX} px and at most {LARGEST_AREA_PX} px in all; the file says "
            f"{width} x {height} px. Leave it out, or make a smaller copy."
        )
