"""The manifest's frames from whole columns, so that a million rows take no loop."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cxr_core.manifest import BOX_COLUMNS, LABEL_COLUMNS

Words = npt.NDArray[np.object_]
Names = Sequence[str] | pd.Series


def image_frame(
    *,
    image_id: Names,
    file: Sequence[str | None],
    patient_id: Words | None = None,
    study_id: Words | None = None,
    view: Words | None = None,
    sex: Words | None = None,
    age_years: npt.NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """The manifest's images, one row per element; what is not given is not recorded (None, NaN)."""
    unknown = np.full(len(image_id), None, dtype=object)
    return pd.DataFrame(
        {
            "image_id": pd.Series(image_id, dtype="str").reset_index(drop=True),
            "patient_id": pd.Series(unknown if patient_id is None else patient_id, dtype=object),
            "study_id": pd.Series(unknown if study_id is None else study_id, dtype=object),
            "file": pd.Series(list(file), dtype=object if None in file else "str"),
            "view": pd.Series(unknown if view is None else view, dtype=object),
            "sex": pd.Series(unknown if sex is None else sex, dtype=object),
            "age_years": np.full(len(image_id), np.nan) if age_years is None else age_years,
        }
    )


def label_frame(
    values: npt.NDArray[np.float32],
    *,
    image_ids: Names,
    image: npt.NDArray[np.int64],
    findings: Sequence[str],
    readers: Sequence[str],
    reader: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """The manifest's labels from one row of values per reading: what one reader said of one image.

    Args:
        values: Shape ``(readings, findings)``: 1, 0, -1, NaN.
        image_ids: Every image id, unique.
        image: Shape ``(readings,)``: which image, an index into `image_ids`.
        findings: The dataset's own names, one per column of `values`.
        readers: The names of the readers.
        reader: Shape ``(readings,)``: which reader, an index into `readers`.
    """
    readings, width = values.shape
    columns = {
        "image_id": _categorical(np.repeat(_narrow(image, image_ids), width), image_ids),
        "finding": _categorical(np.tile(_narrow(np.arange(width), findings), readings), findings),
        "reader": _categorical(np.repeat(_narrow(reader, readers), width), readers),
        "value": values.reshape(-1),
    }
    return pd.DataFrame(columns, copy=False)[list(LABEL_COLUMNS)]


def no_boxes() -> pd.DataFrame:
    """The manifest's boxes where there are none."""
    names = {name: pd.Series([], dtype="str") for name in BOX_COLUMNS[:3]}
    return pd.DataFrame(names | {name: pd.Series([], dtype=np.float64) for name in BOX_COLUMNS[3:]})


def _narrow(codes: npt.NDArray[np.int64], names: Names) -> npt.NDArray[np.signedinteger]:
    """Codes as narrow as a categorical keeps them: there are several for each row of a label table."""
    return codes.astype(np.min_scalar_type(-len(names) - 1))


def _categorical(codes: npt.NDArray[np.signedinteger], names: Names) -> ExtensionArray:
    each = pd.Categorical.from_codes(np.arange(len(names)), categories=pd.Index(pd.Series(names, dtype="str")))
    # Of equal names, but without the table of all of them that the check for equal ones has left behind.
    return pd.Categorical.from_codes(codes, dtype=each.remove_unused_categories().dtype)
