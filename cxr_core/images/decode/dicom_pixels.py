"""The pixels of a DICOM file, whatever its transfer syntax, reduced and in the order of their stored values."""

from dataclasses import dataclass, replace

from pydicom import uid
from pydicom.encaps import generate_fragments, get_frame, parse_basic_offsets

from cxr_core.errors import ImageError
from cxr_core.images.decode import codestream, damage, deep_jpeg, jpeg, jpeg2000, native, padding
from cxr_core.images.decode.bits import meant, roughness, stored_bits
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

JPEG = _JPEG | _JPEG_LS
"""What comes as a JPEG or JPEG-LS stream."""

EXACT = _NATIVE | {uid.RLELossless, uid.JPEGLossless, uid.JPEGLosslessSV1, uid.JPEGLSLossless}
"""What is decoded whole and without loss: such an image is known by its values, any other by its stream."""

_STARTS, _END = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51"), b"\xff\xd9"
"""How a JPEG or JPEG 2000 stream begins, and how both end."""


@dataclass(frozen=True, kw_only=True)
class StoredPixels:
    """Samples of a DICOM image, none of them negative.

    Attributes:
        image: At the resolution that is needed.
        zero: The stored value that a sample of 0 stands for.
        direction: 1, or -1 where a sample counts down from `zero`.
        values: All samples counted up from the least possible value, where all were decoded; else None.
    """

    image: Reduced
    zero: int
    direction: int = 1
    values: Gray | None = None


def decode(header: Header, pixel_data: memoryview, *, size_px: int) -> StoredPixels:
    """Decodes the one frame.

    Args:
        header: What the file says of it.
        pixel_data: The value of the Pixel Data element, as `header.read` gives it.
        size_px: The least height and width wanted.

    Raises:
        ImageError: If the pixels are cut off, damaged or not what the header says, or the transfer syntax is unknown.
    """
    if header.transfer_syntax in _NATIVE:
        values = native.decode(pixel_data, header=header)
        return _in_order(values, header=header, precision=header.bits_allocated, size_px=size_px)
    data = compressed(pixel_data)
    if header.transfer_syntax in _JPEG_2000:
        return _jpeg_2000(data, header=header, size_px=size_px)
    if header.transfer_syntax == uid.RLELossless:
        values = native.decode_rle(data, header=header)
        return _in_order(values, header=header, precision=header.bits_allocated, size_px=size_px)
    return _jpeg(data, header=header, size_px=size_px)


def compressed(pixel_data: memoryview) -> bytes:
    """The stream of a compressed frame, without the fragments that it came in.

    Raises:
        ImageError: If there are no fragments, or more than one frame, whatever the header says of their number.
    """
    with damage.refused("Expected a compressed frame in fragments; found other bytes. Get the file again."):
        data = bytes(pixel_data)
        frames = max(len(parse_basic_offsets(data)), _streams(data))
        if frames > 1:
            raise ImageError(f"Expected one frame; found {frames}. A radiograph has one: leave this file out.")
        return bytes(get_frame(data, 0, number_of_frames=1))


def _streams(pixel_data: bytes) -> int:
    """How many JPEG or JPEG 2000 streams begin with a fragment, where the one before has come to its end."""
    fragments = list(generate_fragments(pixel_data[8 + int.from_bytes(pixel_data[4:8], "little") :]))
    ended = [fragment.rstrip(b"\0").endswith(_END) for fragment in fragments]
    begun = [fragment.startswith(_STARTS) for fragment in fragments]
    return 1 + sum(end and start for end, start in zip(ended, begun[1:], strict=False))


def _in_order(patterns: Gray, *, header: Header, precision: int, size_px: int) -> StoredPixels:
    """Bit patterns become samples in the order of the stored values, or for MONOCHROME1 in the opposite one.

    So the rounding of means is the same for an image and its inverse, and the two end in the same pixels.
    """
    all_values, bits = stored_bits(patterns, header=header, precision=precision)
    one = all_values.dtype.type
    half, highest = 1 << bits - 1, (1 << bits) - 1
    if header.signed:
        all_values = (all_values + one(half)) & one(highest)
    zero, values = -half if header.signed else 0, all_values
    if header.padding is not None:
        values = padding.filled(all_values, patterns, header=header, zero=zero)
    if header.photometric == "MONOCHROME2":
        return StoredPixels(image=reduce(whole(values), size_px=size_px), zero=zero, values=all_values)
    turned = reduce(whole(one(highest) - values), size_px=size_px)
    return StoredPixels(image=turned, zero=zero + highest, direction=-1, values=all_values)


def _jpeg_2000(data: bytes, *, header: Header, size_px: int) -> StoredPixels:
    stream = codestream.parse(data)
    _check(header, height=stream.height, width=stream.width, precision=stream.precision)
    half = 1 << stream.precision - 1
    is_plain = stream.signed == header.signed and stream.precision <= header.bits_stored
    if is_plain and header.padding is None:
        image = jpeg2000.decode(stream, size_px=size_px)
        return StoredPixels(image=reduce(image, size_px=size_px), zero=-half if stream.signed else 0)
    # Padding, bits that do not count, and values that wrap around make the stream's own means worth nothing.
    pixels = jpeg2000.decode(stream, size_px=max(stream.height, stream.width)).pixels
    patterns = pixels ^ pixels.dtype.type(half) if stream.signed else pixels
    signed = _sign(patterns, header=header, stream=stream)
    return _in_order(patterns, header=replace(header, signed=signed), precision=stream.precision, size_px=size_px)


def _sign(patterns: Gray, *, header: Header, stream: codestream.Codestream) -> bool:
    """Whether the values are signed. Where the header and the stream disagree, the one that wraps no value is right."""
    if header.signed == stream.signed:
        return header.signed
    by_header, by_stream = (
        _roughness(patterns, header=replace(header, signed=signed), precision=stream.precision)
        for signed in (header.signed, stream.signed)
    )
    return header.signed if by_header <= by_stream else stream.signed


def _roughness(patterns: Gray, *, header: Header, precision: int) -> int:
    values, bits = stored_bits(patterns, header=header, precision=precision)
    return roughness(meant(values, bits=bits, signed=header.signed))


def _jpeg(data: bytes, *, header: Header, size_px: int) -> StoredPixels:
    if header.transfer_syntax not in JPEG:
        raise ImageError(
            "Expected JPEG, JPEG 2000, JPEG-LS, RLE or no compression; found another. Export the file again."
        )
    stream = jpeg.parse(data)
    _check(header, height=stream.height, width=stream.width, precision=stream.precision)
    if stream.components != 1:
        raise ImageError(f"Expected one gray component; found {stream.components}. Leave colour images out.")
    if header.transfer_syntax == uid.JPEGBaseline8Bit and not header.signed and header.padding is None:
        return StoredPixels(image=reduce(jpeg.decode(stream, size_px=size_px), size_px=size_px), zero=0)
    values = deep_jpeg.decode_ls(stream) if header.transfer_syntax in _JPEG_LS else deep_jpeg.decode(stream)
    return _in_order(values, header=header, precision=stream.precision, size_px=size_px)


def _check(header: Header, *, height: int, width: int, precision: int) -> None:
    if (height, width) != (header.rows, header.columns):
        expected = f"{header.columns} x {header.rows}"
        raise ImageError(
            f"Expected {expected} px as in the header; the image has {width} x {height}. Get the file again."
        )
    if precision > header.bits_allocated:
        expected = f"at most {header.bits_allocated} bits"
        raise ImageError(f"Expected {expected} as in the header; the image has {precision}. Get the file again.")
