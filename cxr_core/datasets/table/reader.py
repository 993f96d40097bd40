"""Reads one's own hospital: a CSV file of images, what is known of them, and the six findings."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cxr_core import files
from cxr_core.datasets.chexpert.policies import policies
from cxr_core.datasets.folders import contents
from cxr_core.datasets.frames import no_boxes
from cxr_core.datasets.table import column_names
from cxr_core.datasets.table.attributes import attribute_rows, names_typed
from cxr_core.datasets.table.content import OPTIONAL, REQUIRED, image_rows, label_rows, patient_notes, patients
from cxr_core.datasets.table.paths import ListedFiles, find_files, relative_paths
from cxr_core.datasets.table.pseudonyms import hide
from cxr_core.datasets.tables import Table, read_table
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.labels import unstated_note
from cxr_core.manifest import Manifest, NameMatch

NAMES = tuple(
    NameMatch(
        finding=name,
        class_index=index,
        grade="close",
        reason="The table's column has the class's name; how this hospital labels is not known here.",
    )
    for index, name in enumerate(FINDINGS)
)
_TAKEN = ("vinbigdata", "vinbigdata_test", "chexpert_train", "chexpert_valid", "chexpert_test")


def read(root: Path, *, private: Path, attributes: Sequence[str] = ()) -> tuple[Manifest, ...]:
    """The dataset of one table, named after its file, with pseudonyms for images, files and patients.

    Args:
        root: The CSV file: the columns ``image`` (a path below the file's folder) and the six findings (1, 0, -1
            uncertain, blank), and as far as known ``patient``, ``view``, ``sex`` and ``age`` (in years).
        private: Where the key, and the map from pseudonyms to names, are kept, in a folder for each place of a table:
            two tables of one name share no pseudonym, and a table that is moved gets new ones.
        attributes: Further columns that become attributes of the images; no other is taken.

    Raises:
        SettingsError: If an attribute is none to be named.
        DataError: If the table is not as described, or a column may not become an attribute. Messages give the line
            and never a cell, which may name a patient.
    """
    if root.is_dir():
        raise DataError(f"{root}: expected a CSV file, found a folder ({contents(root)}). Give the table itself.")
    dataset = dataset_name(root)
    wanted = names_typed(attributes, known=(*REQUIRED, *OPTIONAL))
    table = read_table(root, required=REQUIRED, private=True)
    paths, who = relative_paths(table), patients(table)
    found = find_files(root.parent, table=table, paths=paths)
    there = found.there
    names = pd.DataFrame({"image_id": paths, "file": found.files})
    if who is not None:
        names = names.assign(patient_id=who, patient=who)
    files.make_private(private)
    names = hide(names, folder=private / f"{dataset}-{files.fingerprint(str(root.resolve()))[:8]}")
    images = image_rows(table, image_id=names["image_id"], patient_id=names.get("patient_id"))
    # Batches are drawn by place: a table that somebody sorted otherwise must give the same networks.
    kept = paths[there].sort_values().index.to_numpy()
    labels = label_rows(table, image_id=names["image_id"], kept=kept)
    rows, without = attribute_rows(
        table, names=wanted, image_id=names["image_id"], patient_id=names.get("patient_id"), kept=kept
    )
    further = [str(name) for name in table.cells if name not in (*REQUIRED, *OPTIONAL, *wanted)]
    missing = tuple(
        (image_id, "There is no such image file; map.csv has its name.") for image_id in names["image_id"][~there]
    )
    return (
        Manifest(
            dataset=dataset,
            reader="table",
            root=root.parent,
            images=images.iloc[kept].reset_index(drop=True),
            labels=labels,
            boxes=no_boxes(),
            classes=FINDINGS,
            names=NAMES,
            policies=policies(FINDINGS),
            attributes=rows,
            notes=(
                *_notes(table, found, who=who),
                *without,
                *column_names.note(table, further),
                *unstated_note(labels, names=NAMES),
            ),
            rejected=missing,
            private_files=dict(zip(names["image_id"][there], found.files[there], strict=True)),
        ),
    )


def dataset_name(path: Path) -> str:
    """The name of a table's dataset: its file's name in snake case.

    Raises:
        DataError: If that is no name, or another reader's.
    """
    name = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    if not re.match(r"[a-z]", name):
        raise DataError(
            f"{path}: expected a file name that begins with a letter, since it names the dataset. Rename the file."
        )
    if name in _TAKEN:
        raise DataError(f"{path}: the dataset would be named {name}, as a published one is. Rename the file.")
    return name


def _notes(table: Table, found: ListedFiles, *, who: "pd.Series[str] | None") -> tuple[str, ...]:
    notes = [cost for column, cost in OPTIONAL.items() if column not in table.cells]
    if found.unlisted:
        notes.append(f"Image files beside the listed ones that are in no row of the table: {found.unlisted}.")
    if found.respelt:
        notes.append(f"Files found under another case, accent or suffix than the table's: {found.respelt}.")
    return (*notes, *(() if who is None else patient_notes(who[found.there])))
