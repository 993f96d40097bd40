"""The usual headings of a hospital's table: which of its columns is the image, the patient and the rest."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from cxr_core.datasets import headings
from cxr_core.datasets.tables import Table

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"image": (*headings.OF_FILES, *headings.OF_IMAGES), "study": headings.OF_STUDIES, **headings.ABOUT}
)
"""From the name of a column to other headings that mean it, the first that is there counts."""


def renamed(table: Table) -> Table:
    """The table with the names of `HEADINGS` for its columns; a column that has such a name itself keeps it.

    A heading that does not tell what rows are of (*id*, *case*) is that of images where nothing else names them or
    their studies.
    """
    there = {headings.key(heading): heading for heading in reversed([str(name) for name in table.cells])}
    found = {}
    for name, others in HEADINGS.items():
        if name not in table.cells and (heading := headings.first(others, there=there)) is not None:
            found[heading] = name
    names = {*table.cells, *found.values()}
    if not {"image", "study"} & names and (heading := headings.first(headings.OF_ROWS, there=there)) is not None:
        found[heading] = "image"
    return replace(
        table,
        cells=table.cells.rename(columns=found),
        headings={name: heading for heading, name in found.items()},
    )


def note(table: Table) -> tuple[str, ...]:
    """Which columns were taken under another heading, if any were: each is one of the known."""
    if not table.headings:
        return ()
    said = ", ".join(f"{heading} as {name}" for name, heading in table.headings.items())
    return (f"Columns known by another heading: {said}.",)
