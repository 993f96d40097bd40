"""The patient as a header tells it, as far as it may be read: sex and age."""

import re
from typing import Literal

from pydicom.dataset import Dataset

Sex = Literal["F", "M"]

ELEMENTS = ("PatientSex", "PatientAge")
"""What is read of the patient."""

_AGE = re.compile(r"\s*(\d{1,3})([YMWD])\s*")
_YEARS = {"Y": 1.0, "M": 1 / 12, "W": 7 / 365.25, "D": 1 / 365.25}
_OLDEST_YEARS = 130
_SEXES: dict[str, Sex] = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M"}


def sex(dataset: Dataset) -> Sex | None:
    """``F`` or ``M``; None where not recorded, or anything else."""
    return _SEXES.get(str(dataset.get("PatientSex") or "").strip().upper())


def age_years(dataset: Dataset) -> float | None:
    """The age; None where not recorded, or more than anyone's."""
    match = _AGE.fullmatch(str(dataset.get("PatientAge") or "").upper())
    years = int(match[1]) * _YEARS[match[2]] if match else None
    return years if years is not None and years <= _OLDEST_YEARS else None
