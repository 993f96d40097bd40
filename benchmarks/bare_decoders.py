"""What reading a file and calling its decoder take by themselves: the limit of decoding."""

from pathlib import Path

import cv2
import imagecodecs
import numpy as np

from cxr_core.images.decode import codestream, jpeg2000

_J2K, _JPEG_IN_DICOM = b"\xff\x4f\xff\x51", b"\xff\xd8\xff"
_AT_LEAST_PX = 224
_READ = (
    cv2.IMREAD_GRAYSCALE,
    cv2.IMREAD_REDUCED_GRAYSCALE_2,
    cv2.IMREAD_REDUCED_GRAYSCALE_4,
    cv2.IMREAD_REDUCED_GRAYSCALE_8,
)


def read_and_decoded(path: Path) -> int:
    """Reads a file whole and decodes it at the coarsest resolution of at least 224 px that its format stores.

    Args:
        path: JPEG; or DICOM, of which nothing but the compressed stream is looked for. Uncompressed: the read alone.

    Returns:
        How many samples came out, at least 1.
    """
    data = path.read_bytes()
    if data.startswith(_JPEG_IN_DICOM):
        return _jpeg(data)
    if (at := data.find(_J2K, 132, 65_536)) > 0:
        return jpeg2000.decode(codestream.parse(data[at:]), size_px=_AT_LEAST_PX).pixels.size
    if (at := data.find(_JPEG_IN_DICOM, 132, 65_536)) > 0:
        return int(imagecodecs.jpeg8_decode(data[at:]).size)
    return len(data)


def _jpeg(data: bytes) -> int:
    height, width = _size(data)
    halved = 0
    while halved < 3 and min(height, width) >> (halved + 1) >= _AT_LEAST_PX:
        halved += 1
    return int(np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), _READ[halved])).size)


def _size(data: bytes) -> tuple[int, int]:
    """Height and width of a baseline JPEG, by its frame header (ITU-T T.81, B.2.2)."""
    place = 2
    while data[place + 1] not in {0xC0, 0xC1, 0xC2}:
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return int.from_bytes(data[place + 5 : place + 7], "big"), int.from_bytes(data[place + 7 : place + 9], "big")
