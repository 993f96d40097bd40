"""Which images or studies of a dataset the rows of one model are of."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cxr_core.brought.ids import Met, meet
from cxr_core.brought.records import ModelOutputs, Positions, Words
from cxr_core.brought.studies import is_per_study
from cxr_core.manifest import Manifest


@dataclass(frozen=True, kw_only=True)
class Join:
    """The rows of one model at one dataset.

    Attributes:
        level: What the dataset is looked at in for these rows.
        position: Shape ``(n,)``: as in `Met`.
        is_of_studies: Whether each row is a study by its id, so that two of one study are a mistake and not two images.
    """

    level: Literal["image", "study"]
    position: Positions
    is_of_studies: bool


def join(model: ModelOutputs, manifest: Manifest) -> Join:
    """Meets the rows that are, or may be, of a dataset with it.

    Where no id meets anything, the study that another column names, or the folder of a path, is tried.

    Args:
        model: The predictions.
        manifest: The dataset.
    """
    rows = np.flatnonzero((model.datasets == manifest.dataset) | pd.isna(model.datasets))
    met = meet(model.ids[rows], manifest)
    is_of_studies = met.level == "study" or is_per_study(manifest)
    if not met.count:
        met, is_of_studies = _by_study_of(model, rows, manifest), False
    position = np.full(len(model.ids), -1, dtype=np.int64)
    position[rows] = met.position
    is_study = is_per_study(manifest) or (met.level == "study" and met.count > 0)
    return Join(level="study" if is_study else "image", position=position, is_of_studies=is_of_studies)


def _by_study_of(model: ModelOutputs, rows: Positions, manifest: Manifest) -> Met:
    known = pd.Series(model.studies[rows], dtype="str").fillna(_folders(model.ids[rows]))
    met = meet(known.fillna("").to_numpy(dtype=object), manifest)
    if met.level == "study" or is_per_study(manifest):
        return met
    return Met(level="image", position=np.full(len(rows), -1, dtype=np.int64))


def _folders(ids: Words) -> "pd.Series[str]":
    paths = pd.Series(ids, dtype="str").str.replace("\\", "/", regex=False)
    return paths.str.replace(r"/[^/]*$", "", regex=True).where(paths.str.contains("/", regex=False))
