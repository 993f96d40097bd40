"""The answers of a test by how sure they are, and the scores of a finding by how high they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.metrics.calibration import Bins
from dashboard.notation import FEWEST
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, columns
from dashboard.results.downloads import Row, of_test
from dashboard.results.images import ANSWERED
from dashboard.results.runs import class_order

_ANSWERS = f"""
    SELECT probability[predicted + 1]::DOUBLE AS confidence, predicted = class AS is_right,
        hash(coalesce(patient_id, study_id, image_id)) AS patient
    FROM prediction JOIN reference USING (dataset, image_id)
        JOIN (
            SELECT dataset, image_id, patient_id, study_id FROM image WHERE left_out IS NULL
        ) AS kept USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
        AND {ANSWERED}
"""  # noqa: S608 (a constant)

_SCORES = """
    SELECT probability[$index]::DOUBLE AS confidence, present[$index] = 1 AS is_right,
        hash(coalesce(patient_id, study_id, image_id)) AS patient
    FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND NOT isnan(present[$index])
        AND NOT isnan(probability[$index])
"""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers to the n images of a test that have a single class and a single answer; or the scores of a finding.

    Attributes:
        confidence: The highest probability of each image, or the score of the finding, in [0, 1], shape ``(n,)``.
        right: Whether the answer is the class, or the finding is there, shape ``(n,)``.
        patient: A number for the patient, shape ``(n,)``; its study, else the image, where that is
            not recorded.
    """

    confidence: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    patient: npt.NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Images of about the same confidence.

    Attributes:
        low: Where the bin begins, in [0, 1].
        high: Where it ends.
        n: Images in it.
        right: How many of them are right, or have the finding.
        confidence: Their mean confidence, or score; NaN without images.
    """

    low: float
    high: float
    n: int
    right: int
    confidence: float

    @property
    def accuracy(self) -> float:
        """Share that is right; NaN without images."""
        return self.right / self.n if self.n else float("nan")


def answers(run: RunKey, test: TestSet) -> Answers:
    """The answers of a test, image by image; none if there is no such test. An image without one is left out."""
    return _answers(columns(run, _ANSWERS, test.parameters()))


def scores(run: RunKey, test: TestSet, *, finding: str) -> Answers:
    """The scores of a finding, image by image, where its presence is known and the model says something of it."""
    return _answers(columns(run, _SCORES, {**test.parameters(), "index": class_order(run)(finding) + 1}))


def _answers(found: Mapping[str, npt.NDArray[np.generic]]) -> Answers:
    return Answers(
        confidence=np.asarray(found["confidence"], np.float64),
        right=np.asarray(found["is_right"], np.bool_),
        patient=np.asarray(found["patient"], np.uint64),
    )


def as_bins(found: Bins) -> tuple[Bin, ...]:
    """The library's bins, one by one."""
    columns_of_bins = (found.low, found.high, found.n, found.right, found.confidence)
    return tuple(
        Bin(low=low, high=high, n=n, right=right, confidence=confidence)
        for low, high, n, right, confidence in zip(*(each.tolist() for each in columns_of_bins), strict=True)
    )


def score_bin_rows(run: RunKey, test: TestSet, bins: Sequence[Bin], *, finding: str) -> list[Row]:
    """The bins of a finding's scores in a test for a download."""
    return [
        {
            **of_test(run, test),
            "finding": finding,
            "bin_low": each.low,
            "bin_high": each.high,
            "n": each.n,
            "n_positive": each.right,
            "prevalence": each.accuracy,
            "mean_score": each.confidence,
            "not_estimable": each.n < FEWEST,
        }
        for each in bins
    ]


def bin_rows(run: RunKey, test: TestSet, bins: Sequence[Bin]) -> list[Row]:
    """The bins of a test for a download."""
    return [
        {
            **of_test(run, test),
            "bin_low": each.low,
            "bin_high": each.high,
            "n": each.n,
            "n_right": each.right,
            "accuracy": each.accuracy,
            "mean_confidence": each.confidence,
            "not_estimable": each.n < FEWEST,
        }
        for each in bins
    ]
