"""Checks of what predictions are said to be."""

import numpy as np

from cxr_core.brought import faults
from cxr_core.brought.records import Brought

_FARTHEST = 1e-3


def check_softmax(brought: Brought) -> None:
    """That each row's scores sum to 1 within a thousandth.

    Raises:
        DataError: If those of a row do not, or a model has flags alone.
    """
    for model in brought.models:
        if model.probability is None:
            raise faults.no_sum_of_one(model.rows.where(0), found="flags alone")
        sums = model.probability.sum(axis=1, dtype=np.float64)
        wrong = ~(np.abs(sums - 1) <= _FARTHEST)
        if wrong.any():
            row = int(wrong.argmax())
            found = "a finding without a score" if np.isnan(sums[row]) else "another sum"
            raise faults.no_sum_of_one(model.rows.where(row), found=found)
