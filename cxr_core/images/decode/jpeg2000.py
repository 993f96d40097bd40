"""JPEG 2000, decoded no further than needed: a pyramid is stored, and its finest levels cost most of the time."""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import cast

import numpy as np
from PIL import Image

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.reduced import Gray, Reduced, check_size, halvings, whole

_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "
_SOC, _SIZ, _COD, _SOT, _EOC = b"\xff\x4f", b"\xff\x51", b"\xff\x52", b"\xff\x90", b"\xff\xd9"


@dataclass(frozen=True, kw_only=True)
class Codestream:
    """What the main header of a codestream says.

    Attributes:
        data: From its first marker to its last.
        height: Of the image, px.
        width: Of the image, px.
        precision: Bits per sample, 1 to 16.
        signed: Whether samples are signed.
        levels: How often it can be halved; 0 where the levels are not sampled at even pixels.
    """

    data: bytes
    height: int
    width: int
    precision: int
    signed: bool
    levels: int


def parse(data: bytes) -> Codestream:
    """Reads the main header, and follows the tile-parts to the end.

    Args:
        data: A codestream, or a JP2 file that holds one.

    Raises:
        ImageError: If the codestream is not whole, or does not hold one gray image of at most 16 bits.

    Source:
        ISO/IEC 15444-1, Annex A: SIZ (A.5.1), COD (A.6.1), SOT (A.4.2); Annex I for JP2.
    """
    with damage.refused("Expected a JPEG 2000 codestream; found other bytes. Get the file again."):
        stream = _parse(_unboxed(data))
    check_size(height=stream.height, width=stream.width)
    if stream.precision > 16:
        raise ImageError(f"Expected at most 16 bits of JPEG 2000; found {stream.precision}. Leave the file out.")
    return stream


def decode(stream: Codestream, *, size_px: int) -> Reduced:
    """The image at the lowest resolution in the stream with both sides at least `size_px`.

    Args:
        stream: From `parse`.
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


def _unboxed(data: bytes) -> bytes:
    if not data.startswith(_JP2_SIGNATURE):
        return data
    place = 0
    while data[place + 4 : place + 8] != b"jp2c":
        length = _number(data, place, 4)
        if length < 8:
            raise ValueError
        place += length
    return data[place + 8 :]


def _parse(data: bytes) -> Codestream:
    if data[:4] != _SOC + _SIZ:
        raise ValueError
    x1, y1, x0, y0 = (_number(data, place, 4) for place in (8, 12, 16, 20))
    components, depth = _number(data, 40, 2), data[42]
    if components != 1:
        raise ImageError(f"Expected one gray component; found {components}. Leave colour images out.")
    levels, first_tile = _main_header(data)
    return Codestream(
        data=data[: _end(data, first_tile)],
        height=y1 - y0,
        width=x1 - x0,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
        levels=levels if x0 == y0 == 0 else 0,
    )


def _main_header(data: bytes) -> tuple[int, int]:
    """How often the image can be halved, and where the first tile-part begins."""
    place, levels = 2, 0
    while data[place : place + 2] != _SOT:
        if data[place] != 0xFF:
            raise ValueError
        if data[place : place + 2] == _COD:
            levels = data[place + 9]
        place += 2 + _number(data, place + 2, 2)
    return levels, place


def _end(data: bytes, first_tile: int) -> int:
    """Behind the last marker, reached from tile-part to tile-part: a stream that was cut off has no way there."""
    place = first_tile
    while data[place : place + 2] == _SOT:
        length = _number(data, place + 6, 4)
        # The last tile-part may leave its length open; then the end marker is the last one in the data.
        place = place + length if length else max(data.rfind(_EOC), place + 1)
    if data[place : place + 2] != _EOC:
        raise ImageError("The JPEG 2000 codestream was cut off before its end. Get the file again.")
    return place + 2


def _number(data: bytes, place: int, size: int) -> int:
    if place + size > len(data):
        raise ValueError
    return int.from_bytes(data[place : place + size], "big")
