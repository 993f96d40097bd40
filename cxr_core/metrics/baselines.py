"""Baselines: the accuracies of answers that look at no image, beside every accuracy (no-information rates).

A *mix* is the share of each class, shape ``(..., k)``, each in [0, 1], adding up to 1. All results have shape
``(...)``, are expected accuracies in [0, 1], and are NaN where a mix is NaN (no images, or nothing was trained).
"""

import numpy as np
import numpy.typing as npt

from cxr_core.metrics.confusion import share

Values = npt.NDArray[np.float64]


def mix(counts: Values) -> Values:
    """Share of each class among the images.

    Args:
        counts: Weight of each class's images, shape ``(..., k)``.

    Returns:
        Shape ``(..., k)``; NaN without images.

    >>> mix(np.array([3.0, 1.0]))
    array([0.75, 0.25])
    """
    return share(counts, np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape))


def uniform(test: Values) -> Values:
    """Each class equally often: 1 / k.

    Args:
        test: Mix of the tested images, shape ``(..., k)``.

    >>> uniform(np.array([0.75, 0.25]))
    array(0.5)
    """
    return np.where(np.isnan(test).any(axis=-1), np.nan, 1 / test.shape[-1])


def test_mix(test: Values) -> Values:
    """A draw from the tested images' own mix: sum of p². The paper's "chance".

    Args:
        test: Mix of the tested images, shape ``(..., k)``.

    >>> test_mix(np.array([0.75, 0.25]))
    array(0.625)
    """
    return np.asarray((test**2).sum(axis=-1))


def train_mix(test: Values, *, train: Values) -> Values:
    """A draw from the mix that the model was trained on: sum of p_train p_test.

    Args:
        test: Mix of the tested images, shape ``(..., k)``.
        train: Mix of the training images, shape ``(k,)``.

    >>> train_mix(np.array([0.75, 0.25]), train=np.array([0.5, 0.5]))
    array(0.5)
    """
    return np.asarray((test * train).sum(axis=-1))


def train_majority(test: Values, *, train: Values) -> Values:
    """Always the class most often trained on; of several, the first.

    Args:
        test: Mix of the tested images, shape ``(..., k)``.
        train: Mix of the training images, shape ``(k,)``.

    >>> train_majority(np.array([0.75, 0.25]), train=np.array([0.2, 0.8]))
    array(0.25)
    """
    if np.isnan(train).any():
        return np.full(test.shape[:-1], np.nan)
    return np.asarray(test[..., int(np.argmax(train))])


def best_constant(test: Values) -> Values:
    """Always the class most often among the tested images: the best that one answer can score.

    Args:
        test: Mix of the tested images, shape ``(..., k)``.

    >>> best_constant(np.array([0.75, 0.25]))
    array(0.75)
    """
    return np.asarray(test.max(axis=-1))
