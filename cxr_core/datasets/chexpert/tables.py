"""CheXpert's label tables as the manifest's frames."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.datasets.checks import check_unique
from cxr_core.datasets.chexpert.names import LABELS, SIX
from cxr_core.datasets.columns import ages, coded, words
from cxr_core.datasets.frames import Words, image_frame, label_frame
from cxr_core.datasets.tables import Table, read_table

Part = Literal["train", "valid", "test"]

PREFIX = r"(?:CheXpert(?:-v1\.0(?:-small)?)?/)?"
REMEDY = "Correct the cell, or get the table again."
_PROJECTIONS = {"AP": "AP", "PA": "PA", "LL": "frontal", "RL": "frontal", "": "frontal"}
_SEXES = {"Female": "F", "Male": "M", "Unknown": None, "": None}


@dataclass(frozen=True, kw_only=True)
class Frames:
    """One label table: images, labels, notes and what is rejected, as in `Manifest`."""

    images: pd.DataFrame
    labels: pd.DataFrame
    notes: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()


def read_by_image(path: Path, *, part: Part) -> Frames:
    """A table with one row for each image. The images themselves are not looked for.

    Args:
        path: The CSV file.
        part: The folder that every path in it must name.

    Raises:
        DataError: If it is not as published.
    """
    table = read_table(path, required=("Path", *SIX))
    files = _files(table, part=part)
    check_unique(table, files.to_frame(), what="image")
    age_years = ages(table, "Age", remedy=REMEDY) if "Age" in table.cells else None
    images = image_frame(
        image_id=files.str.removesuffix(".jpg").tolist(),
        file=files.tolist(),
        patient_id=files.str.replace(r"^[^/]*/([^/]*)/.*$", r"\1", regex=True).to_numpy(dtype=object),
        study_id=files.str.rpartition("/")[0].to_numpy(dtype=object),
        view=_views(table, frontal=files.str.endswith("_frontal.jpg").to_numpy(dtype=bool)),
        sex=words(table, "Sex", meanings=_SEXES, remedy=REMEDY) if "Sex" in table.cells else None,
        age_years=None if age_years is None else np.where(age_years == 0, np.nan, age_years),
    )
    findings = stated_findings(table)
    labels = one_reader_labels(
        stated_values(table, findings), findings=findings, image_ids=images["image_id"].tolist(), part=part
    )
    return Frames(images=images, labels=labels, notes=_notes(table, files))


def stated_findings(table: Table) -> tuple[str, ...]:
    """The label columns that a table has; those of the test set are fewer in some copies."""
    return tuple(name for name in LABELS if name in table.cells)


def stated_values(table: Table, findings: Sequence[str]) -> npt.NDArray[np.float32]:
    """The labels, shape ``(rows, findings)``: 1, 0, -1 (uncertain), NaN (blank).

    Raises:
        DataError: If a label is something else.
    """
    return np.stack([coded(table, name, values=(1, 0, -1), blank=True, remedy=REMEDY) for name in findings], axis=1)


def one_reader_labels(
    values: npt.NDArray[np.float32], *, findings: Sequence[str], image_ids: Sequence[str], part: Part
) -> pd.DataFrame:
    """The manifest's labels, one row of `values` for each image: the labeler's, or the radiologists' together."""
    return label_frame(
        values,
        image_ids=image_ids,
        image=np.arange(len(image_ids)),
        findings=findings,
        readers=["labeler" if part == "train" else "radiologists"],
        reader=np.zeros(len(image_ids), dtype=np.int64),
    )


def _files(table: Table, *, part: Part) -> "pd.Series[str]":
    paths = table.cells["Path"]
    known = PREFIX + part + r"/patient\d+/study\d+/view\d+_(?:frontal|lateral)\.jpg"
    wrong = ~paths.str.fullmatch(known).to_numpy(dtype=bool)
    expected = f"CheXpert-v1.0/{part}/patient<n>/study<n>/view<n>_frontal.jpg or _lateral.jpg"
    table.check(wrong, column="Path", expected=expected, remedy=REMEDY)
    return paths.str.replace(rf"^{PREFIX}", "", regex=True)


def _notes(table: Table, files: "pd.Series[str]") -> tuple[str, ...]:
    if "Frontal/Lateral" not in table.cells:
        return ()
    stated = table.cells["Frontal/Lateral"].str.strip().str.lower().to_numpy()
    named = files.str.extract(r"_(frontal|lateral)\.jpg$")[0].to_numpy()
    clashing = int(((stated != named) & (stated != "")).sum())
    said = f"Images whose column Frontal/Lateral contradicts the name of their file: {clashing}; the name was followed."
    return (said,) * (clashing > 0)


def _views(table: Table, *, frontal: npt.NDArray[np.bool_]) -> Words:
    if "AP/PA" not in table.cells:
        return np.where(frontal, "frontal", "lateral").astype(object)
    return np.where(frontal, words(table, "AP/PA", meanings=_PROJECTIONS, remedy=REMEDY), "lateral").astype(object)
