"""Cross-entropies that take no skill, and how a loss went over the epochs. All in nats.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), equation 3.51, for the cross-entropy.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

Course = Literal["rose", "falling", "level"]
"""``rose``: the loss ended above its lowest. ``falling``: it fell in the last epoch. ``level``: neither."""

_LEVEL = 0.01


def uniform(classes: int) -> float:
    """The loss of holding each class for as likely: log k.

    Args:
        classes: How many, k.

    Returns:
        NaN for no class.

    >>> round(uniform(6), 3)
    1.792
    """
    return math.log(classes) if classes > 0 else math.nan


def of_mix(test: Values, *, answer: Values) -> float:
    """The mean loss of always answering with the same mix: minus the sum of p_test log p_answer.

    With the mix of the training images it is all that can be learned without a look at an image.

    Args:
        test: Mix of the tested images, shape ``(k,)``, adding up to 1.
        answer: The probabilities that are answered, shape ``(k,)``, adding up to 1.

    Returns:
        0 or more; infinity where a class is tested that is answered with 0; NaN where a mix is NaN.

    >>> round(of_mix(np.array([0.5, 0.5]), answer=np.array([0.25, 0.75])), 3)
    0.837
    """
    if np.isnan(test).any() or np.isnan(answer).any():
        return math.nan
    tested = test > 0
    with np.errstate(divide="ignore"):
        return float(-(test[tested] * np.log(answer[tested])).sum())


def of_prevalences(present: Values, *, known: Values, answer: Values) -> float:
    """The mean loss of always answering each finding with the same probability, over every known presence.

    With the prevalences of the training images it is all that can be learned without a look at an image: their entropy,
    where they are the tested images' own. A finding weighs as much as it has images with a known presence.

    Args:
        present: How many tested images have each finding, shape ``(k,)``.
        known: Of how many of them that is known, shape ``(k,)``.
        answer: The probability that is answered for each finding, shape ``(k,)``.

    Returns:
        0 or more; infinity where what is answered with 0 is present, or with 1 absent; NaN where nothing is known, or
        what is answered for a finding of which something is known is NaN.

    >>> round(of_prevalences(np.array([1.0]), known=np.array([4.0]), answer=np.array([0.25])), 3)
    0.562
    """
    counts = np.stack([present, known - present])
    met = counts > 0
    if not met.any():
        return math.nan
    with np.errstate(divide="ignore"):
        return float(-(counts[met] * np.log(np.stack([answer, 1 - answer])[met])).sum() / counts.sum())


def course(losses: Sequence[float]) -> Course | None:
    """How a loss on images that were not trained on went: whether training went on past its lowest, or ended early.

    Args:
        losses: After each epoch, in order, positive.

    Returns:
        What is off by more than 1 %: ``rose`` if the last is that much above the lowest, ``falling`` if the last but
        one is that much above the last. None without epochs or where the last is NaN.

    >>> course([1.8, 1.2, 1.5])
    'rose'
    """
    if not losses or math.isnan(losses[-1]):
        return None
    *_, before, last = (math.nan, *losses)
    if last > (1 + _LEVEL) * min(loss for loss in losses if not math.isnan(loss)):
        return "rose"
    return "falling" if before - last > _LEVEL * last else "level"
