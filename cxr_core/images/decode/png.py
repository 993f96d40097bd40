"""PNG files, 8 or 16 bit: whether every chunk is whole, and their gray."""

import zlib
from typing import cast

import cv2
import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage, orientation
from cxr_core.images.decode.reduced import Gray, Reduced, check_size, whole

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def decode(data: bytes) -> Reduced:
    """The whole image in gray, 8 or 16 bit as it is stored, turned upright; colours become their luminance.

    Args:
        data: The file.

    Raises:
        ImageError: If a chunk is missing or damaged, a pixel is transparent, or there are several pictures.
    """
    exif = _exif_of_whole(data)
    height, width = int.from_bytes(data[20:24], "big"), int.from_bytes(data[16:20], "big")
    check_size(height=height, width=width)
    with damage.refused("The PNG file cannot be decoded. Get it again."):
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.shape[:2] != (height, width) or pixels.dtype not in (np.uint8, np.uint16):
        raise ImageError("The PNG file cannot be decoded. Get it again.")
    return whole(orientation.turned(_gray(cast("Gray", pixels)), orientation.noted(exif)))


def _exif_of_whole(data: bytes) -> bytes:
    """The EXIF data of a whole file: each chunk carries a checksum, and the last is empty and called IEND."""
    place, kind, exif = len(SIGNATURE), b"", b""
    while kind != b"IEND":
        length = int.from_bytes(data[place : place + 4], "big")
        body = data[place + 4 : place + 8 + length]
        check = data[place + 8 + length : place + 12 + length]
        if len(check) < 4 or zlib.crc32(body) != int.from_bytes(check, "big"):
            raise ImageError("The PNG file was cut off or is damaged. Get it again.")
        if not kind and body[:4] != b"IHDR":
            raise ImageError("Expected a PNG file that begins with its header; found another chunk. Get it again.")
        kind = body[:4]
        if kind == b"acTL":
            raise ImageError("Expected one picture; found an animation. A radiograph is one: save it as such.")
        if kind == b"eXIf" and not exif:
            exif = body[4:]
        place += 12 + length
    return exif


def _gray(pixels: Gray) -> Gray:
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] in {2, 4} and pixels[..., -1].min() < np.iinfo(pixels.dtype).max:
        raise ImageError("Expected an opaque image; found transparent pixels. Save it without an alpha channel.")
    colours = np.ascontiguousarray(pixels[..., :3])
    return cast("Gray", cv2.cvtColor(colours, cv2.COLOR_BGR2GRAY))
