"""The elements of a DICOM file that may be read, and a view of its pixels that copies nothing."""

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Literal, cast

from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32, STANDARD_VR

from cxr_core.errors import ImageError

_LARGEST_INFLATED_BYTES = 512 * 2**20
_LARGE_VALUE_BYTES = 2**20
_META_BYTES = 2048
_UNDEFINED = 0xFFFFFFFF
_ITEM, _DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"
_PIXEL_DATA = 0x7FE00010


def parse(data: bytes, *, allowed: Sequence[str]) -> tuple[Dataset, memoryview]:
    """The allowed elements of a DICOM file, and where its pixels stand.

    Args:
        data: The whole file, with or without its preamble.
        allowed: Keywords of the elements to be read, Pixel Data among them.

    Returns:
        The data set, and a view of the pixels as they are encoded: of a compressed file, its items.

    Raises:
        ImageError: If the file names no transfer syntax, has no whole pixels, or inflates to more than memory bears.
        Exception: Whatever pydicom raises over damaged elements.
    """
    inflated = _inflated(data)
    # Large values are left where they are: a copy of the pixels costs more time than all else here.
    left = _LARGE_VALUE_BYTES if inflated is None else None
    dataset = dcmread(BytesIO(data), specific_tags=list(allowed), force=True, defer_size=left)
    if not dataset.file_meta.get("TransferSyntaxUID"):
        raise ImageError("Expected a DICOM file that names its transfer syntax; this one does not. Export it again.")
    pixels = _pixels(dataset, data if inflated is None else inflated)
    if not pixels:
        raise ImageError("Expected a DICOM file with pixels; found no Pixel Data. If it was cut off, get it again.")
    return dataset, pixels


def _pixels(dataset: Dataset, data: bytes) -> memoryview:
    """The value of Pixel Data where it stands in the file, or in what was inflated of it."""
    if "PixelData" not in dataset:
        return memoryview(b"")
    element = cast("RawDataElement", dataset.get_item("PixelData", keep_deferred=True))
    start = element.value_tell
    if element.length == _UNDEFINED:
        return memoryview(data)[start : _end_of_items(data, start)]
    end = start + element.length
    is_implicit, is_little = dataset.original_encoding
    place = end
    while place < len(data):
        place = _end_of_element(data, place, is_implicit=bool(is_implicit), order="little" if is_little else "big")
    return memoryview(data)[start:end]


def _end_of_element(data: bytes, place: int, *, is_implicit: bool, order: Literal["little", "big"]) -> int:
    """Where an element ends that follows the pixels. What is none was a part of them: bytes were put in before it.

    An explicit one has a value representation that exists; an implicit one must come after the pixels by its tag.
    """
    kind = data[place + 4 : place + 6].decode("latin-1")
    if is_implicit:
        head, size = 8, 4
        group, element = (int.from_bytes(data[place + at : place + at + 2], order) for at in (0, 2))
        is_element = (group << 16) + element > _PIXEL_DATA
    else:
        is_element = kind in STANDARD_VR
        head, size = (12, 4) if kind in EXPLICIT_VR_LENGTH_32 else (8, 2)
    length = int.from_bytes(data[place + head - size : place + head], order)
    if is_element and length == _UNDEFINED:
        return len(data)
    if not is_element or place + head + length > len(data):
        raise ImageError("Expected the file to end with its pixels; other bytes follow them. Get the file again.")
    return place + head + length


def _end_of_items(data: bytes, start: int) -> int:
    """Where the sequence delimiter stands that ends pixels of undefined length: PS3.5, A.4."""
    place = start
    while data[place : place + 4] == _ITEM:
        place += 8 + int.from_bytes(data[place + 4 : place + 8], "little")
    if data[place : place + 4] != _DELIMITER:
        raise ImageError("Expected pixels in whole fragments; the last one was cut off. Get the file again.")
    return place


def _inflated(data: bytes) -> bytes | None:
    """The data set of a deflated file; None of others."""
    if DeflatedExplicitVRLittleEndian.encode() not in data[:_META_BYTES]:
        return None
    start = 144 + int.from_bytes(data[140:144], "little")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflate.decompress(data[start:], _LARGEST_INFLATED_BYTES)
    if len(inflated) == _LARGEST_INFLATED_BYTES:
        raise ImageError(f"Expected at most {_LARGEST_INFLATED_BYTES} bytes in a deflated file; it inflates to more.")
    # Some writers put the checksum and the length behind it that a gzip file ends with.
    checked = zlib.crc32(inflated).to_bytes(4, "little") + len(inflated).to_bytes(4, "little")
    if not inflate.eof or inflate.unused_data not in {b"", b"\0", checked}:
        raise ImageError("Expected a deflated file that ends with its data; this one is damaged. Get the file again.")
    return inflated
