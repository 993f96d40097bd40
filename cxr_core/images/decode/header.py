"""What is read out of a DICOM header: an allow-list, and nothing else."""

import re
import warnings
from dataclasses import dataclass
from typing import Literal

from pydicom.dataset import Dataset

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.elements import parse
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
    "HighBit",
    "PixelRepresentation",
    "PhotometricInterpretation",
    "SamplesPerPixel",
    "NumberOfFrames",
)
_PERSON = ("PatientSex", "PatientAge", "ViewPosition")
ALLOWED = (*_PERSON, *_DESCRIPTION, *_LOOKUP, "PixelData")

_AGE = re.compile(r"\s*(\d{1,3})([YMWD])\s*")
_YEARS = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}


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
        high_bit: The place of the highest bit that is stored; the lowest possible where the file names none.
        signed: Whether the values are two's complement.
        view: None where not recorded, or neither PA nor AP.
        sex: None where not recorded, or neither F nor M.
        age_years: None where not recorded.
        lookup: The modality and VOI LUT modules, and what says how to read them; no other element.
    """

    transfer_syntax: str
    photometric: Literal["MONOCHROME1", "MONOCHROME2"]
    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
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
        dataset, pixels = parse(data, allowed=ALLOWED)
        return _describe(dataset), pixels


def _describe(dataset: Dataset) -> Header:
    rows, columns = _count(dataset, "Rows"), _count(dataset, "Columns")
    check_size(height=rows, width=columns)
    allocated, stored = _count(dataset, "BitsAllocated"), _count(dataset, "BitsStored")
    if allocated not in {8, 16} or not 1 <= stored <= allocated:
        raise ImageError(f"Expected 8 or 16 bits allocated and no more stored; found {allocated} and {stored}.")
    _refuse_frames_and_colour(dataset)
    return Header(
        transfer_syntax=str(dataset.file_meta.TransferSyntaxUID),
        photometric="MONOCHROME1" if dataset.PhotometricInterpretation == "MONOCHROME1" else "MONOCHROME2",
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=_high_bit(dataset, allocated=allocated, stored=stored),
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


def _high_bit(dataset: Dataset, *, allocated: int, stored: int) -> int:
    """The header's, where it can be true; else the only one that most files have."""
    value = dataset.get("HighBit")
    return value if isinstance(value, int) and stored - 1 <= value < allocated else stored - 1


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
