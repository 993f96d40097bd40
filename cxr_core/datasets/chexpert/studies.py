"""CheXpert's test labels as its authors publish them: one row for each study, for all images of the study."""

from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core.datasets.checks import check_unique
from cxr_core.datasets.chexpert.names import SIX
from cxr_core.datasets.chexpert.tables import (
    PREFIX,
    REMEDY,
    Frames,
    one_reader_labels,
    stated_findings,
    stated_values,
)
from cxr_core.datasets.frames import image_frame
from cxr_core.datasets.tables import Table, read_table

_STUDY = PREFIX + r"test/patient\d+/study\d+/?"


def read_by_study(path: Path, *, root: Path) -> Frames:
    """A table with one row for each study of the test set; its images are those in the study's folder.

    Args:
        path: The CSV file.
        root: The folder that holds ``test/``.

    Raises:
        DataError: If it is not as published.
    """
    table = read_table(path, required=("Study", *SIX))
    studies = _studies(table)
    files = sorted(file.relative_to(root).as_posix() for file in root.glob("test/patient*/study*/view*.jpg"))
    row = pd.Index(studies).get_indexer(pd.Index([file.rpartition("/")[0] for file in files], dtype="str"))
    kept = [file for file, place in zip(files, row, strict=True) if place >= 0]
    image_ids = [file.removesuffix(".jpg") for file in kept]
    images = image_frame(
        image_id=image_ids,
        file=kept,
        patient_id=np.array([image_id.split("/")[1] for image_id in image_ids], dtype=object),
        study_id=np.array([image_id.rpartition("/")[0] for image_id in image_ids], dtype=object),
        view=np.array(["frontal" if name.endswith("_frontal") else "lateral" for name in image_ids], dtype=object),
    )
    findings = stated_findings(table)
    values = stated_values(table, findings)[row[row >= 0]]
    unlisted = len(files) - len(kept)
    empty = np.setdiff1d(np.arange(len(studies)), row)
    return Frames(
        images=images,
        labels=one_reader_labels(values, findings=findings, image_ids=image_ids, part="test"),
        notes=(f"Images in test/ of studies that {path.name} does not list: {unlisted}.",) * (unlisted > 0),
        rejected=tuple((studies[place], f"{path.name} lists it; no image lies there.") for place in empty),
    )


def _studies(table: Table) -> list[str]:
    stated = table.cells["Study"]
    wrong = ~stated.str.fullmatch(_STUDY).to_numpy(dtype=bool)
    table.check(wrong, column="Study", expected="CheXpert-v1.0/test/patient<n>/study<n>", remedy=REMEDY)
    studies = stated.str.replace(rf"^{PREFIX}", "", regex=True).str.removesuffix("/")
    check_unique(table, studies.to_frame(), what="study")
    return studies.tolist()
