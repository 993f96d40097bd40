"""The usual headings of people's tables, of labels and of predictions, and how they are compared."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cxr_core.findings import spelling

OF_FILES = (
    *("image path", "path", "file path", "image file", "image filename", "filename", "file", "image index"),
    "image name",
)
OF_IMAGES = ("image id", "img", "img id", "dicom id", "dicom", "sop instance uid")
OF_ROWS = ("id", "uid", "case id", "case")
"""What a row is of, by a name that does not tell whether that is an image."""

OF_STUDIES = (
    *("study id", "accession number", "accession no", "accession", "study instance uid", "study uid", "study path"),
    "exam id",
)
ABOUT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "patient": ("patient id", "patient number", "subject id", "subject", "mrn"),
        "view": ("view position", "projection"),
        "sex": ("patient sex", "gender", "patient gender"),
        "age": ("patient age", "age years", "age in years"),
    }
)
"""From what is said of an image to other headings of it."""


def key(heading: str) -> str:
    """A heading as it is compared: in any case, with spaces, underscores, hyphens, points or nothing between words.

    >>> key("Study_Instance.UID") == key("studyinstanceuid")
    True
    """
    return spelling(heading.replace(".", " ")).replace(" ", "")


def first(headings: Sequence[str], *, there: Mapping[str, str]) -> str | None:
    """The column of the first of some headings that a table has; None if it has none.

    Args:
        headings: In any spelling.
        there: From the key of each column to its name.
    """
    return next((there[key(heading)] for heading in headings if key(heading) in there), None)
