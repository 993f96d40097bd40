"""Boxes of readers around findings in one image."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.database import RunKey, ask
from dashboard.results.images import Key

_SQL = """
    SELECT finding, reader, class, x0, y0, x1, y1 FROM box LEFT JOIN name_match USING (dataset, finding)
    WHERE dataset = $dataset AND image_id = $image
    ORDER BY (x1 - x0) * (y1 - y0) DESC, finding, reader
"""


@dataclass(frozen=True, kw_only=True)
class ReaderBox:
    """One reader's box.

    Attributes:
        finding: As the dataset calls it.
        reader: Who drew it.
        index: Of the class that the finding is taken for; None for none of them.
        corners: x0, y0, x1, y1 in fractions of the image.
    """

    finding: str
    reader: str
    index: int | None
    corners: tuple[float, float, float, float]


@st.cache_data(max_entries=128, show_spinner=False)
def boxes(run: RunKey, *, key: Key) -> tuple[ReaderBox, ...]:
    """The boxes in an image, the largest first, so that a small one lies on top."""
    return tuple(
        ReaderBox(
            finding=str(finding),
            reader=str(reader),
            index=None if index is None else int(index),
            corners=(float(x0 or 0), float(y0 or 0), float(x1 or 0), float(y1 or 0)),
        )
        for finding, reader, index, x0, y0, x1, y1 in ask(run, _SQL, {"dataset": key[0], "image": key[1]})
    )


@st.cache_data(max_entries=64, show_spinner=False)
def site_has_boxes(run: RunKey, *, dataset: str) -> bool:
    """Whether any image of a dataset has boxes."""
    return bool(ask(run, "SELECT 1 FROM box WHERE dataset = $dataset LIMIT 1", {"dataset": dataset}))
