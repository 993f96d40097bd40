"""Reads one's own hospital: a table of images or studies, what is known of them, and the findings."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from cxr_core import files
from cxr_core.datasets.chexpert.policies import policies
from cxr_core.datasets.folders import contents
from cxr_core.datasets.frames import no_boxes
from cxr_core.datasets.matching import Judged, match, unmatched_note
from cxr_core.datasets.table import column_names, headings
from cxr_core.datasets.table.attributes import attribute_rows, names_typed
from cxr_core.datasets.table.content import NAMING, OPTIONAL, absent_notes, image_rows, label_rows, label_values
from cxr_core.datasets.table.headings import renamed
from cxr_core.datasets.table.owners import patient_notes
from cxr_core.datasets.table.pseudonyms import hide
from cxr_core.datasets.table.rows import TableRows, notes, rows
from cxr_core.datasets.tables import Table, read_table
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS, spelling
from cxr_core.labels import unstated_note
from cxr_core.manifest import Manifest, NameMatch

_OWN_NAME: Judged = (
    "close",
    "The table's column has the class's name; how this hospital labels is not known here.",
)
_TAKEN = ("vinbigdata", "vinbigdata_test", "chexpert_train", "chexpert_valid", "chexpert_test")


def read(
    root: Path,
    *,
    classes: Sequence[str] = FINDINGS,
    private: Path,
    attributes: Sequence[str] = (),
    needs_images: bool = True,
) -> tuple[Manifest, ...]:
    """The dataset of one table, named after its file, with pseudonyms for images, files and patients.

    Args:
        root: The table, as `read_table` takes one's own: the columns ``image`` (a path below the file's folder) and the
            findings (1, 0, -1 uncertain, a word for one of them, blank), and as far as known ``study``, ``patient``,
            ``view``, ``sex`` and ``age`` (in years), under these or other usual headings. Without ``image`` a row is
            the study of its column ``study``, and the id of the image is the study's.
        classes: What the run's classes are called; a column for at least one of them is there.
        private: Where the key, and the map from pseudonyms to names, are kept, in a folder for each place of a table:
            two tables of one name share no pseudonym, and a table that is moved gets new ones.
        attributes: Further columns that become attributes of the images; no other is taken.
        needs_images: Whether the image files must be there: one that is missing is then left out and rejected. Else
            images without a file stay, and rows may be studies.

    Raises:
        SettingsError: If an attribute is none to be named.
        DataError: If the table is not as described, or a column may not become an attribute. Messages give the line
            and never a cell, which may name a patient.
    """
    if root.is_dir():
        raise DataError(f"{root}: expected a CSV file, found a folder ({contents(root)}). Give the table itself.")
    dataset = dataset_name(root)
    table = renamed(read_table(root, required=(), private=True))
    columns, matches = _matched(table, classes=classes)
    wanted = names_typed(attributes, known=(*NAMING, *OPTIONAL, *columns, *table.headings.values()))
    found = rows(table, folder=root.parent, needs_images=needs_images)
    files.make_private(private)
    folder = private / f"{dataset}-{files.fingerprint(str(root.resolve()))[:8]}"
    names = hide(found.names, folder=folder, rows="study" if found.files is None else "image")
    images = image_rows(table, names=names, there=found.there).iloc[found.kept].reset_index(drop=True)
    values = label_values(table, columns, kept=found.kept)
    with_attributes, without = attribute_rows(
        table, names=wanted, image_id=names["image_id"], patient_id=names.get("patient_id"), kept=found.kept
    )
    further = [str(name) for name in table.cells if name not in (*NAMING, *OPTIONAL, *columns, *wanted)]
    notes_of_table = (
        *headings.note(table),
        *_notes(table, found, needs_images=needs_images),
        *without,
        *column_names.note(table, further),
    )
    rejected = _rejected(names, found) if needs_images else ()
    owned = (*(() if found.files is None else ("file",)), *(name for name in ("patient", "study") if name in names))
    names = names.iloc[found.kept]
    del table, found  # what comes now needs their room
    pa.default_memory_pool().release_unused()
    labels = label_rows(values, findings=[each.finding for each in matches], image_id=names["image_id"])
    private_names = _private_names(names, owned)
    del names
    pa.default_memory_pool().release_unused()
    return (
        Manifest(
            dataset=dataset,
            reader="table",
            root=root.parent,
            images=images,
            labels=labels,
            boxes=no_boxes(),
            classes=tuple(classes),
            names=matches,
            policies=policies(classes),
            attributes=with_attributes,
            notes=(
                *notes_of_table,
                *_together(matches, classes=classes),
                *unmatched_note(matches, classes=classes),
                *unstated_note(labels, names=matches),
            ),
            rejected=rejected,
            private_files=private_names.get("file", {}),
            private_patients=private_names.get("patient", {}),
            private_studies=private_names.get("study", {}),
        ),
    )


def _rejected(names: pd.DataFrame, found: TableRows) -> tuple[tuple[str, str], ...]:
    missing = names["image_id"][~found.there]
    return tuple((image_id, "There is no such image file; map.csv has its name.") for image_id in missing)


def _private_names(names: pd.DataFrame, columns: Sequence[str]) -> dict[str, dict[str, str]]:
    """For each of these columns, from ids to the site's own names, where there are any."""
    ids = names["image_id"].to_numpy(dtype=object)
    found = {}
    for column in columns:
        named = names[column].notna().to_numpy(dtype=bool)
        own = names[column].to_numpy(dtype=object)
        found[column] = dict(zip(ids[named], own[named], strict=True))
    return found


def _matched(table: Table, *, classes: Sequence[str]) -> tuple[tuple[str, ...], tuple[NameMatch, ...]]:
    """The columns that mean a class, and what each means: one of the class's own name is called as the class is.

    Raises:
        DataError: If none does.
    """
    known = (*NAMING, *OPTIONAL)
    own = [str(name) for name in table.cells if name not in known]
    matches = match(own, classes=classes, own_name=_OWN_NAME)
    if not matches:
        raise DataError(
            f"{table.path}:1: expected a column for at least one of {', '.join(classes)}, found {len(own)} others. "
            "Give a column for each finding, named as the finding is called, or give --findings."
        )
    columns = tuple(each.finding for each in matches)
    named = [
        replace(each, finding=name) if spelling(each.finding) == spelling(name := classes[each.class_index]) else each
        for each in matches
    ]
    if len({each.finding for each in named}) < len(named):
        raise DataError(
            f"{table.path}:1: expected one column for each name of a finding, found two that differ in spelling alone. "
            "Remove one of them."
        )
    return columns, tuple(named)


def _together(names: Sequence[NameMatch], *, classes: Sequence[str]) -> tuple[str, ...]:
    """Of a class that several columns mean, that it is present where one of them says so."""
    of_class = [[each.finding for each in names if each.class_index == index] for index in range(len(classes))]
    return tuple(
        f"Columns that mean {finding} together: {', '.join(columns)}. It is present where one of them says so."
        for finding, columns in zip(classes, of_class, strict=True)
        if len(columns) > 1
    )


def dataset_name(path: Path) -> str:
    """The name of a table's dataset: its file's name in snake case.

    Raises:
        DataError: If that is no name, or another reader's.
    """
    stem = path.with_suffix("").stem if path.suffix.lower() == ".gz" else path.stem
    name = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    if not re.match(r"[a-z]", name):
        raise DataError(
            f"{path}: expected a file name that begins with a letter, since it names the dataset. Rename the file."
        )
    if name in _TAKEN:
        raise DataError(f"{path}: the dataset would be named {name}, as a published one is. Rename the file.")
    return name


def _notes(table: Table, found: TableRows, *, needs_images: bool) -> tuple[str, ...]:
    owner = next((column for column in ("patient", "study") if column in found.names), None)
    who = None if owner is None else found.names[owner][np.sort(found.kept)].dropna()
    known = () if owner is None or who is None or who.empty else patient_notes(who, column=owner)
    return (*absent_notes(table), *notes(found, needs_images=needs_images), *known)
