"""Folds of patients, so that what is chosen is judged on patients that had no say in it."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

FOLDS = 5
REPEATS = 5
MANY = 10_000
"""From so many images one division into folds is enough: another one would change the second decimal of a percent."""


def divisions(clusters: npt.NDArray[np.int64], *, seed: int, repeats: int = REPEATS) -> Iterator[npt.NDArray[np.int64]]:
    """Divides whole patients into five folds, again and again.

    Args:
        clusters: Patient of each image, shape ``(n,)``.
        seed: The run's.
        repeats: How many divisions; above `MANY` images one.

    Yields:
        The fold of each image, shape ``(n,)``, 0 to 4; the same for the same arguments.
    """
    rng = np.random.default_rng([seed, 5])
    _, patients = np.unique(clusters, return_inverse=True)
    count = int(patients.max()) + 1 if patients.size else 0
    for _ in range(repeats if clusters.size < MANY else 1):
        yield rng.permutation(np.arange(count) % FOLDS)[patients]
