"""Calibration: how far confidence lies from being right, and how far it would by chance.

Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, for the expected calibration error; that it is
above 0 where calibration is perfect, and how far, by resampling the outcomes: Brocker and Smith, Weather and
Forecasting 22 (2007), "consistency resampling".
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Counts = npt.NDArray[np.int64]
_Shares = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]

_REPLICATES = 2000


@dataclass(frozen=True, kw_only=True)
class Bins:
    """Images by their confidence, b bins of them by rising confidence.

    Attributes:
        low: Where each bin begins, in [0, 1], shape ``(b,)``.
        high: Where it ends, shape ``(b,)``.
        n: Images in it, shape ``(b,)``.
        right: How many of them are right, shape ``(b,)``.
        confidence: Their mean confidence, shape ``(b,)``; NaN without images.
    """

    low: _Shares
    high: _Shares
    n: _Counts
    right: _Counts
    confidence: _Shares

    def filled(self) -> "Bins":
        """Those that hold images."""
        kept = self.n > 0
        return Bins(
            low=self.low[kept],
            high=self.high[kept],
            n=self.n[kept],
            right=self.right[kept],
            confidence=self.confidence[kept],
        )


def mean_and_median(confidence: _Shares) -> tuple[float, float]:
    """How sure a model is of its answers, on average and in the middle.

    Args:
        confidence: The highest probability of each image, in [0, 1], shape ``(n,)``.

    Returns:
        Both in [0, 1]; NaN without images.

    >>> mean_and_median(np.array([0.5, 0.5, 1.0, 1.0, 1.0]))
    (0.8, 1.0)
    """
    return (float(confidence.mean()), float(np.median(confidence))) if confidence.size else (math.nan, math.nan)


def bins_of_equal_width(confidence: _Shares, right: _Bools, *, bins: int = 10) -> Bins:
    """Bins of equal width from 0 to 1, empty ones too; each holds its lower end, the last one both.

    Args:
        confidence: The highest probability of each image, in [0, 1], shape ``(n,)``.
        right: Whether the answer is right, shape ``(n,)``.
        bins: How many.

    >>> bins_of_equal_width(np.array([0.2, 0.5, 1.0]), np.array([False, True, True]), bins=2).n
    array([1, 2])
    """
    edges = np.arange(bins + 1) / bins
    place = np.minimum(np.floor(confidence * bins), bins - 1).astype(np.int64)
    return _binned(confidence, right, place=place, low=edges[:-1], high=edges[1:])


def bins_of_equal_count(confidence: _Shares, right: _Bools, *, bins: int = 10) -> Bins:
    """Bins of about as many images each. Images of one confidence share a bin, so that their order does not matter.

    Args:
        confidence: The highest probability of each image, in [0, 1], shape ``(n,)``.
        right: Whether the answer is right, shape ``(n,)``.
        bins: How many at most: ties may leave some without images, and these are left out.

    Returns:
        Bins that hold images; `low` and `high` are the least and the greatest confidence in each.

    >>> bins_of_equal_count(np.array([0.2, 0.5, 0.5, 1.0]), np.array([False, True, True, True]), bins=2).high
    array([0.5, 1. ])
    """
    if not confidence.size:
        nothing = np.empty(0)
        return _binned(confidence, right, place=np.empty(0, np.int64), low=nothing, high=nothing)
    ordered = np.sort(confidence)
    edges = ordered[[-(-confidence.size * part // bins) - 1 for part in range(1, bins)]]
    # Numbered anew, so that none is empty.
    _, place = np.unique(np.searchsorted(edges, confidence, "left"), return_inverse=True)
    starts = np.append(0, np.cumsum(np.bincount(place)))
    return _binned(confidence, right, place=place, low=ordered[starts[:-1]], high=ordered[starts[1:] - 1])


def _binned(confidence: _Shares, right: _Bools, *, place: _Counts, low: _Shares, high: _Shares) -> Bins:
    n, hits, total = (
        np.bincount(place, weights=weights, minlength=low.size)
        for weights in (None, right.astype(np.float64), confidence)
    )
    mean = np.divide(total, n, out=np.full(low.size, np.nan), where=n > 0)
    return Bins(low=low, high=high, n=n.astype(np.int64), right=hits.astype(np.int64), confidence=mean)


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
