"""Intervals of areas and F1 in the slowest way: every influence by a finite difference, every end found on a grid."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ends = tuple[float, float]

_GRID = np.linspace(0, 1, 200_001)
NONE = (math.nan, math.nan)


def n_effective(patients: Sequence[int]) -> float:
    sizes = Counter(patients).values()
    return sum(sizes) ** 2 / sum(size**2 for size in sizes) if sizes else 0.0


def auroc(present: Bools, scores: Floats, weights: Floats) -> Floats:
    """Of each row of weights: all pairs."""
    beats = (scores[:, None] > scores) + 0.5 * (scores[:, None] == scores)
    pairs = np.einsum("rp,rn,pn->r", weights * present, weights * ~present, beats)
    return pairs / ((weights * present).sum(axis=1) * (weights * ~present).sum(axis=1))


def average_precision(present: Bools, scores: Floats, weights: Floats) -> Floats:
    at_or_above = scores[:, None] >= scores
    right, whole = (weights * present) @ at_or_above, weights @ at_or_above
    return (weights * present * right / whole).sum(axis=1) / (weights * present).sum(axis=1)


def overlap(true: Bools, answered: Bools, weights: Floats) -> Floats:
    return (weights * (true & answered)).sum(axis=1) / (weights * (true | answered)).sum(axis=1)


def influence(measure: Callable[[Floats], Floats], n: int) -> Floats:
    step = 1e-6
    return (measure(1 + step * np.eye(n)) - measure(1 - step * np.eye(n))) / (2 * step)


def interval(
    value: float, *, change: Floats, patients: npt.NDArray[np.int64], kinds: Sequence[Bools], variance: Floats
) -> Ends:
    """The outermost of the values on the grid that the estimate does not exclude."""
    fewest = min(np.unique(patients[kind]).size for kind in kinds)
    if math.isnan(value) or fewest < 3:
        return NONE
    at_value = float(np.interp(value, _GRID, variance))
    each = np.array([change[patients == patient].sum() for patient in np.unique(patients)])
    if np.abs(each).max() < 1e-9:
        scale = max(sum(m**2 for m in Counter(patients[kind]).values()) / kind.sum() for kind in kinds)
    else:
        by_patient = (each**2).sum() * each.size / (each.size - 1)
        alone = (change**2).sum() * change.size / (change.size - 1)
        rests_on = min(fewest, (each**2).sum() ** 2 / (each**4).sum())
        trust = rests_on / (rests_on + 30)
        blended = (by_patient / at_value) ** trust * max(1, by_patient / alone) ** (1 - trust)
        scale = max(by_patient / at_value, blended)
    reach = student.ppf(0.975, fewest - 1) * np.sqrt(scale * variance)
    held = _GRID[np.abs(value - _GRID) <= reach]
    return float(held.min(initial=value)), float(held.max(initial=value))


def hanley_mcneil(positives: int, negatives: int) -> Floats:
    """In the authors' own form: Q1 and Q2, with n - 1 of the mean of both kinds for each."""
    area = _GRID
    q1, q2, others = area / (2 - area), 2 * area**2 / (1 + area), (positives + negatives) / 2 - 1
    return (area * (1 - area) + others * (q1 - area**2) + others * (q2 - area**2)) / (positives * negatives)


def binomial(n: int) -> Floats:
    return _GRID * (1 - _GRID) / n


def mean(values: Sequence[float], ends: Sequence[Ends], replicates: Sequence[Floats]) -> Ends:
    """Each pair's covariance, one by one."""
    k, below, above = len(values), 0.0, 0.0
    for i in range(k):
        for j in range(k):
            alike = 1.0 if i == j else float(np.corrcoef(replicates[i], replicates[j])[0, 1])
            below += alike * (values[i] - ends[i][0]) * (values[j] - ends[j][0])
            above += alike * (ends[i][1] - values[i]) * (ends[j][1] - values[j])
    middle = sum(values) / k
    return middle - math.sqrt(below) / k, middle + math.sqrt(above) / k
