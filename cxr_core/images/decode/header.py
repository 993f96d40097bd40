"""What is read out of a DICOM header: an allow-list, and nothing else."""

import re
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal, cast

from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.reduced import check_size

View = Literal["PA", "AP"]
Sex = Literal["F", "M"]

_LOOKUP = (
    "ModalityLUTSequence",
    "RescaleSlope",
    "RescaleIntercept",
    "VOILUTSequence",
    "WindowCenter",
    "WindowWidth",
    "VOILUTFunction",
)
_DESCRIPTION = (
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "PixelRepresentation",
    "PhotometricInterpretation",
    "SamplesPerPixel",
    "NumberOfFrames",
)
_PERSON = ("PatientSex", "PatientAge", "ViewPosition")
ALLOWED = (*_PERSON, *_DESCRIPTION, *_LOOKUP, "PixelData")

_AGE = re.compile(r"\s*(\d{1,3})([YMWD])\s*")
_YEARS = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}
_LARGEST_INFLATED_BYTES = 512 * 2**20
_LARGE_VALUE_BYTES = 2**20
_META_BYTES = 2048
_UNDEFINED = 0xFFFFFFFF
_ITEM, _DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a DICOM file says about its one gray frame.

    Attributes:
        transfer_syntax: UID that says how the pixels are encoded.
        photometric: MONOCHROME1 (the least value is white) or MONOCHROME2.
        rows: Height of the image, px.
        columns: Width of the image, px.
        bits_allocated: 8 or 16.
        bits_stored: 1 to `bits_allocated`.
        signed: Whether the values are two's complement.
        view: None where not recorded, or neither PA nor AP.
        sex: None where not recorded, or neither F nor M.
        age_years: None where not recorded.
        lookup: What pydicom needs to apply the modality and VOI LUT modules, and no other element.
    """

    transfer_syntax: str
    photometric: Literal["MONOCHROME1", "MONOCHROME2"]
    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    view: View | None
    sex: Sex | None
    age_years: float | None
    lookup: Dataset


def read(data: bytes) -> tuple[Header, memoryview]:
    """The header of a DICOM file and the value of its Pixel Data element.

    Args:
        data: The whole file.

    Returns:
        The header, and a view of the pixels as they are encoded: of a compressed file, its items.

    Raises:
        ImageError: If it is not a DICOM file of one gray frame whose header can be true.
    """
    with warnings.catch_warnings(), damage.refused("Expected a DICOM file; its header cannot be read. Get it again."):
        warnings.simplefilter("ignore")  # pydicom's warnings quote the header, where a patient's name may stand
        return _read(data)


def _read(data: bytes) -> tuple[Header, memoryview]:
    _refuse_deflate_bomb(data)
    deflated = DeflatedExplicitVRLittleEndian.encode() in data[:_META_BYTES]
    # Large values are left where they are: a copy of the pixels costs more time than all else here.
    left = None if deflated else _LARGE_VALUE_BYTES
    dataset = dcmread(BytesIO(data), specific_tags=list(ALLOWED), force=True, defer_size=left)
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if not syntax:
        raise ImageError("Expected a DICOM file that names its transfer syntax; this one does not. Export it again.")
    pixels = _pixels(dataset, None if deflated else data)
    if not pixels:
        raise ImageError("Expected a DICOM file with pixels; found no Pixel Data. If it was cut off, get it again.")
    return _describe(dataset, transfer_syntax=str(syntax)), pixels


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


def _describe(dataset: Dataset, *, transfer_syntax: str) -> Header:
    rows, columns = _count(dataset, "Rows"), _count(dataset, "Columns")
    check_size(height=rows, width=columns)
    allocated, stored = _count(dataset, "BitsAllocated"), _count(dataset, "BitsStored")
    if allocated not in {8, 16} or not 1 <= stored <= allocated:
        raise ImageError(f"Expected 8 or 16 bits allocated and no more stored; found {allocated} and {stored}.")
    _refuse_frames_and_colour(dataset)
    return Header(
        transfer_syntax=transfer_syntax,
        photometric="MONOCHROME1" if dataset.PhotometricInterpretation == "MONOCHROME1" else "MONOCHROME2",
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        signed=bool(dataset.get("PixelRepresentation", 0)),
        view=_view(dataset),
        sex=_sex(dataset),
        age_years=_age_years(dataset),
        lookup=_only_lookup(dataset),
    )


def _count(dataset: Dataset, name: str) -> int:
    value = dataset.get(name)
    if not isinstance(value, int):
        raise ImageError(f"Expected a number as {name}; the header has none.")
    return int(value)


def _refuse_frames_and_colour(dataset: Dataset) -> None:
    frames = int(dataset.get("NumberOfFrames") or 1)
    if frames != 1:
        raise ImageError(f"Expected one frame; found {frames}. A radiograph has one: leave this file out.")
    photometric = dataset.get("PhotometricInterpretation")
    if photometric not in {"MONOCHROME1", "MONOCHROME2"} or int(dataset.get("SamplesPerPixel") or 1) != 1:
        raise ImageError(
            "Expected MONOCHROME1 or MONOCHROME2; found a colour image. It is no radiograph: leave it out."
        )


def _view(dataset: Dataset) -> View | None:
    value = str(dataset.get("ViewPosition") or "").strip().upper()
    return "PA" if value == "PA" else "AP" if value == "AP" else None


def _sex(dataset: Dataset) -> Sex | None:
    value = str(dataset.get("PatientSex") or "").strip().upper()
    return "F" if value == "F" else "M" if value == "M" else None


def _age_years(dataset: Dataset) -> float | None:
    match = _AGE.fullmatch(str(dataset.get("PatientAge") or ""))
    if match is None:
        return None
    return int(match[1]) * _YEARS[match[2]]


def _only_lookup(dataset: Dataset) -> Dataset:
    lookup = Dataset()
    for name in (*_LOOKUP, "PhotometricInterpretation", "BitsStored", "PixelRepresentation"):
        if name in dataset and dataset[name].value not in (None, ""):
            lookup[name] = dataset[name]
    return lookup
