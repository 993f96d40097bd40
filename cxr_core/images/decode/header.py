"""The allow-list of a DICOM header: the elements that are read, and nothing else."""

import warnings
from dataclasses import dataclass
from typing import Literal

from pydicom.dataset import Dataset

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage, facts
from cxr_core.images.decode.elements import parse
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.decode.notes import Note
from cxr_core.images.decode.reduced import check_size

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
    "PresentationLUTShape",
    "SamplesPerPixel",
    "NumberOfFrames",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
)
ALLOWED = (*facts.ELEMENTS, *_DESCRIPTION, *_LOOKUP, "PixelData")

_COLOURS = ("RGB", "YBR", "PALETTE", "HSV", "ARGB", "CMYK", "XYB")
_GRAY = ("MONOCHROME1", "MONOCHROME2")


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
        padding: Between which bit patterns a pixel stands for no part of the image; None where none does.
        facts: What it says of the image beside the pixels.
        lookup: The modality and VOI LUT modules, and what says how to read them; no other element.
        notes: What was guessed.
    """

    transfer_syntax: str
    photometric: Literal["MONOCHROME1", "MONOCHROME2"]
    rows: int
    columns: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    padding: tuple[int, int] | None
    facts: ImageFacts
    lookup: Dataset
    notes: tuple[Note, ...]


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
    signed = _is_signed(dataset)
    said, doubts = facts.read(dataset)
    guessed: dict[Note, bool] = {
        "photometric": not dataset.get("PhotometricInterpretation"),
        "shape": _shape_differs(dataset),
        "sign": signed is None,
    }
    return Header(
        transfer_syntax=str(dataset.file_meta.TransferSyntaxUID),
        photometric="MONOCHROME1" if _photometric(dataset) == "MONOCHROME1" else "MONOCHROME2",
        rows=rows,
        columns=columns,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=_high_bit(dataset, allocated=allocated, stored=stored),
        signed=bool(signed),
        padding=_padding(dataset, bits=allocated),
        facts=said,
        lookup=_only_lookup(dataset),
        notes=(*doubts, *(note for note, is_so in guessed.items() if is_so)),
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
    photometric = _photometric(dataset)
    if int(dataset.get("SamplesPerPixel") or 1) != 1 or photometric.startswith(_COLOURS):
        raise ImageError(
            "Expected MONOCHROME1 or MONOCHROME2; found a colour image. It is no radiograph: leave it out."
        )
    if photometric not in _GRAY:
        raise ImageError(
            "Expected MONOCHROME1 or MONOCHROME2 as PhotometricInterpretation; found another word. Correct the header."
        )


def _photometric(dataset: Dataset) -> str:
    """A header that does not say it is read as MONOCHROME2, the usual one: a run counts how often."""
    return str(dataset.get("PhotometricInterpretation") or "MONOCHROME2").strip().upper()


def _shape_differs(dataset: Dataset) -> bool:
    """Whether Presentation LUT Shape says the contrary: INVERSE goes with MONOCHROME1 alone (PS3.3, C.8.11.3.1)."""
    shape = str(dataset.get("PresentationLUTShape") or "").strip().upper()
    return shape in {"INVERSE", "IDENTITY"} and (shape == "INVERSE") != (_photometric(dataset) == "MONOCHROME1")


def _is_signed(dataset: Dataset) -> bool | None:
    value = dataset.get("PixelRepresentation")
    if value not in (None, "", 0, 1):
        raise ImageError("Expected 0 or 1 as PixelRepresentation; found another. Correct the header.")
    return None if value in (None, "") else bool(value)


def _padding(dataset: Dataset, *, bits: int) -> tuple[int, int] | None:
    """Padding value and range limit (PS3.3, C.7.5.1.1.2) as patterns of bits, whichever sign they are written with."""
    ends = []
    for name in ("PixelPaddingValue", "PixelPaddingRangeLimit"):
        value = dataset.get(name)
        if isinstance(value, bytes):
            value = int.from_bytes(value, "little")
        if isinstance(value, int):
            ends.append(value % (1 << bits))
        elif name == "PixelPaddingValue":
            return None
    return ends[0], ends[-1]


def _only_lookup(dataset: Dataset) -> Dataset:
    lookup = Dataset()
    for name in (*_LOOKUP, "PhotometricInterpretation", "BitsStored", "PixelRepresentation"):
        if name in dataset and dataset[name].value not in (None, ""):
            lookup[name] = dataset[name]
    return lookup
