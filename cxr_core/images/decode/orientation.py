"""The orientation of an image in a JPEG or PNG file, and turning it upright."""

import warnings
from contextlib import suppress
from typing import cast

import numpy as np
from PIL import Image

from cxr_core.images.decode.reduced import Gray

UPRIGHT = 1
_TAG = 0x0112
_QUARTERS_AND_MIRROR = dict(
    enumerate(
        [(0, False), (0, True), (2, False), (2, True), (1, True), (3, False), (3, True), (1, False)], start=UPRIGHT
    )
)
"""For each orientation how often the mirrored or plain image is turned by 90 degrees against the clock."""


def noted(exif: bytes) -> int:
    """The orientation in a file's EXIF data, 1 to 8; 1 where there is none, or none that can be read.

    Args:
        exif: A TIFF header and its entries, without the letters "Exif" before it; may be empty.
    """
    value = UPRIGHT
    with warnings.catch_warnings(), suppress(Exception):  # a stranger's bytes can make a parser raise anything
        warnings.simplefilter("ignore")
        entries = Image.Exif()
        entries.load(exif)
        value = entries.get(_TAG, UPRIGHT)
    return value if value in _QUARTERS_AND_MIRROR else UPRIGHT


def turned(pixels: Gray, orientation: int) -> Gray:
    """An image as stored, shape ``(h, w)``, turned and mirrored as its orientation says.

    Args:
        pixels: As stored.
        orientation: 1 to 8.

    Source:
        CIPA DC-008 (EXIF 2.3), tag 274: where the 0th row and the 0th column of what is stored lie in the scene.
    """
    quarters, is_mirrored = _QUARTERS_AND_MIRROR[orientation]
    seen = np.fliplr(pixels) if is_mirrored else pixels
    return cast("Gray", np.ascontiguousarray(np.rot90(seen, quarters)))
