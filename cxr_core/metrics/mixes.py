"""Distances between two mixes of classes. A *mix* is the share of each class, shape ``(k,)``, adding up to 1."""

import math

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def total_variation(first: Values, second: Values) -> float:
    """The share of images that would have to change their class to make two mixes equal: half the sum of |p - q|.

    Args:
        first: A mix, shape ``(k,)``.
        second: Another of the same classes.

    Returns:
        In [0, 1]: 0 for equal mixes, 1 for mixes without a class in common; NaN where a share is NaN.

    Raises:
        ValueError: If the shapes differ.

    Source:
        Levin, Peres and Wilmer, Markov Chains and Mixing Times (2009), proposition 4.2.

    >>> total_variation(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.5, 0.25]))
    0.25
    """
    _check(first, second)
    return float(np.abs(first - second).sum() / 2)


def total_variation_by_chance(first_errors: Values, second_errors: Values) -> float:
    """What the total variation would be on average if both were samples of one mix.

    Half the sum over classes of the mean absolute difference of two normal estimates of one share: the square root of
    2 / pi times that of the sum of their variances.

    Args:
        first_errors: Standard error of each share, shape ``(k,)``, as patients give it (`intervals.standard_error`).
        second_errors: Those of the other mix.

    Returns:
        0 or more; NaN where an error is NaN.

    Raises:
        ValueError: If the shapes differ.

    >>> round(total_variation_by_chance(np.array([0.03, 0.03]), np.array([0.04, 0.04])), 4)
    0.0399
    """
    _check(first_errors, second_errors)
    return float(math.sqrt(2 / math.pi) * np.hypot(first_errors, second_errors).sum() / 2)


def _check(first: Values, second: Values) -> None:
    if first.shape != second.shape:
        raise ValueError(f"Expected the same classes in both, found shapes {first.shape} and {second.shape}.")
