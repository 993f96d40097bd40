"""Pixels that are not compressed, and those of RLE, which DICOM defines itself."""

import struct
from typing import cast

import imagecodecs
import numpy as np
from pydicom import uid

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.reduced import Gray

_PADDING_BYTES = 128
"""Excess padding of this length is known from files, however small the image."""
_A_ZERO = b"\0\0"
"""A run of RLE: one byte follows as it is, a zero."""


def decode(data: memoryview, *, header: Header) -> Gray:
    """The samples of an image that is not compressed.

    Args:
        data: The value of Pixel Data.
        header: What the file says of it.

    Returns:
        Shape ``(rows, columns)``, unsigned: negative values as bit patterns.

    Raises:
        ImageError: If there are too few bytes, or more than padding can be.
    """
    size = header.bits_allocated // 8
    expected = header.rows * header.columns * size
    if len(data) < expected or not _is_padding(data[expected:], header=header):
        raise ImageError(
            f"Expected {expected} bytes for {header.columns} x {header.rows} px of {header.bits_allocated} bits; found "
            f"{len(data)}. The file was cut off or its header is wrong: get it again."
        )
    order = ">" if header.transfer_syntax == uid.ExplicitVRBigEndian else "<"
    values = np.frombuffer(data, dtype=f"{order}u{size}", count=header.rows * header.columns)
    return values.reshape(header.rows, header.columns).astype(f"=u{size}", copy=False)


def decode_rle(data: bytes, *, header: Header) -> Gray:
    """The samples of an image in RLE: segments of bytes, the highest of every sample first.

    A header of 64 bytes says where each begins, which the decoder would trust blindly.

    Args:
        data: The frame.
        header: What the file says of it.

    Returns:
        As `decode`.

    Raises:
        ImageError: If a segment does not hold as many bytes as the image has pixels.

    Source:
        DICOM PS3.5, Annex G.
    """
    size = header.bits_allocated // 8
    with damage.refused("Expected as many pixels of RLE as the header says; found others. Get the file again."):
        count, *starts = struct.unpack("<16L", data[:64])
        ends = [*starts[1:size], len(data)]
        if count != size or starts[0] != 64 or not all(start < end for start, end in zip(starts, ends, strict=False)):
            raise ValueError
        planes = [_plane(data[start:end], header=header) for start, end in zip(starts, ends, strict=False)]
    values = np.stack(planes, axis=-1).view(f">u{size}").astype(f"=u{size}")
    return cast("Gray", values.reshape(header.rows, header.columns))


def _plane(segment: bytes, *, header: Header) -> Gray:
    """The bytes of one place in every sample. Damage in a segment shows as too few of them, or too many."""
    count = header.rows * header.columns
    decoded = imagecodecs.packbits_decode(segment, out=bytearray(count + 1))
    if len(decoded) > count and segment.endswith(_A_ZERO):  # made even by bytes that are decoded
        decoded = imagecodecs.packbits_decode(segment[: -len(_A_ZERO)], out=bytearray(count + 1))
    if len(decoded) != count:
        raise ValueError
    return np.frombuffer(decoded, np.uint8)


def _is_padding(excess: memoryview, *, header: Header) -> bool:
    """Whether bytes behind the last pixel are no image: one to make them even, or zeros, fewer than a row or column.

    The Standard asks readers to accept the excess padding of older writers and does not say how much (PS3.5, 8.1.1).
    What is a row or a column longer may as well be an image of another shape, black at its end.
    """
    size = header.bits_allocated // 8
    if len(excess) <= header.rows * header.columns * size % 2:
        return True
    least = min(header.rows, header.columns) * size
    return len(excess) <= max(_PADDING_BYTES, least - 1) and not any(excess)
