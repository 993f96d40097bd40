"""The machine as a header tells it, its maker and model; of the study its year alone; and whether all is made up."""

import re
from datetime import date

from pydicom.dataset import Dataset

from cxr_core import attributes

MAKER, MODEL, STUDY, SYNTHETIC = "Manufacturer", "ManufacturerModelName", "StudyDate", "SyntheticData"
ELEMENTS = (MAKER, MODEL, STUDY, SYNTHETIC)
"""What is read of machine and study. Of the date no more than four digits leave this module."""

_EARLIEST_YEAR = 1900
_DATE = re.compile(r"(\d{4})(?:[.-]?\d\d[.-]?\d\d)?", re.ASCII)
_TEXTS = ("LO", "SH", "CS", "DA", "UN", None)
"""Value representations that hold a plain text; None: an implicit file, which names none."""


def name(dataset: Dataset, element: str) -> tuple[str | None, bool]:
    """A maker or a model in one spelling, and whether the header has one that was not taken.

    Anyone may have typed anything here: what is no plain text, or may identify somebody, is not taken.

    Returns:
        None where not recorded, and where not taken; then True.
    """
    text = _text(dataset, element)
    value = attributes.normalized(text or "")
    is_taken = text is not None and attributes.identifying(value) is None
    return (value or None) if is_taken else None, not is_taken


def year(dataset: Dataset) -> tuple[int | None, bool]:
    """The year of the study, and whether the header has a date whose year cannot be true.

    Returns:
        From 1900 to next year. None where not recorded, and where no such year is told; then True.
    """
    text = _text(dataset, STUDY)
    match = None if text is None else _DATE.fullmatch(text.strip("\0 "))
    told = int(match[1]) if match else None
    if told is not None and _EARLIEST_YEAR <= told <= date.today().year + 1:  # noqa: DTZ011 -- a year to spare
        return told, False
    return None, text is None or bool(text.strip("\0 "))


def is_synthetic(dataset: Dataset) -> bool | None:
    """Whether the image was made up, as the header says; None where it says nothing (PS3.3, C.12.1, Synthetic Data)."""
    return {"YES": True, "NO": False}.get((_text(dataset, SYNTHETIC) or "").strip("\0 ").upper())


def _text(dataset: Dataset, element: str) -> str | None:
    """The text of an element, ``""`` where it is absent; None where it holds something else than one text."""
    if element not in dataset:
        return ""
    if dataset.get_item(element, keep_deferred=True).VR not in _TEXTS:
        return None
    value = dataset.get(element)
    return value if isinstance(value, str) else "" if value is None else None
