"""The pixels of a DICOM file, whatever its transfer syntax, reduced and in the order of their stored values."""

import struct
from dataclasses import dataclass
from typing import cast

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.encaps import get_frame

from cxr_core.errors import ImageError
from cxr_core.images.decode import codestream, damage, jpeg, jpeg2000
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.reduced import Gray, Reduced, reduce, whole

_NATIVE = frozenset(
    {
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.DeflatedExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
    }
)
_JPEG_2000 = frozenset({uid.JPEG2000Lossless, uid.JPEG2000, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K})
_JPEG = frozenset({uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1})
_JPEG_LS = frozenset({uid.JPEGLSLossless, uid.JPEGLSNearLossless})


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Samples of a DICOM image, none of them negative.

    Attributes:
        image: At the resolution that is needed.
        zero: The stored value that a sample of 0 stands for.
        direction: 1, or -1 where a sample counts down from `zero`.
    """

    image: Reduced
    zero: int
    direction: int = 1


def decode(header: Header, pixel_data: memoryview, *, size_px: int) -> Stored:
    """Decodes the one frame.

    Args:
        header: What the file says of it.
        pixel_data: The value of the Pixel Data element, as `header.read` gives it.
        size_px: The least height and width wanted.

    Raises:
        ImageError: If the pixels are cut off, damaged or not what the header says, or the transfer syntax is unknown.
    """
    if header.transfer_syntax in _NATIVE:
        return _in_order(_native(header, pixel_data), header=header, bits=header.bits_stored, size_px=size_px)
    with damage.refused("Expected a compressed frame in fragments; found other bytes. Get the file again."):
        data = get_frame(bytes(pixel_data), 0, number_of_frames=1)
    if header.transfer_syntax in _JPEG_2000:
        return _jpeg_2000(data, header=header, size_px=size_px)
    if header.transfer_syntax == uid.RLELossless:
        return _in_order(_rle(data, header), header=header, bits=header.bits_stored, size_px=size_px)
    return _jpeg(data, header=header, size_px=size_px)


def _in_order(values: Gray, *, header: Header, bits: int, size_px: int) -> Stored:
    """Bit patterns become samples in the order of the stored values, or for MONOCHROME1 in the opposite one.

    So the rounding of means is the same for an image and its inverse, and the two end in the same pixels.
    """
    if header.signed:
        bits = min(bits, header.bits_stored)
    half, highest = 1 << bits - 1, (1 << bits) - 1
    if header.signed:
        values = values + values.dtype.type(half)
    image = whole(values)
    # The bits above a signed value may repeat its sign or be 0.
    if image.highest > (highest + half if header.signed else highest):
        raise ImageError(f"Expected values of {bits} bits; found others. Correct the header, or the overlay in them.")
    if header.signed:
        image = whole(values & values.dtype.type(highest))
    zero = -half if header.signed else 0
    if header.photometric == "MONOCHROME2":
        return Stored(image=reduce(image, size_px=size_px), zero=zero)
    turned = whole(values.dtype.type(highest) - image.pixels)
    return Stored(image=reduce(turned, size_px=size_px), zero=zero + highest, direction=-1)


def _native(header: Header, data: memoryview) -> Gray:
    size = header.bits_allocated // 8
    expected = header.rows * header.columns * size
    if not expected <= len(data) <= expected + expected % 2:
        raise ImageError(
            f"Expected {expected} bytes for {header.columns} x {header.rows} px of {header.bits_allocated} bits; found "
            f"{len(data)}. The file was cut off or its header is wrong: get it again."
        )
    order = ">" if header.transfer_syntax == uid.ExplicitVRBigEndian else "<"
    values = np.frombuffer(data, dtype=f"{order}u{size}", count=header.rows * header.columns)
    return values.reshape(header.rows, header.columns).astype(f"=u{size}", copy=False)


def _jpeg_2000(data: bytes, *, header: Header, size_px: int) -> Stored:
    stream = codestream.parse(data)
    _check(header, height=stream.height, width=stream.width, precision=stream.precision)
    if stream.signed and not header.signed:
        raise ImageError("Expected unsigned values as in the header; the image has signed ones. Correct the header.")
    if stream.signed == header.signed:
        image = jpeg2000.decode(stream, size_px=size_px)
        return Stored(image=reduce(image, size_px=size_px), zero=-(1 << stream.precision - 1) if stream.signed else 0)
    # Signed values encoded as unsigned ones wrap around, so that the stream's own means of them are worth nothing.
    pixels = jpeg2000.decode(stream, size_px=max(stream.height, stream.width)).pixels
    return _in_order(pixels, header=header, bits=stream.precision, size_px=size_px)


def _jpeg(data: bytes, *, header: Header, size_px: int) -> Stored:
    if header.transfer_syntax not in _JPEG | _JPEG_LS:
        raise ImageError(
            "Expected JPEG, JPEG 2000, JPEG-LS, RLE or no compression; found another. Export the file again."
        )
    stream = jpeg.parse(data)
    _check(header, height=stream.height, width=stream.width, precision=stream.precision)
    if stream.components != 1:
        raise ImageError(f"Expected one gray component; found {stream.components}. Leave colour images out.")
    if header.transfer_syntax == uid.JPEGBaseline8Bit and not header.signed:
        return Stored(image=reduce(jpeg.decode(stream, size_px=size_px), size_px=size_px), zero=0)
    decoder = imagecodecs.jpegls_decode if header.transfer_syntax in _JPEG_LS else imagecodecs.jpeg8_decode
    with damage.refused("The JPEG stream is damaged. Get the file again."):
        pixels = cast("Gray", decoder(stream.data))
    return _in_order(pixels, header=header, bits=stream.precision, size_px=size_px)


def _rle(data: bytes, header: Header) -> Gray:
    """DICOM PS3.5, Annex G: a header of 64 bytes says where each segment begins. The decoder trusts it blindly."""
    size = header.bits_allocated // 8
    with damage.refused("Expected as many pixels of RLE as the header says. Get the file again."):
        count, *starts = struct.unpack("<16L", data[:64])
        if count != size or starts[0] != 64 or not all(64 <= start < len(data) for start in starts[:size]):
            raise ValueError
        values = np.frombuffer(imagecodecs.dicomrle_decode(data, f"<u{size}"), f"<u{size}")
        return cast("Gray", values.reshape(header.rows, header.columns))


def _check(header: Header, *, height: int, width: int, precision: int) -> None:
    if (height, width) != (header.rows, header.columns):
        expected = f"{header.columns} x {header.rows}"
        raise ImageError(
            f"Expected {expected} px as in the header; the image has {width} x {height}. Get the file again."
        )
    if precision > header.bits_allocated:
        expected = f"at most {header.bits_allocated} bits"
        raise ImageError(f"Expected {expected} as in the header; the image has {precision}. Get the file again.")
