"""Findings that occur together at a site."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core.metrics.cooccurrence import cooccurrence
from dashboard.results.database import RunKey, columns
from dashboard.results.runs import classes

_PATTERNS = """
    SELECT {has} AS has, {known} AS known, count(*) AS images
    FROM reference
    WHERE dataset = $dataset AND policy = $policy
        AND image_id NOT IN (SELECT image_id FROM image WHERE dataset = $dataset AND left_out = 'view')
    GROUP BY ALL
"""
"""A bit a finding: lists of them would be grouped, and fetched, many times as slowly."""


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
        labelled: In how many images presence of each is known; 0 where the site does not label it.
    """

    dataset: str
    policy: str
    images: int
    classes: tuple[str, ...]
    present: tuple[int, ...]
    known: tuple[tuple[int, ...], ...]
    both: tuple[tuple[int, ...], ...]
    labelled: tuple[int, ...]

    def share(self, row: int, column: int) -> float:
        """Share of the images with one finding that have another, in [0, 1]; NaN where no image can tell."""
        known = self.known[row][column]
        return self.both[row][column] / known if known else math.nan


@st.cache_data(max_entries=64, show_spinner=False)
def together(run: RunKey, *, dataset: str, policy: str) -> Together:
    """Which findings occur together, over all images of a dataset."""
    k = len(classes(run))
    has, known, images = columns(run, _sql(k), {"dataset": dataset, "policy": policy}).values()
    is_known = _bits(known, k=k)
    counted = cooccurrence(np.where(is_known, _bits(has, k=k), np.nan), images=images.astype(np.int64))
    return Together(
        dataset=dataset,
        policy=policy,
        images=counted.images,
        classes=classes(run),
        present=tuple(counted.present.tolist()),
        known=tuple(map(tuple, counted.known.tolist())),
        both=tuple(map(tuple, counted.both.tolist())),
        labelled=tuple((images @ is_known).astype(int).tolist()),
    )


def _sql(k: int) -> str:
    has, known = (
        " + ".join(f"(CASE WHEN {said.format(i=i + 1)} THEN {1 << i} ELSE 0 END)::BIGINT" for i in range(k))
        for said in ("present[{i}] = 1", "NOT isnan(present[{i}])")
    )
    return _PATTERNS.format(has=has, known=known)


def _bits(patterns: npt.NDArray[np.generic], *, k: int) -> npt.NDArray[np.bool_]:
    """Which findings each pattern holds, shape ``(n, k)``."""
    return np.asarray((patterns.astype(np.int64)[:, None] >> np.arange(k)) & 1, np.bool_)
