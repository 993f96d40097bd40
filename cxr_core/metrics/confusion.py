"""Metrics of confusion counts. All broadcast over leading axes, so that one formula serves a value and its replicates.

``counts`` has shape ``(..., k, k)``: the weight of the images of the row's class that are predicted as the column's.
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def accuracy(counts: Values) -> Values:
    """Share of images whose predicted class is their class: trace / total.

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(...)``, in [0, 1]; NaN without images.

    >>> accuracy(np.array([[3.0, 1.0], [1.0, 0.0]]))
    array(0.6)
    """
    return share(np.trace(counts, axis1=-2, axis2=-1), counts.sum(axis=(-2, -1)))


def recall(counts: Values) -> Values:
    """Share of each class's images that are predicted as it: TP / (TP + FN).

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(..., k)``, in [0, 1]; NaN for a class without images.

    >>> recall(np.array([[3.0, 1.0], [0.0, 0.0]]))
    array([0.75,  nan])
    """
    return share(_diagonal(counts), counts.sum(axis=-1))


def precision(counts: Values) -> Values:
    """Share of the images predicted as a class that are of it: TP / (TP + FP).

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(..., k)``, in [0, 1]; NaN for a class that is never predicted.

    >>> precision(np.array([[3.0, 0.0], [1.0, 0.0]]))
    array([0.75,  nan])
    """
    return share(_diagonal(counts), counts.sum(axis=-2))


def specificity(counts: Values) -> Values:
    """Share of the other classes' images that are not predicted as this class: TN / (TN + FP).

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(..., k)``, in [0, 1]; NaN where every image is of the class.

    >>> specificity(np.array([[3.0, 1.0], [1.0, 3.0]]))
    array([0.75, 0.75])
    """
    of_class = counts.sum(axis=-1)
    others = counts.sum(axis=(-2, -1))[..., np.newaxis] - of_class
    false_positive = counts.sum(axis=-2) - _diagonal(counts)
    return share(others - false_positive, others)


def npv(counts: Values) -> Values:
    """Share of the images not predicted as a class that are not of it: TN / (TN + FN), the negative predictive value.

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(..., k)``, in [0, 1]; NaN for a class that every image is predicted as.

    >>> npv(np.array([[3.0, 1.0], [1.0, 7.0]]))
    array([0.875, 0.75 ])
    """
    others = counts.sum(axis=(-2, -1))[..., np.newaxis] - counts.sum(axis=-2)
    false_negative = counts.sum(axis=-1) - _diagonal(counts)
    return share(others - false_negative, others)


def f1(counts: Values) -> Values:
    """Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN).

    Args:
        counts: Confusion counts, shape ``(..., k, k)``.

    Returns:
        Shape ``(..., k)``, in [0, 1]; 0 for a class that has images and is never predicted, NaN for a class that has no
        images and is never predicted.

    >>> f1(np.array([[2.0, 1.0], [1.0, 0.0]])).round(3)
    array([0.667, 0.   ])
    """
    return share(2 * _diagonal(counts), counts.sum(axis=-1) + counts.sum(axis=-2))


def share(part: Values, whole: Values) -> Values:
    """``part / whole``, of the same shape, NaN where the whole is 0."""
    undefined = np.full(np.shape(whole), np.nan)
    return np.asarray(np.divide(part, whole, out=undefined, where=np.asarray(whole) > 0))


def _diagonal(counts: Values) -> Values:
    return np.diagonal(counts, axis1=-2, axis2=-1)
