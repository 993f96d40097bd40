"""The answers of a test by how sure they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.metrics.calibration import Bins
from dashboard.notation import FEWEST
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, columns
from dashboard.results.downloads import Row, of_test
from dashboard.results.images import ANSWERED

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


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers to the n images of a test that have a single class and a single answer.

    Attributes:
        confidence: The highest probability of each image, shape ``(n,)``.
        right: Whether the answer is the class, shape ``(n,)``.
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
        right: How many of them are right.
        confidence: Their mean confidence; NaN without images.
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
    found = columns(run, _ANSWERS, test.parameters())
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
