"""JPEG 2000, decoded no further than needed: the codestream stores a pyramid, and its fine levels cost most of the time."""

from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
from PIL import Image

from cxr_core.errors import ImageError
from cxr_core.images.decode.reduced import Gray, Reduced, check_size, halvings, whole

_BOX = b"\x00\x00\x00\x0cjP  "
_SOC, _SIZ, _COD, _SOT, _EOC = b"\xff\x4f", b"\xff\x51", b"\xff\x52", b"\xff\x90", b"\xff\xd9"


@dataclass(frozen=True, kw_only=True)
class Codestream:
    """What the main header of a JPEG 2000 codestream says.

    Attributes:
        data: From its first marker to its last.
        height: Of the image, px.
        width: Of the image, px.
        precision: Bits per sample.
        signed: Whether samples are two's complement.
        at_origin: Whether the image begins at the reference grid's origin, so that every level is sampled at even pixels.
        levels: How often it can be halved.
    """

    data: bytes
    height: int
    width: int
    precision: int
    signed: bool
    at_origin: bool
    levels: int


def parse(data: bytes) -> Codestream:
    """Reads the main header and follows the tile-parts to the end.

    Args:
        data: A codestream, or a JP2 file that holds one.

    Raises:
        ImageError: If the codestream is not whole or does not hold one gray image.

    Source:
        ISO/IEC 15444-1, Annex A: SIZ (A.5.1), COD (A.6.1), SOT (A.4.2).
    """
    try:
        return _parse(_unboxed(data))
    except (IndexError, ValueError):
        raise ImageError("Expected a JPEG 2000 codestream; found other bytes. Get the file again.") from None


def decode(stream: Codestream, *, size_px: int, reducible: bool) -> Reduced:
    """The image at the smallest resolution in the stream with both sides at least `size_px`.

    Args:
        stream: From `parse`.
        size_px: The least height and width wanted.
        reducible: False: decode it whole, because the levels' means would be of wrapped values.

    Returns:
        Samples counted from the least one that `precision` bits can hold, so that signed ones are never negative.

    Raises:
        ImageError: If the codestream is broken.
    """
    check_size(height=stream.height, width=stream.width)
    wanted = halvings(height=stream.height, width=stream.width, size_px=size_px)
    levels = min(wanted, stream.levels) if reducible and stream.at_origin else 0
    pixels = _decode_with_pillow(stream, levels=levels)
    step = 1 << levels
    start = 0.5 - step / 2
    return replace(whole(pixels), step=step, start=start, height=stream.height, width=stream.width)


def _unboxed(data: bytes) -> bytes:
    if not data.startswith(_BOX):
        return data
    place = 0
    while (length := int.from_bytes(data[place : place + 4], "big")) >= 8 and data[place + 4 : place + 8] != b"jp2c":
        place += length
    return data[place + 8 :]


def _parse(data: bytes) -> Codestream:
    if data[:4] != _SOC + _SIZ:
        raise ValueError
    x1, y1, x0, y0 = (_number(data, place, 4) for place in (8, 12, 16, 20))
    components, depth = _number(data, 40, 2), data[42]
    if components != 1:
        raise ImageError(f"Expected one gray component; found {components}. Leave colour images out.")
    levels, tiles = _levels(data)
    return Codestream(
        data=data[: _end(data, tiles)],
        height=y1 - y0,
        width=x1 - x0,
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
        at_origin=x0 == y0 == 0,
        levels=levels,
    )


def _levels(data: bytes) -> tuple[int, int]:
    """Levels below full resolution, and where the first tile-part begins."""
    place, levels = 2, 0
    while (marker := data[place : place + 2]) != _SOT:
        if marker == _COD:
            levels = data[place + 9]
        if marker[0] != 0xFF:
            raise ValueError
        place += 2 + _number(data, place + 2, 2)
    return levels, place


def _end(data: bytes, first: int) -> int:
    """Behind the end marker, reached from tile-part to tile-part: a stream that was cut off has no way there."""
    place = first
    while data[place : place + 2] == _SOT:
        length = _number(data, place + 6, 4)
        if length == 0:  # the last tile-part may leave its length open
            place = data.rfind(_EOC)
            break
        place += length
    if place < first or data[place : place + 2] != _EOC:
        raise ImageError("The JPEG 2000 codestream was cut off before its end. Get the file again.")
    return place + 2


def _number(data: bytes, place: int, size: int) -> int:
    if place + size > len(data):
        raise ValueError
    return int.from_bytes(data[place : place + size], "big")


def _decode_with_pillow(stream: Codestream, *, levels: int) -> Gray:
    step = 1 << levels
    try:
        with Image.open(BytesIO(stream.data), formats=["JPEG2000"]) as image:
            # Pillow rounds the reduced size to the nearest where the decoder rounds up, and then finds the stream broken.
            image._size = (-(-stream.width // step) * step, -(-stream.height // step) * step)
            image.reduce = levels
            pixels = np.asarray(image)
    except Exception:
        raise ImageError("The JPEG 2000 codestream is broken. Get the file again.") from None
    # Pillow shifts samples up to fill 8 or 16 bits.
    return pixels >> (8 * pixels.itemsize - stream.precision)
