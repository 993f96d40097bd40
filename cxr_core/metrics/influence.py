"""Influence of each image on a metric: the metric's change with the image's weight.

Influences add up to 0 over the images. Added up within patients and squared, they give the metric's variance over
patients, without a single replicate.

Source: the infinitesimal jackknife of Jaeckel (1972), in Efron, The Jackknife, the Bootstrap and Other Resampling Plans
(1982), section 6; for AUROC the placements of DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988).
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def proportion(counted: Bools, *, among: Bools) -> Values:
    """Of a share: the images that are counted among some.

    Args:
        counted: Shape ``(n,)``.
        among: The images that it is a share of, shape ``(n,)``.

    Returns:
        Shape ``(n,)``; NaN where there are none to be a share of.

    >>> proportion(np.array([True, False, False]), among=np.array([True, True, False]))
    array([ 0.25, -0.25,  0.  ])
    """
    n = int(among.sum())
    if not n:
        return np.full(among.shape, np.nan)
    share = (counted & among).sum() / n
    return np.where(among, (counted - share) / n, 0.0)


def auroc(present: Bools, scores: npt.NDArray[np.floating]) -> Values:
    """Of the area under the ROC curve: how far the share of the other kind that an image beats is from the mean.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, finite.

    Returns:
        Shape ``(n,)``; NaN without positives or without negatives.

    >>> auroc(np.array([True, True, False, False]), np.array([0.9, 0.4, 0.4, 0.1]))
    array([ 0.0625, -0.0625, -0.0625,  0.0625])
    """
    positive, negative = np.sort(scores[present]), np.sort(scores[~present])
    if not (positive.size and negative.size):
        return np.full(scores.shape, np.nan)
    beaten = np.empty(scores.shape)
    beaten[present] = _share_below(scores[present], negative)
    beaten[~present] = 1 - _share_below(scores[~present], positive)
    return np.asarray((beaten - beaten[present].mean()) / np.where(present, positive.size, negative.size))


def average_precision(present: Bools, scores: npt.NDArray[np.floating]) -> Values:
    """Of the average precision: an image moves its own precision and that of every positive scored no higher.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, finite.

    Returns:
        Shape ``(n,)``; NaN without positives or without negatives.

    >>> average_precision(np.array([True, True, False]), np.array([0.9, 0.1, 0.5])).round(3)
    array([ 0.139, -0.028, -0.111])
    """
    positive, negative = np.sort(scores[present]), np.sort(scores[~present])
    if not (positive.size and negative.size):
        return np.full(scores.shape, np.nan)
    right, wrong = (kind.size - np.searchsorted(kind, positive, "left") for kind in (positive, negative))
    precision = right / (right + wrong)
    # The precision right / (right + wrong) grows with right by the one, and falls with wrong by the other.
    gain, loss = (np.append(0.0, np.cumsum(each / (right + wrong) ** 2)) for each in (wrong, right))
    not_above = np.searchsorted(positive, scores, "right")
    own = precision[np.minimum(np.searchsorted(positive, scores, "left"), positive.size - 1)] - precision.mean()
    return np.asarray(np.where(present, own + gain[not_above], -loss[not_above]) / positive.size)


def _share_below(scores: npt.NDArray[np.floating], others: npt.NDArray[np.floating]) -> Values:
    below, not_above = (np.searchsorted(others, scores, side) for side in ("left", "right"))
    return np.asarray((below + not_above) / (2 * others.size))
