"""Reads a CheXpert folder: `train.csv`, `valid.csv` and the official test labels, each a dataset of its own."""

from collections.abc import Sequence
from pathlib import Path

from cxr_core.datasets.chexpert.layout import BY_STUDY, TABLES, Layout, find, located
from cxr_core.datasets.chexpert.names import names
from cxr_core.datasets.chexpert.policies import policies
from cxr_core.datasets.chexpert.studies import read_by_study
from cxr_core.datasets.chexpert.tables import Part, read_by_image
from cxr_core.datasets.folders import contents
from cxr_core.datasets.frames import no_boxes
from cxr_core.datasets.matching import unmatched_note
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.labels import unstated_note
from cxr_core.manifest import Manifest


def read(
    root: Path,
    *,
    classes: Sequence[str] = FINDINGS,
    private: Path,
    attributes: Sequence[str] = (),
    needs_images: bool = True,
) -> tuple[Manifest, ...]:
    """The datasets `chexpert_train`, `chexpert_valid` and `chexpert_test`, each if its table and images are there.

    Args:
        root: `CheXpert-v1.0`, `CheXpert-v1.0-small`, the folder of the batches that it is downloaded in, or the folder
            that holds one of them.
        classes: What the run's classes are called.
        private: Not used: CheXpert's ids are pseudonyms already.
        attributes: Not used: its tables have no further columns.
        needs_images: Not used: its tables are read beside the images.

    Raises:
        DataError: If no table is found, one is not as published, or no table has its images.
    """
    del private, attributes, needs_images
    layout = find(root)
    tables = {part: table for part in TABLES if (table := layout.table(part)) is not None}
    read_parts = {part: table for part, table in tables.items() if layout.folders(part)}
    if not read_parts:
        raise DataError(_no_images(layout, tables=tuple(tables.items())))
    skipped = tuple(
        f"{table.name} is there without its images in {part}/, so that chexpert_{part} is not read."
        for part, table in tables.items()
        if part not in read_parts
    )
    return tuple(
        _manifest(layout, part=part, table=table, classes=tuple(classes), skipped=skipped)
        for part, table in read_parts.items()
    )


def _no_images(layout: Layout, *, tables: Sequence[tuple[Part, Path]]) -> str:
    wanted = " or ".join(f"the folder {part}/ with the images of {table.name}" for part, table in tables)
    return f"{layout.home}: expected {wanted}, found {contents(layout.home)}. Unpack the images beside the table."


def _manifest(
    layout: Layout, *, part: Part, table: Path, classes: tuple[str, ...], skipped: tuple[str, ...]
) -> Manifest:
    if table.name == BY_STUDY:
        frames = read_by_study(table, root=layout.home)
    else:
        frames = located(read_by_image(table, part=part), layout=layout, part=part)
    if frames.images.empty:
        raise DataError(
            f"{layout.home}: expected the images that {table.name} lists, found none of their patients in "
            f"{' or '.join(layout.folders(part))}. Unpack the images there."
        )
    matches = names(classes)
    return Manifest(
        dataset=f"chexpert_{part}",
        reader="chexpert",
        root=layout.home,
        images=frames.images,
        labels=frames.labels,
        boxes=no_boxes(),
        classes=classes,
        names=matches,
        policies=policies(classes),
        official_test=part != "train",
        notes=(
            *frames.notes,
            *skipped,
            *unmatched_note(matches, classes=classes),
            *unstated_note(frames.labels, names=matches),
        ),
        rejected=frames.rejected,
    )
