"""Hit rates: how often the peak of a saliency map lies in a reader's box, beside the usual place of such boxes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import streamlit as st

from cxr_core import localization
from cxr_core.statistics import shares
from dashboard.notation import Estimate, estimate_of
from dashboard.results.database import RunKey, Value, columns
from dashboard.results.downloads import Row, beginning, number
from dashboard.results.flags import IS_SIGMOID
from dashboard.results.images import KEPT
from dashboard.results.maps import DEFAULT_METHOD, stacked
from dashboard.results.runs import classes
from dashboard.results.saliency_test import SaliencyTest

_MOST_IMAGES = 5000
_MOST_BOXES = 20_000
_PARTS = 10

_NOTHING = Estimate(value=math.nan, low=math.nan, high=math.nan, n=0, estimable=False)

_Columns = dict[str, npt.NDArray[np.generic]]
_Floats = npt.NDArray[np.float64]

_TESTED = f"""
    WITH marked AS (
        SELECT image_id, reader, x0, y0, x1, y1 FROM box JOIN name_match USING (dataset, finding)
        WHERE dataset = $dataset AND class = $class
    ), tested AS (
        SELECT image_id FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
            AND CASE
                WHEN {IS_SIGMOID} THEN present[$class + 1] = 1 AND NOT isnan(probability[$class + 1])
                ELSE class = $class AND {KEPT}
            END
            AND image_id IN (SELECT image_id FROM marked)
            AND image_id IN (
                SELECT image_id FROM saliency WHERE model_id = $model AND dataset = $dataset AND method = $method
            )
    ), chosen AS (SELECT image_id FROM tested ORDER BY hash(image_id), image_id LIMIT $most)
"""  # noqa: S608 (a constant)

_MAPS = f"""{_TESTED}
    SELECT image_id, coalesce(patient_id, study_id, image_id) AS patient, height, width,
        (SELECT count(*) FROM tested) AS images, hash(image_id) % $parts AS part,
        maps[$class * height * width + 1 : ($class + 1) * height * width] AS map
    FROM saliency SEMI JOIN chosen USING (image_id)
    JOIN (SELECT dataset, image_id, patient_id, study_id FROM image) AS known USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND method = $method
    ORDER BY image_id
"""  # noqa: S608 (two constants)

_BOXES = f"""{_TESTED}
    SELECT x0, y0, x1, y1, dense_rank() OVER (ORDER BY image_id) - 1 AS image,
        dense_rank() OVER (ORDER BY image_id, reader) - 1 AS reading
    FROM marked SEMI JOIN chosen USING (image_id)
"""  # noqa: S608 (two constants)

_TRAINING_BOXES = f"""
    SELECT x0, y0, x1, y1
    FROM box
    JOIN name_match USING (dataset, finding)
    JOIN reference USING (dataset, image_id)
    JOIN dataset USING (dataset)
    JOIN prediction USING (dataset, image_id)
    WHERE model_id = $model AND role = 'train' AND site = 'source' AND name_match.class = $class
        AND CASE WHEN {IS_SIGMOID} THEN present[$class + 1] = 1 ELSE reference.class = $class END
        AND policy = CASE WHEN dataset = $dataset THEN $policy ELSE training_policy END
    ORDER BY hash(image_id), image_id, x0, y0 LIMIT $most
"""  # noqa: S608 (a constant)


@dataclass(frozen=True, kw_only=True)
class Pointing:
    """How often saliency points at what readers marked, for one class.

    An image counts as the share of the readers who marked the class on it in one of whose boxes the peak lies.

    Attributes:
        finding: The class.
        rate: The mean over images; `n` is their number.
        usual: The same for always pointing at the usual place; NaN without one.
        difference: What the rate is above that, on the same images; NaN without one.
        usual_from: Whose boxes chose that place: those of the training images, or, where there are none, those of nine
            tenths of the tested images for each tenth; None without one.
        images: How many images have a box and a map; more than ``rate.n`` where a sample was taken.
        shares: From an image's id to its share of readers.
    """

    finding: str
    rate: Estimate
    usual: Estimate
    difference: Estimate
    usual_from: Literal["training", "other tenths"] | None
    images: int
    shares: Mapping[str, float]


@st.cache_data(max_entries=512, show_spinner=False)
def pointing(run: RunKey, test: SaliencyTest, *, finding: str, method: str = DEFAULT_METHOD) -> Pointing:
    """How often one model's saliency for a class has its peak in a reader's box, on the images of that class.

    Of more than 5,000 images with a box, a sample of 5,000 is looked at. Without any, the rate is NaN and rests on 0.

    Raises:
        StoreError: If the maps are not all of one size.
    """
    if not test.has_boxes:
        return _nowhere(finding)
    index = classes(run).index(finding)
    given = {**test.parameters(), "class": index, "method": method, "most": _MOST_IMAGES}
    mapped = columns(run, _MAPS, {**given, "parts": _PARTS})
    if not mapped["map"].size:
        return _nowhere(finding)
    marked = columns(run, _BOXES, given)
    maps = stacked(run, mapped["map"].tolist(), height=mapped["height"].tolist(), width=mapped["width"].tolist())
    training = columns(run, _TRAINING_BOXES, {**_training_parameters(test, index), "most": _MOST_BOXES})
    places, usual_from = _usual_places(training, marked, parts=mapped["part"].astype(np.int64), role=test.role)
    hit, usual, patients = _hit_shares(localization.peaks(maps), marked), _hit_shares(places, marked), mapped["patient"]
    return Pointing(
        finding=finding,
        rate=estimate_of(shares.of_images(hit, patients=patients), n=hit.size),
        usual=estimate_of(shares.of_images(usual, patients=patients), n=hit.size) if usual_from else _NOTHING,
        difference=estimate_of(shares.difference_of_images(hit, usual, patients=patients), n=hit.size)
        if usual_from
        else _NOTHING,
        usual_from=usual_from,
        images=int(mapped["images"][0]),
        shares=dict(zip(mapped["image_id"].tolist(), hit.tolist(), strict=True)),
    )


def hit_rate_rows(run: RunKey, test: SaliencyTest, found: Sequence[Pointing], *, method: str) -> list[Row]:
    """Hit rates for a download, after each what the usual place scores, and what the rate is above that."""
    start = beginning(run, model=test.model, dataset=test.dataset, role=test.role, policy=test.policy)
    return [
        {
            **start,
            **number(estimate, metric=metric, finding=pointing.finding),
            "method": method,
            "usual_place_from": pointing.usual_from,
            "n_with_boxes": pointing.images,
        }
        for pointing in found
        for metric, estimate in (
            ("hit_rate", pointing.rate),
            ("hit_rate_usual_place", pointing.usual),
            ("hit_rate_above_usual_place", pointing.difference),
        )
    ]


def _nowhere(finding: str) -> Pointing:
    return Pointing(
        finding=finding, rate=_NOTHING, usual=_NOTHING, difference=_NOTHING, usual_from=None, images=0, shares={}
    )


def _usual_places(
    training: _Columns, marked: _Columns, *, parts: npt.NDArray[np.int64], role: str
) -> tuple[_Floats, Literal["training", "other tenths"] | None]:
    """For each tested image where boxes of other images mostly lie, shape ``(n, 2)``, and whose those are."""
    if training["x0"].size and role != "train":
        return np.tile(localization.usual_place(_corners(training)), (parts.size, 1)), "training"
    # Externally nothing may be chosen on the images that are tested, and on training images nothing is tested.
    if role != "internal_test" or np.unique(parts).size < 2:
        return np.full((parts.size, 2), math.nan), None
    places = localization.usual_places(_corners(marked), image=marked["image"].astype(np.int64), part=parts)
    return places, "other tenths"


def _hit_shares(points: _Floats, marked: _Columns) -> _Floats:
    image, reading = marked["image"].astype(np.int64), marked["reading"].astype(np.int64)
    return localization.hit_shares(points, _corners(marked), image=image, reading=reading)


def _corners(boxes: _Columns) -> _Floats:
    return np.stack([boxes[name].astype(np.float64) for name in ("x0", "y0", "x1", "y1")], axis=1)


def _training_parameters(test: SaliencyTest, index: int) -> dict[str, Value]:
    return {"model": test.model, "dataset": test.dataset, "policy": test.policy, "class": index}
