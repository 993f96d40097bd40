"""JPEG streams: whether they are whole, what they say of themselves, and decoding at a fraction of their resolution."""

import re
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.reduced import Gray, Reduced, check_size, halvings, whole

_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_MARKER_AFTER_LS_SCAN = re.compile(rb"\xff[\x80-\xfe]", re.DOTALL)
_SOI, _EOI, _SOS, _JPEG_LS = 0xD8, 0xD9, 0xDA, 0xF7
_FRAMES = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_READ = (
    cv2.IMREAD_GRAYSCALE,
    cv2.IMREAD_REDUCED_GRAYSCALE_2,
    cv2.IMREAD_REDUCED_GRAYSCALE_4,
    cv2.IMREAD_REDUCED_GRAYSCALE_8,
)


@dataclass(frozen=True, kw_only=True)
class Stream:
    """What a JPEG or JPEG-LS stream says of itself.

    Attributes:
        data: From its first marker to its end marker.
        precision: Bits per sample.
        height: Of the image, px.
        width: Of the image, px.
        components: 1 for gray, 3 for colour.
    """

    data: bytes
    precision: int
    height: int
    width: int
    components: int


def parse(data: bytes) -> Stream:
    """Follows the markers from the first to the last.

    Args:
        data: A stream, with whatever after its end marker.

    Raises:
        ImageError: If the stream holds no image, or ends before its end marker.

    Source:
        ITU-T T.81, Annex B; T.87, Annex C, for JPEG-LS.
    """
    if data[:2] != bytes((0xFF, _SOI)):
        raise ImageError("Expected a JPEG stream; found other bytes. Get the file again.")
    place, frame, scan = 2, 0, _MARKER_AFTER_SCAN
    while True:
        place, marker = _next_marker(data, place)
        if marker == _EOI:
            return _stream(data[:place], frame)
        if marker in _WITHOUT_LENGTH:
            continue
        if marker in _FRAMES:
            frame, scan = place, _MARKER_AFTER_LS_SCAN if marker == _JPEG_LS else _MARKER_AFTER_SCAN
        place += int.from_bytes(data[place : place + 2], "big")
        if marker == _SOS:
            place = _after_scan(data, place, scan)


def decode(stream: Stream, *, size_px: int) -> Reduced:
    """An 8-bit image in gray, at 1, 1/2, 1/4 or 1/8 of its resolution, with both sides at least `size_px`.

    An orientation that a camera noted in the file is not applied: readers' boxes are in pixels as they are stored.

    Raises:
        ImageError: If the stream is not of one or three components of 8 bits, or is damaged.
    """
    check_size(height=stream.height, width=stream.width)
    if stream.precision != 8 or stream.components not in {1, 3}:
        found = f"{stream.components} of {stream.precision}"
        raise ImageError(f"Expected 1 or 3 components of 8 bits; found {found}. Convert the file to gray.")
    count = min(3, halvings(height=stream.height, width=stream.width, size_px=size_px))
    with damage.refused("The JPEG stream cannot be decoded. Get the file again."), damage.warnings_refused():
        pixels = cv2.imdecode(np.frombuffer(stream.data, np.uint8), _READ[count] | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None or pixels.shape != (-(-stream.height // (1 << count)), -(-stream.width // (1 << count))):
        raise ImageError("The JPEG stream cannot be decoded. Get the file again.")
    return replace(whole(cast("Gray", pixels)), step=1 << count, height=stream.height, width=stream.width)


def _next_marker(data: bytes, place: int) -> tuple[int, int]:
    while data[place : place + 2] == b"\xff\xff":
        place += 1
    if place + 2 > len(data) or data[place] != 0xFF:
        raise _cut_off()
    return place + 2, data[place + 1]


def _after_scan(data: bytes, place: int, pattern: re.Pattern[bytes]) -> int:
    found = pattern.search(data, place)
    if found is None:
        raise _cut_off()
    return found.start()


def _stream(data: bytes, frame: int) -> Stream:
    if not frame or frame + 8 > len(data):
        raise ImageError("Expected a JPEG stream with an image; found none. Get the file again.")
    return Stream(
        data=data,
        precision=data[frame + 2],
        height=int.from_bytes(data[frame + 3 : frame + 5], "big"),
        width=int.from_bytes(data[frame + 5 : frame + 7], "big"),
        components=data[frame + 7],
    )


def _cut_off() -> ImageError:
    return ImageError("The JPEG stream was cut off before its end. Get the file again.")
