"""JPEG 2000, decoded no further than needed: a pyramid is stored, and its finest levels cost most of the time."""

from dataclasses import replace
from io import BytesIO
from typing import cast

import numpy as np
from PIL import Image

from cxr_core.images.decode import damage
from cxr_core.images.decode.codestream import Codestream
from cxr_core.images.decode.reduced import Gray, Reduced, halvings, whole


def decode(stream: Codestream, *, size_px: int) -> Reduced:
    """The image at the lowest resolution in the stream with both sides at least `size_px`.

    Args:
        stream: From `codestream.parse`.
        size_px: The least height and width wanted.

    Returns:
        Samples counted up from the least that can be stored, so that signed ones are not negative either.

    Raises:
        ImageError: If the codestream is damaged.
    """
    levels = min(stream.levels, halvings(height=stream.height, width=stream.width, size_px=size_px))
    step = 1 << levels
    pixels = _decode_level(stream, levels=levels)
    # Sample i sits at the pixel i * step, the middle of what it stands for.
    return replace(whole(pixels), step=step, start=(1 - step) / 2, height=stream.height, width=stream.width)


def _decode_level(stream: Codestream, *, levels: int) -> Gray:
    step = 1 << levels
    with (
        damage.refused("The JPEG 2000 codestream is damaged. Get the file again."),
        Image.open(BytesIO(stream.data), formats=["JPEG2000"]) as image,
    ):
        # Pillow rounds the reduced size to the nearest where the decoder rounds up, and would call the stream broken.
        multiples = (-(-stream.width // step) * step, -(-stream.height // step) * step)
        image._size = multiples  # noqa: SLF001 - no public way
        image.reduce = levels  # type: ignore[method-assign, assignment] # this format's attribute, not the method
        pixels = cast("Gray", np.asarray(image))
        if pixels.shape != (multiples[1] // step, multiples[0] // step):
            raise ValueError
    # Pillow shifts samples up to fill 8 or 16 bits.
    return cast("Gray", pixels >> pixels.dtype.type(8 * pixels.itemsize - stream.precision))
