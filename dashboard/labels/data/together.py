"""Findings that occur together at a site."""

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cxr_core.metrics.cooccurrence import cooccurrence
from dashboard.results.database import RunKey, ask, number
from dashboard.results.runs import classes

_PATTERNS = """
    SELECT present, count(*)
    FROM reference JOIN image USING (dataset, image_id)
    WHERE dataset = $dataset AND policy = $policy AND image.left_out IS DISTINCT FROM 'view'
    GROUP BY present
"""


@dataclass(frozen=True, kw_only=True)
class Together:
    """How often one finding is present where another is.

    Attributes:
        dataset: The site's images: all in the views that the run takes, with one class, several or none.
        policy: The label policy that says what is present.
        images: How many.
        classes: The run's; each of the following is in their order.
        present: In how many images each is present.
        known: For each finding, in a row, the images that have it and where presence of the finding in the column is
            known.
        both: Of these, the images that have both.
    """

    dataset: str
    policy: str
    images: int
    classes: tuple[str, ...]
    present: tuple[int, ...]
    known: tuple[tuple[int, ...], ...]
    both: tuple[tuple[int, ...], ...]

    def share(self, row: int, column: int) -> float:
        """Share of the images with one finding that have another, in [0, 1]; NaN where no image can tell."""
        known = self.known[row][column]
        return self.both[row][column] / known if known else math.nan


@st.cache_data(max_entries=64, show_spinner=False)
def together(run: RunKey, *, dataset: str, policy: str) -> Together:
    """Which findings occur together, over all images of a dataset."""
    rows = ask(run, _PATTERNS, {"dataset": dataset, "policy": policy})
    images = np.array([number(row[-1]) for row in rows], np.int64)
    stated = np.array([row[0] for row in rows], np.float64).reshape(images.size, len(classes(run)))
    counted = cooccurrence(stated, images=images)
    return Together(
        dataset=dataset,
        policy=policy,
        images=counted.images,
        classes=classes(run),
        present=tuple(counted.present.tolist()),
        known=tuple(map(tuple, counted.known.tolist())),
        both=tuple(map(tuple, counted.both.tolist())),
    )
