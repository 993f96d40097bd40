"""A refit: one temperature and a bias for each class, fitted to images whose classes are known.

It moves thresholds and nothing else: within a class, the order of the images by its score against another stays as it
is. It minimises ``sum of w * log loss(a z + b) + ridge / 2 * (|b|^2 + (a - 1)^2)``, a convex function.

Source: temperature and bias as in Alexandari, Kundaje and Shrikumar, ICML (2020), "bias-corrected temperature scaling";
the ridge, one pseudo-observation's worth, pulls towards no refit, removes the free constant of the biases and keeps
classes finite that no image has.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

Values = npt.NDArray[np.float64]

RIDGE = 1.0
_STEPS = 30
_SMALL = 1e-9


def unchanged(n_classes: int) -> Values:
    """The parameters that leave scores as they are: temperature 1, biases 0; shape ``(1 + k,)``."""
    return np.concatenate([[1.0], np.zeros(n_classes)])


def scores(raw: Values, parameters: Values) -> Values:
    """Refitted scores, shape ``(n, k)``, not normalised.

    Args:
        raw: Log-probabilities, shape ``(n, k)``.
        parameters: Shape ``(1 + k,)``: the temperature's factor a, then the biases.
    """
    return np.asarray(parameters[0] * raw + parameters[1:])


def probability(raw: Values, parameters: Values) -> Values:
    """Refitted probabilities, shape ``(n, k)``; each row adds up to 1. Arguments as in `scores`."""
    return np.asarray(softmax(scores(raw, parameters), axis=1))


def gradient(raw: Values, classes: npt.NDArray[np.int64], parameters: Values) -> Values:
    """Of each image's log loss, shape ``(n, 1 + k)``.

    Args:
        raw: Log-probabilities, shape ``(n, k)``.
        classes: Reference standard, shape ``(n,)``.
        parameters: Shape ``(1 + k,)``.
    """
    residual = probability(raw, parameters)
    residual[np.arange(classes.size), classes] -= 1
    return np.concatenate([(residual * raw).sum(axis=1, keepdims=True), residual], axis=1)


def hessian(raw: Values, weights: Values, parameters: Values) -> Values:
    """Of the weighted log loss with its ridge, shape ``(1 + k, 1 + k)``.

    Args:
        raw: Log-probabilities, shape ``(n, k)``.
        weights: Shape ``(n,)``.
        parameters: Shape ``(1 + k,)``.
    """
    said = probability(raw, parameters)
    weighted = weights[:, np.newaxis] * said
    mean = (said * raw).sum(axis=1)
    found = np.empty((1 + raw.shape[1],) * 2)
    found[0, 0] = (weighted * raw * raw).sum() - (weights * mean * mean).sum()
    found[0, 1:] = found[1:, 0] = (weighted * (raw - mean[:, np.newaxis])).sum(axis=0)
    found[1:, 1:] = np.diag(weighted.sum(axis=0)) - weighted.T @ said
    return found + RIDGE * np.eye(1 + raw.shape[1])


def fit(
    raw: Values, classes: npt.NDArray[np.int64], weights: Values | None = None, *, start: Values | None = None
) -> Values:
    """The parameters with the least loss, by Newton's method with halved steps.

    Args:
        raw: Log-probabilities, shape ``(n, k)``.
        classes: Reference standard, shape ``(n,)``, 0 to k - 1.
        weights: Of the images, shape ``(n,)``, 0 or more; None: 1 each.
        start: Where to begin; None: at no refit.

    Returns:
        Shape ``(1 + k,)``, finite; no refit without images. The temperature's factor is not negative.
    """
    none = unchanged(raw.shape[1])
    given = np.ones(classes.size) if weights is None else weights
    found = none if start is None else start
    before = _loss(raw, classes, given, found)
    for _ in range(_STEPS):
        slope = gradient(raw, classes, found).T @ given + RIDGE * (found - none)
        step = np.linalg.solve(hessian(raw, given, found), slope)
        size = 1.0
        while (now := _loss(raw, classes, given, found - size * step)) > before + _SMALL and size > _SMALL:
            size /= 2
        found = found - size * step
        if abs(before - now) < _SMALL * max(1.0, abs(before)):
            break
        before = now
    if found[0] < 0:
        # The loss is convex: at the bound of the temperature lies the best of what it allows.
        found = np.concatenate([[0.0], fit(np.zeros_like(raw), classes, weights)[1:]])
    return found


def _loss(raw: Values, classes: npt.NDArray[np.int64], weights: Values, parameters: Values) -> float:
    moved = scores(raw, parameters)
    loss = logsumexp(moved, axis=1) - moved[np.arange(classes.size), classes]
    away = parameters - unchanged(raw.shape[1])
    return float(weights @ loss + RIDGE / 2 * (away @ away))
