"""How far confidence lies from being right, and how far it would by chance.

Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, for the expected calibration error; that it is
above 0 where calibration is perfect, and how far, by resampling the outcomes: Brocker and Smith, Weather and
Forecasting 22 (2007), "consistency resampling".
"""

import math

import numpy as np
import numpy.typing as npt

_Counts = npt.NDArray[np.int64]
_Shares = npt.NDArray[np.float64]

_REPLICATES = 2000


def expected_error(n: _Counts, right: _Counts, confidence: _Shares) -> float:
    """The mean over images of how far the accuracy of their bin lies from its mean confidence.

    Args:
        n: Images in each bin, shape ``(b,)``, 1 or more.
        right: How many of them are right, shape ``(b,)``.
        confidence: Their mean confidence, in [0, 1], shape ``(b,)``.

    Returns:
        A value in [0, 1]; NaN without bins.

    >>> expected_error(np.array([10, 30]), np.array([5, 27]), np.array([0.6, 0.9]))
    0.025
    """
    if not n.size:
        return math.nan
    return round(float(np.average(np.abs(right / n - confidence), weights=n)), 15)


def error_by_chance(n: _Counts, confidence: _Shares, *, n_effective: float | None = None, seed: int = 0) -> float:
    """Up to what a perfectly calibrated model with these confidences would show: the 97.5th percentile of its error.

    Whether an image is right is drawn anew, with the mean confidence of its bin as its chance; the bins stay. What is
    found above it is more than chance in all but 2.5 % of samples.

    Args:
        n: Images in each bin, shape ``(b,)``, 1 or more.
        confidence: Their mean confidence, in [0, 1], shape ``(b,)``.
        n_effective: How many independent images all of them tell as much as (`statistics.design`); as many as they are
            where not given.
        seed: Of the draws.

    Returns:
        A value in [0, 1]; NaN without bins.
    """
    if not n.size:
        return math.nan
    worth = 1.0 if n_effective is None else n_effective / float(n.sum())
    trials = np.maximum(np.round(n * worth), 1).astype(np.int64)
    drawn = np.random.default_rng(seed).binomial(trials, confidence.clip(0, 1), size=(_REPLICATES, n.size))
    errors = np.average(np.abs(drawn / trials - confidence), weights=n, axis=1)
    return float(np.percentile(errors, 97.5))
