"""JPEG streams: whether they are whole, what they say of themselves, and decoding at a fraction of their resolution."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage, orientation
from cxr_core.images.decode.reduced import Gray, Reduced, check_size, halvings, whole

_MARKER_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_MARKER_AFTER_LS_SCAN = re.compile(rb"\xff[\x80-\xfe]", re.DOTALL)
_MARKER_AFTER_FILLING = re.compile(rb"\x00*\xff+([^\x00\xff])", re.DOTALL)
_START = re.compile(rb"\xff+\xd8")
_EOI, _SOS, _APP0, _APP1, _JPEG_LS = 0xD9, 0xDA, 0xE0, 0xE1, 0xF7
_EXIF, _JFIF = b"Exif\0\0", b"JFIF\0"
_WHOLE_SPECTRUM = b"\0\x3f\0"
_FRAMES = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8), _EOI})
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
        data: From its first marker to its end marker, without what fills the room between segments.
        frame: Where in it the parameters of the frame begin.
        precision: Bits per sample.
        height: Of the image, px.
        width: Of the image, px.
        components: 1 for gray, 3 for colour.
        exif: What a camera or a scanner noted; empty where nothing.
    """

    data: bytes
    frame: int
    precision: int
    height: int
    width: int
    components: int
    exif: bytes

    @property
    def may_end_padded(self) -> bool:
        """Whether a byte of zeros stands before the end marker, as some writers put it there."""
        return self.data[-3] == 0


def parse(data: bytes) -> Stream:
    """Follows the markers from the first to the last.

    Between segments the Standard allows fill bytes of 255; some writers leave zeros there, which hold nothing either.

    Args:
        data: A stream, with whatever after its end marker.

    Raises:
        ImageError: If the stream holds no image, or ends before its end marker.

    Source:
        ITU-T T.81, Annex B; T.87, Annex C, for JPEG-LS.
    """
    start = _START.match(data)
    if start is None:
        raise ImageError("Expected a JPEG stream; found other bytes. Get the file again.")
    parts, size, frame, exif, is_sequential = [b"\xff\xd8"], 2, 0, b"", False
    first, as_it_is = start.end() - 2, True
    for marker, found in _segments(data, start.end()):
        if marker in _FRAMES:
            frame, is_sequential = size + 2, marker in _SEQUENTIAL
        segment = _mended(marker, found, is_sequential=is_sequential)
        if marker == _APP1 and not exif and segment[4:].startswith(_EXIF):
            exif = segment[4 + len(_EXIF) :]
        as_it_is = as_it_is and data.startswith(segment, first + size)
        parts.append(segment)
        size += len(segment)
    whole_stream = data[first : first + size] if as_it_is else b"".join(parts)
    return _stream(whole_stream, frame=frame, exif=exif)


def decode(stream: Stream, *, size_px: int) -> Reduced:
    """An 8-bit image in gray, at 1, 1/2, 1/4 or 1/8 of its resolution, with both sides at least `size_px`.

    An orientation noted in the stream is not applied: in a DICOM file, only its header may turn an image.

    Raises:
        ImageError: If the stream is not of one or three components of 8 bits, or is damaged.
    """
    check_size(height=stream.height, width=stream.width)
    if stream.precision != 8 or stream.components not in {1, 3}:
        found = f"{stream.components} of {stream.precision}"
        raise ImageError(f"Expected 1 or 3 components of 8 bits; found {found}. Convert the file to gray.")
    count = min(3, halvings(height=stream.height, width=stream.width, size_px=size_px))
    with (
        damage.refused("The JPEG stream cannot be decoded. Get the file again."),
        damage.warnings_refused(may_end_padded=stream.may_end_padded),
    ):
        pixels = cv2.imdecode(np.frombuffer(stream.data, np.uint8), _READ[count] | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None or pixels.shape != (-(-stream.height // (1 << count)), -(-stream.width // (1 << count))):
        raise ImageError("The JPEG stream cannot be decoded. Get the file again.")
    return replace(whole(cast("Gray", pixels)), step=1 << count, height=stream.height, width=stream.width)


def decode_upright(stream: Stream, *, size_px: int) -> Reduced:
    """As `decode`, and turned as the stream's EXIF data say: the way every viewer shows a file of its own.

    A stream that is to be turned is decoded whole, since its samples must begin at the edges of the turned image.

    Raises:
        ImageError: As `decode`.
    """
    turn = orientation.noted(stream.exif) if stream.exif else orientation.UPRIGHT
    if turn == orientation.UPRIGHT:
        return decode(stream, size_px=size_px)
    return whole(orientation.turned(decode(stream, size_px=max(stream.height, stream.width)).pixels, turn))


def _segments(data: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Marker and whole of each segment; of a scan, with its data."""
    scan, marker = _MARKER_AFTER_SCAN, 0
    while marker != _EOI:
        found = _MARKER_AFTER_FILLING.match(data, place)
        if found is None:
            raise _cut_off()
        start, marker = found.start(1) - 1, data[found.start(1)]
        place = start + 2
        if marker not in _WITHOUT_LENGTH:
            place += _length(data, place)
        if marker == _JPEG_LS:
            scan = _MARKER_AFTER_LS_SCAN
        if marker == _SOS:
            place = _after_scan(data, place, scan)
        yield marker, data[start:place]


def _mended(marker: int, segment: bytes, *, is_sequential: bool) -> bytes:
    """A segment without what libjpeg would warn of and then ignore: it says its first warning only, and hides others.

    These are the major version of JFIF, and the parameters of a scan that only a progressive one has. A segment without
    such things is returned itself, so that nobody has to copy an image to leave it as it is.
    """
    if marker == _APP0 and segment.startswith(_JFIF, 4):
        return segment if segment[9:10] == b"\1" else segment[:9] + b"\1" + segment[10:]
    if marker == _SOS and is_sequential:
        end = 2 + int.from_bytes(segment[2:4], "big")
        is_usual = segment[end - 3 : end] == _WHOLE_SPECTRUM
        return segment if is_usual else segment[: end - 3] + _WHOLE_SPECTRUM + segment[end:]
    return segment


def _length(data: bytes, place: int) -> int:
    length = int.from_bytes(data[place : place + 2], "big")
    if length < 2:
        raise _cut_off()
    return length


def _after_scan(data: bytes, place: int, pattern: re.Pattern[bytes]) -> int:
    found = pattern.search(data, place)
    if found is None:
        raise _cut_off()
    return found.start()


def _stream(data: bytes, *, frame: int, exif: bytes) -> Stream:
    if not frame or frame + 8 > len(data):
        raise ImageError("Expected a JPEG stream with an image; found none. Get the file again.")
    return Stream(
        data=data,
        frame=frame,
        precision=data[frame + 2],
        height=int.from_bytes(data[frame + 3 : frame + 5], "big"),
        width=int.from_bytes(data[frame + 5 : frame + 7], "big"),
        components=data[frame + 7],
        exif=exif,
    )


def _cut_off() -> ImageError:
    return ImageError("The JPEG stream was cut off before its end. Get the file again.")
