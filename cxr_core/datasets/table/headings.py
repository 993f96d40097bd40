"""The usual headings of a hospital's table: which of its columns is the image, the patient and the rest."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cxr_core.datasets.tables import Table
from cxr_core.findings import spelling

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "image": (
            *("image path", "path", "file path", "image file", "image filename", "filename", "file", "image index"),
            *("image name", "image id", "dicom id", "sop instance uid"),
        ),
        "study": (
            *("study id", "accession number", "accession no", "accession", "study instance uid", "study uid"),
            "exam id",
        ),
        "patient": ("patient id", "patient number", "subject id", "subject", "mrn"),
        "view": ("view position", "projection"),
        "sex": ("patient sex", "gender", "patient gender"),
        "age": ("patient age", "age years", "age in years"),
    }
)
"""From the name of a column to other headings that mean it, the first that is there counts. They are known in any
case, with spaces, underscores or neither."""


def renamed(table: Table) -> Table:
    """The table with the names of `HEADINGS` for its columns; a column that has such a name itself keeps it."""
    spelt: dict[str, str] = {}
    for heading in table.cells:
        spelt.setdefault(_key(str(heading)), str(heading))
    found = {}
    for name, others in HEADINGS.items():
        there = [spelt[key] for key in map(_key, others) if key in spelt]
        if name not in table.cells and there:
            found[there[0]] = name
    headings = {name: heading for heading, name in found.items()}
    return replace(table, cells=table.cells.rename(columns=found), headings=headings)


def note(table: Table) -> tuple[str, ...]:
    """Which columns were taken under another heading, if any were: each is one of the known."""
    if not table.headings:
        return ()
    said = ", ".join(f"{heading} as {name}" for name, heading in table.headings.items())
    return (f"Columns known by another heading: {said}.",)


def _key(heading: str) -> str:
    return spelling(heading).replace(" ", "")
