"""Which findings occur together at a site."""

import math
from dataclasses import dataclass

import streamlit as st

from cxr_core.findings import FINDINGS
from dashboard.results.runs import RunKey, ask, number

_PATTERNS = """
    SELECT present[1], present[2], present[3], present[4], present[5], present[6], count(*)
    FROM reference JOIN image USING (dataset, image_id)
    WHERE dataset = $dataset AND policy = $policy AND image.left_out IS DISTINCT FROM 'view'
    GROUP BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class Together:
    """How often one finding is present where another is.

    Attributes:
        dataset: The site's images: all in the views that the run takes, with one class, several or none.
        policy: The label policy that says what is present.
        images: How many.
        present: In how many of them each of the six is present.
        known: For each finding, in a row, the images that have it and where presence of the finding in the column is
            known.
        both: Of these, the images that have both.
    """

    dataset: str
    policy: str
    images: int
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
    patterns = [tuple(map(number, row)) for row in rows]
    six = range(len(FINDINGS))

    def count(row: int, *, column: int, values: tuple[float, ...]) -> int:
        return sum(int(each[-1]) for each in patterns if each[row] == 1 and each[column] in values)

    return Together(
        dataset=dataset,
        policy=policy,
        images=sum(int(each[-1]) for each in patterns),
        present=tuple(count(row, column=row, values=(1,)) for row in six),
        known=tuple(tuple(count(row, column=column, values=(0, 1)) for column in six) for row in six),
        both=tuple(tuple(count(row, column=column, values=(1,)) for column in six) for row in six),
    )
