"""Facts of an image that its header tells, as far as it may be read: one record, carried on to a run's tables.

A further fact is a field here with its line in `read`, a higher `VERSION`, and the module that reads its elements. One
that is to be a column of `image` instead also has its place in store/schema.sql, in `manifest.IMAGE_COLUMNS`
and datasets/frames.py, where a site's own table may say it.
"""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from cxr_core.images.decode import equipment, person, view
from cxr_core.images.decode.notes import Note
from cxr_core.images.decode.person import Sex
from cxr_core.images.decode.view import View

ELEMENTS = (*person.ELEMENTS, *view.ELEMENTS, *equipment.ELEMENTS)
"""What is read of a header, beside what describes its pixels."""

ATTRIBUTES = ("manufacturer", "model", "year")
"""The facts that become rows of the table `attribute`. Those that `image` has a column for fill that; ``synthetic`` is
told of the whole dataset."""

VERSION = 2
"""Raised with every fact that is added, and with every other rule by which one is read: what the cache holds of a file
is read again where an earlier version wrote it. Pixels have a fingerprint of their own and stay."""


@dataclass(frozen=True, kw_only=True)
class ImageFacts:
    """What a file says of its image beside the pixels; of a PNG or JPEG file nothing.

    Every field may be None: not recorded. What carries the record reads its fields off it and names none of them.

    Attributes:
        view: How the chest was seen; None also where it is not known by the header's name.
        sex: None also where neither F nor M.
        age_years: From 0 to 130.
        manufacturer: The machine's maker, as typed, in one spelling.
        model: The machine's model, likewise.
        year: Of the study.
        synthetic: Whether a computer drew it.
    """

    view: View | None = None
    sex: Sex | None = None
    age_years: float | None = None
    manufacturer: str | None = None
    model: str | None = None
    year: int | None = None
    synthetic: bool | None = None


NOT_RECORDED = ImageFacts()
"""What a file without a header says."""


def read(dataset: Dataset) -> tuple[ImageFacts, tuple[Note, ...]]:
    """The facts of a header, and what was guessed in them.

    Args:
        dataset: With those of `ELEMENTS` that the file has.
    """
    seen, is_unknown = view.read(dataset)
    maker, is_maker_left = equipment.name(dataset, equipment.MAKER)
    model, is_model_left = equipment.name(dataset, equipment.MODEL)
    year, is_year_left = equipment.year(dataset)
    facts = ImageFacts(
        view=seen,
        sex=person.sex(dataset),
        age_years=person.age_years(dataset),
        manufacturer=maker,
        model=model,
        year=year,
        synthetic=equipment.is_synthetic(dataset),
    )
    doubts: dict[Note, bool] = {"view": is_unknown, "machine": is_maker_left or is_model_left, "year": is_year_left}
    return facts, tuple(note for note, is_so in doubts.items() if is_so)
