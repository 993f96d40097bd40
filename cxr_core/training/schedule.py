"""The learning rate of each step: a pure function, so that there is no state to resume."""

import math

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
