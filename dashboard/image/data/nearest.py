"""The images of a test that are most alike to one image, for the model."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.downloads import Row, image_rows, of_test, single
from dashboard.results.images import ANSWERED, BY_SEED, KEPT, Key
from dashboard.results.runs import classes

MOST_COMPARED = 100_000
"""Images of a test whose features are compared; of a larger test as many are drawn, so that the page does not wait."""

LIKENESS = f"""
    compared AS (FROM candidate ORDER BY {BY_SEED} LIMIT $most),
    asked AS (
        SELECT model_id, vector FROM feature
        WHERE dataset = $of AND image_id = $image AND model_id IN (SELECT unnest($members))
    ),
    likeness AS (
        SELECT image_id, avg(list_cosine_similarity(feature.vector, asked.vector)) AS cosine
        FROM feature JOIN asked USING (model_id) JOIN compared USING (image_id)
        WHERE dataset = $dataset
        GROUP BY image_id HAVING count(*) = (SELECT count(*) FROM asked)
    ),
    nearest AS (FROM likeness WHERE NOT isnan(cosine) ORDER BY cosine DESC, image_id LIMIT $limit)
"""  # noqa: S608 (a constant)
"""Of the images of a ``candidate`` those ``nearest`` to one; `bound` gives its parameters that are the same for all."""

SAME_PATIENT = """dataset = $of AND patient_id = (
        SELECT patient_id FROM image WHERE dataset = $of AND image_id = $image
    )"""

_SQL = f"""
    WITH candidate AS (
        SELECT image_id, class, predicted, probability[predicted + 1] AS confidence
        FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND {KEPT} AND {ANSWERED}
            AND ($right_of IS NULL OR (class = $right_of AND predicted = $right_of))
            AND NOT (dataset = $of AND image_id = $image)
    ),
    {LIKENESS}
    SELECT image_id, class, predicted, confidence, cosine, {SAME_PATIENT}
    FROM nearest JOIN candidate USING (image_id) JOIN (FROM image WHERE dataset = $dataset) AS shown USING (image_id)
    ORDER BY cosine DESC, image_id
"""  # noqa: S608 (constants)

_HAS_FEATURES = """
    SELECT 1 FROM feature
    WHERE dataset = $dataset AND image_id = $image AND model_id IN (SELECT unnest($members)) LIMIT 1
"""


_IS_LARGER = """
    SELECT count(*) > $most FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role
"""


def bound() -> dict[str, int]:
    """How many images are compared at most, and the seed that draws them."""
    return {"most": MOST_COMPARED, "seed": 0}


@dataclass(frozen=True, kw_only=True)
class Near:
    """An image that the members see much as they see the one that was asked about.

    Attributes:
        key: The image.
        true: Its class under the policy of its test.
        predicted: What the model answered.
        confidence: Probability of that answer.
        cosine: Mean over the members of the cosine between the two images' features, in [-1, 1].
        same_patient: Whether it is of the same patient; None where that is not recorded.
    """

    key: Key
    true: str
    predicted: str
    confidence: float
    cosine: float
    same_patient: bool | None

    @property
    def is_right(self) -> bool:
        """Whether the model's answer is the class."""
        return self.true == self.predicted


@st.cache_data(max_entries=128, show_spinner=False)
def nearest(
    run: RunKey, test: TestSet, *, key: Key, members: tuple[str, ...], right_of: int | None, limit: int
) -> tuple[Near, ...]:
    """The nearest images of a test, without the image itself.

    Args:
        run: The run.
        test: Where to look.
        key: The image.
        members: The models whose features are compared. An ensemble's are its members' unit vectors side by side, so
            that the cosine of two images is the mean of the members' cosines.
        right_of: Only images of this class that the model got right; None for all.
        limit: How many.

    Returns:
        The nearest first; empty if there is none, or the run stores no features.
    """
    parameters = {
        **test.parameters(),
        **bound(),
        "of": key[0],
        "image": key[1],
        "members": list(members),
        "right_of": right_of,
        "limit": limit,
    }
    named = classes(run)
    return tuple(
        Near(
            key=(test.dataset, str(image)),
            true=named[int(number(true))],
            predicted=named[int(number(predicted))],
            confidence=number(confidence),
            cosine=number(cosine),
            same_patient=None if same_patient is None else bool(same_patient),
        )
        for image, true, predicted, confidence, cosine, same_patient in ask(run, _SQL, parameters)
    )


@st.cache_data(max_entries=128, show_spinner=False)
def has_features(run: RunKey, *, key: Key, members: tuple[str, ...]) -> bool:
    """Whether the run stores what the members saw in an image."""
    parameters = {"dataset": key[0], "image": key[1], "members": list(members)}
    return bool(ask(run, _HAS_FEATURES, parameters))


@st.cache_data(max_entries=64, show_spinner=False)
def compared_of_larger(run: RunKey, test: TestSet, *, most: int) -> int | None:
    """How many images of a test were drawn to be compared; None where it has no more than that.

    Args:
        run: The run.
        test: Where was looked.
        most: How many are compared at most.
    """
    named = test.parameters()
    of_test_alone = {name: named[name] for name in ("model", "dataset", "role")}
    ((is_larger,),) = ask(run, _IS_LARGER, {**of_test_alone, "most": most})
    return most if is_larger else None


def near_rows(run: RunKey, test: TestSet, neighbours: Sequence[Near], *, key: Key) -> list[Row]:
    """The nearest images of a test for a download.

    Args:
        run: The run.
        test: Where they are.
        neighbours: They themselves.
        key: The image that they are nearest to.
    """
    return [
        {
            **of_test(run, test),
            **named,
            "near_dataset": key[0],
            "near_image_id": key[1],
            "class": neighbour.true,
            "predicted": neighbour.predicted,
            "probability_of_predicted": single(neighbour.confidence),
            "cosine": neighbour.cosine,
            "same_patient": neighbour.same_patient,
        }
        for neighbour, named in zip(neighbours, image_rows(run, [each.key for each in neighbours]), strict=True)
    ]
