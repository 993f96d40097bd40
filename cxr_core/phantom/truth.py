"""The table of all that was drawn, beside the published layouts: one row per box, one per image without findings."""

from pathlib import Path

import pandas as pd

from cxr_core.findings import FINDINGS
from cxr_core.phantom.drawing import Image
from cxr_core.phantom.layouts.rows import Row

FILE = "phantom_truth.csv"
COLUMNS = (
    "site", "image_id", "patient", "view", "sex", "age_years", "devices", "word", "finding", "visibility",
    "x0", "y0", "x1", "y1",
)  # fmt: skip
"""``site`` vinbigdata | chexpert. ``image_id`` as its reader names it. ``devices`` by semicolons. ``word`` 0 | 1.
``finding`` by the name of its class. ``visibility`` from 0 to 1. The box in pixels of the file."""


def truth_rows(site: str, image_id: str, image: Image) -> tuple[Row, ...]:
    """What was drawn on one image."""
    patient = image.patient
    common = (
        site, image_id, patient.number, "AP" if image.pose.ap else "PA", "F" if patient.woman else "M",
        round(patient.age_years), ";".join(image.devices), int(image.word),
    )  # fmt: skip
    if not image.findings:
        return ((*common, FINDINGS[0], None, None, None, None, None),)
    return tuple(
        (*common, FINDINGS[finding.class_index], round(finding.visibility, 4), box.x0, box.y0, box.x1, box.y1)
        for finding in image.findings
        for box in finding.boxes
    )


def read_truth(folder: Path) -> pd.DataFrame:
    """The table of what was drawn, columns `COLUMNS`.

    Args:
        folder: Where `write_sites` wrote.
    """
    return pd.read_csv(folder / FILE, dtype={"image_id": "str", "devices": "str"}, keep_default_na=True)
