"""Mean maps: the places that a model looks at on average, over the mean image."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core import localization
from dashboard.notation import FEWEST
from dashboard.results.database import RunKey, Value, ask, columns, number
from dashboard.results.maps import DEFAULT_METHOD, Peak, peaks, stacked
from dashboard.results.runs import classes
from dashboard.results.saliency_test import SaliencyTest
from dashboard.saliency.data.groups import OF_GROUP, OUTCOMES, Group

_Grays = npt.NDArray[np.float64]

_MOST_IMAGES = 5000

_STORED = """
    SELECT n, map, height, width, coalesce(image, ''::BLOB) AS image
    FROM mean_map
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND finding = $finding
        AND n > 0 AND outcome IN (SELECT unnest(string_split($outcomes, ' ')))
    ORDER BY outcome DESC
"""

_SINGLE = f"""
    SELECT 1 AS n, height, width, maps[$class * height * width + 1 : ($class + 1) * height * width] AS map
    FROM saliency SEMI JOIN ({OF_GROUP}) AS wanted USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND method = $method
    ORDER BY hash(image_id), image_id LIMIT $most
"""  # noqa: S608 (a constant)

_IMAGES = """
    SELECT finding, sum(n)::BIGINT FROM mean_map
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
        AND outcome IN ('recognized', 'missed')
    GROUP BY finding
"""


@dataclass(frozen=True, kw_only=True)
class MeanMap:
    """The mean of the saliency maps of some images, over their mean image.

    Attributes:
        n: Of how many maps.
        height: Rows.
        width: Columns.
        values: ``height * width`` bytes; 255 would mean that every image has its maximum there.
        n_image: Of how many images the mean image is: an outcome of too few is left out of it. 0 without one.
        side_px: Rows and columns of the mean image.
        image: ``side_px * side_px`` bytes, gray; None where the images are too few to be nobody's.
    """

    n: int
    height: int
    width: int
    values: bytes
    n_image: int
    side_px: int
    image: bytes | None

    @property
    def peak(self) -> float:
        """The maximum of the mean map, in [0, 1]."""
        return max(self.values, default=0) / 255

    @property
    def place(self) -> Peak | None:
        """Where that is; None where nothing is positive."""
        return peaks(self.values, height=self.height, width=self.width)[0]

    @property
    def is_estimable(self) -> bool:
        """Whether it is of enough maps to be read."""
        return self.n >= FEWEST


@st.cache_data(max_entries=128, show_spinner=False)
def mean_map(
    run: RunKey, test: SaliencyTest, *, finding: str, group: Group = "all", method: str = DEFAULT_METHOD
) -> MeanMap | None:
    """The mean map of a class's images, or of those with one outcome; None if there are no such images.

    Outcomes are put together by their numbers of images. The maps of another method than class activation are averaged
    here, since no run stores their mean; of more than 5,000 a sample is taken.

    Raises:
        StoreError: If the maps, or the mean images, are not all of one size.
    """
    given, index = {**test.parameters(), "outcomes": OUTCOMES[group]}, classes(run).index(finding)
    stored = columns(run, _STORED, {**given, "finding": finding})
    mapped = stored
    if method != DEFAULT_METHOD:
        own: dict[str, Value] = {"class": index, "method": method, "most": _MOST_IMAGES}
        mapped = columns(run, _SINGLE, {**given, **own})
    if not mapped["n"].size:
        return None
    maps = stacked(run, mapped["map"].tolist(), height=mapped["height"].tolist(), width=mapped["width"].tolist())
    values = localization.pooled(maps.astype(np.float64), n=mapped["n"].astype(np.int64))
    shown = np.array([len(image) > 0 for image in stored["image"]], np.bool_)
    image = _mean_image(run, stored["image"][shown], weights=stored["n"][shown]) if shown.any() else np.zeros(0)
    return MeanMap(
        n=int(mapped["n"].astype(np.int64).sum()),
        height=maps.shape[1],
        width=maps.shape[2],
        values=_bytes(values),
        n_image=int(stored["n"][shown].astype(np.int64).sum()),
        side_px=math.isqrt(image.size),
        image=_bytes(image) if image.size else None,
    )


def _mean_image(run: RunKey, blobs: npt.NDArray[np.generic], *, weights: npt.NDArray[np.generic]) -> _Grays:
    sides = [math.isqrt(len(blobs[0]))] * len(blobs)
    squares = stacked(run, blobs.tolist(), height=sides, width=sides)
    return localization.pooled(squares.astype(np.float64), n=weights.astype(np.int64))


def _bytes(grays: _Grays) -> bytes:
    return np.rint(grays).astype(np.uint8).tobytes()


@st.cache_data(max_entries=128, show_spinner=False)
def images(run: RunKey, test: SaliencyTest) -> Mapping[str, int]:
    """How many of these images have each class; a class without any is missing."""
    return {str(finding): int(number(n)) for finding, n in ask(run, _IMAGES, test.parameters())}
