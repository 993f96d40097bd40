"""The elements of a DICOM file that may be read, and a view of its pixels that copies nothing."""

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import cast

from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from cxr_core.errors import ImageError

_LARGEST_INFLATED_BYTES = 512 * 2**20
_LARGE_VALUE_BYTES = 2**20
_META_BYTES = 2048
_UNDEFINED = 0xFFFFFFFF
_ITEM, _DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"


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
    _refuse_deflate_bomb(data)
    deflated = DeflatedExplicitVRLittleEndian.encode() in data[:_META_BYTES]
    # Large values are left where they are: a copy of the pixels costs more time than all else here.
    left = None if deflated else _LARGE_VALUE_BYTES
    dataset = dcmread(BytesIO(data), specific_tags=list(allowed), force=True, defer_size=left)
    if not dataset.file_meta.get("TransferSyntaxUID"):
        raise ImageError("Expected a DICOM file that names its transfer syntax; this one does not. Export it again.")
    pixels = _pixels(dataset, None if deflated else data)
    if not pixels:
        raise ImageError("Expected a DICOM file with pixels; found no Pixel Data. If it was cut off, get it again.")
    return dataset, pixels


def _pixels(dataset: Dataset, data: bytes | None) -> memoryview:
    """The value of Pixel Data: where it stands in the file, or as pydicom inflated it."""
    if "PixelData" not in dataset:
        return memoryview(b"")
    element = cast("RawDataElement", dataset.get_item("PixelData", keep_deferred=True))
    if data is None:
        return memoryview(element.value or b"")
    start = element.value_tell
    end = _end_of_items(data, start) if element.length == _UNDEFINED else start + element.length
    return memoryview(data)[start:end]


def _end_of_items(data: bytes, start: int) -> int:
    """Where the sequence delimiter stands that ends pixels of undefined length: PS3.5, A.4."""
    place = start
    while data[place : place + 4] == _ITEM:
        place += 8 + int.from_bytes(data[place + 4 : place + 8], "little")
    if data[place : place + 4] != _DELIMITER:
        raise ImageError("Expected pixels in whole fragments; the last one was cut off. Get the file again.")
    return place


def _refuse_deflate_bomb(data: bytes) -> None:
    if DeflatedExplicitVRLittleEndian.encode() not in data[:_META_BYTES]:
        return
    start = 144 + int.from_bytes(data[140:144], "little")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    if len(inflate.decompress(data[start:], _LARGEST_INFLATED_BYTES)) == _LARGEST_INFLATED_BYTES:
        raise ImageError(f"Expected at most {_LARGEST_INFLATED_BYTES} bytes in a deflated file; it inflates to more.")
