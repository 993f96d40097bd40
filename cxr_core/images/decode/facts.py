"""What a header tells of an image, as far as it may be read: one record, carried from the header to a run's tables."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from cxr_core.images.decode import person, view
from cxr_core.images.decode.notes import Note
from cxr_core.images.decode.person import Sex
from cxr_core.images.decode.view import View

ELEMENTS = (*person.ELEMENTS, *view.ELEMENTS)
"""What is read of a header, beside what describes its pixels."""


@dataclass(frozen=True, kw_only=True)
class ImageFacts:
    """What a file says of its image beside the pixels; of a PNG or JPEG file nothing.

    Every field may be None: not recorded. What carries the record reads its fields off it and names none of them.

    Attributes:
        view: How the chest was seen; None also where it is not known by the header's name.
        sex: None also where neither F nor M.
        age_years: From 0 to 130.
    """

    view: View | None = None
    sex: Sex | None = None
    age_years: float | None = None


NOT_RECORDED = ImageFacts()
"""What a file without a header says."""


def read(dataset: Dataset) -> tuple[ImageFacts, tuple[Note, ...]]:
    """The facts of a header, and what was guessed in them.

    Args:
        dataset: With those of `ELEMENTS` that the file has.
    """
    seen, is_unknown = view.read(dataset)
    facts = ImageFacts(view=seen, sex=person.sex(dataset), age_years=person.age_years(dataset))
    return facts, ("view",) if is_unknown else ()
