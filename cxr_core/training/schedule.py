"""The learning rate of each step, and the weight of each class: pure functions, so that there is no state to resume."""

import math

import numpy as np
import numpy.typing as npt

from cxr_core.settings import Recipe

_RISE = 0.3
_FIRST = 1 / 25


def learning_rate(recipe: Recipe, *, step: int, steps: int) -> float:
    """The rate at one step.

    Args:
        recipe: Its schedule and its peak rate.
        step: From 0, counted over all epochs.
        steps: Number of steps if every epoch is trained.

    Returns:
        ``constant``: the peak. ``cosine``: from the peak towards 0 along half a cosine. ``one_cycle``: from 1/25 of the
        peak up to it over the first 30 % of steps, then towards 0, along half cosines.

    Source:
        Loshchilov and Hutter, SGDR, 2017, equation 5; Smith and Topin, Super-Convergence, 2018, with cosines for lines.
    """
    peak = recipe.learning_rate
    if recipe.schedule == "constant":
        return peak
    rise = _RISE * steps if recipe.schedule == "one_cycle" else 0.0
    if step < rise:
        return peak * (_FIRST + (1 - _FIRST) * (1 - math.cos(math.pi * step / rise)) / 2)
    return peak * (1 + math.cos(math.pi * (step - rise) / (steps - rise))) / 2


def class_weights(classes: npt.NDArray[np.int64], *, n_classes: int, recipe: Recipe) -> npt.NDArray[np.float32]:
    """What the loss of an image of each class counts.

    Args:
        classes: Of the training images, shape ``(n,)``, 0 to ``n_classes - 1``.
        n_classes: How many there are.
        recipe: ``balanced`` weighs by inverse frequency among them, so that every class present counts the same in sum.

    Returns:
        Shape ``(n_classes,)``; their mean over the training images is 1. A class without training images has the
        weight 0, which nothing asks for.
    """
    counts = np.bincount(classes, minlength=n_classes)
    if recipe.class_weights == "none":
        return np.ones(n_classes, np.float32)
    weights = np.zeros(n_classes, np.float32)
    present = counts > 0
    weights[present] = len(classes) / (np.count_nonzero(present) * counts[present])
    return weights
