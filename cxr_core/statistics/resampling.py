"""The bootstrap over patients: a replicate is one weight per patient, and a dataset's replicates serve all its metrics.

Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), sections 8 and 13.3; for whole patients, Field
and Welsh, Bootstrapping clustered data, J. R. Statist. Soc. B 69 (2007).
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

MANY = 100_000
"""Above so many patients their weights are kept in bytes: in floats, 2,000 replicates of 500,000 take 4 GB."""

Weights = npt.NDArray[np.float32] | npt.NDArray[np.uint8]
"""Patients' weights, shape ``(p, 1 + r)``: whole numbers, in bytes above `MANY` patients."""

_BLOCK = 2048


@dataclass(frozen=True, kw_only=True)
class Resamples:
    """Patients' weights in the sample itself and in its replicates.

    Attributes:
        clusters: Patient of each image, shape ``(n,)``, 0 to p - 1.
        weights: Shape ``(p, 1 + replicates)``. Column 0 is the sample itself: each patient once.
    """

    clusters: npt.NDArray[np.int64]
    weights: Weights

    def without_replicates(self) -> "Resamples":
        """The sample itself alone."""
        return Resamples(clusters=self.clusters, weights=np.ones((self.weights.shape[0], 1), dtype=np.float32))


def resample(patients: npt.NDArray[np.int64], *, seed: int, dataset: str, replicates: int) -> Resamples:
    """Draws patients with replacement, as many as there are, once for each replicate.

    Args:
        patients: Patient number of each image, shape ``(n,)``; any integers.
        seed: The run's seed, 0 or more.
        dataset: Name of the dataset: each has a draw of its own, whatever else is measured.
        replicates: Number of replicates, 0 or more.

    Returns:
        The weights; the same for the same arguments.
    """
    known, clusters = np.unique(patients, return_inverse=True)
    count = known.size
    rng = _generator(seed=seed, dataset=dataset)
    shape = (count, 1 + replicates)
    weights: Weights = np.ones(shape, dtype=np.float32) if count <= MANY else np.ones(shape, dtype=np.uint8)
    for first in range(1, 1 + replicates, 64):
        # A block at a time: single columns of a wide table are slow to fill.
        block = range(first, min(first + 64, 1 + replicates))
        drawn = [np.bincount(rng.integers(0, count, size=count), minlength=count) for _ in block] if count else []
        if drawn:
            weights[:, first : first + len(drawn)] = np.stack(drawn, axis=1)
    return Resamples(clusters=clusters.astype(np.int64), weights=weights)


def totals(
    groups: npt.NDArray[np.int64],
    clusters: npt.NDArray[np.int64],
    *,
    n_groups: int,
    weights: Weights,
) -> npt.NDArray[np.float64]:
    """Weight of each group of images in each replicate.

    Args:
        groups: Group of each image, shape ``(n,)``, 0 to ``n_groups - 1``.
        clusters: Patient of each image, shape ``(n,)``.
        n_groups: Number of groups g.
        weights: Patients' weights, shape ``(p, r)``.

    Returns:
        Shape ``(g, r)``; 0 for a group without images. Exact up to 2^24 images.
    """
    ones = np.ones(groups.size, dtype=np.float32)
    table = sparse.csr_array((ones, (groups, clusters)), shape=(n_groups, weights.shape[0]), dtype=np.float32)
    if weights.dtype == np.float32:
        return np.asarray(table @ weights, dtype=np.float64)
    return counted(table.toarray(), weights)


def totals_of_many(
    groups: npt.NDArray[np.int64], clusters: npt.NDArray[np.int64], *, n_groups: int, weights: Weights
) -> npt.NDArray[np.float64]:
    """The same as `totals`, several times as fast where groups have many images of each patient's."""
    patients = weights.shape[0]
    cells = np.bincount(groups * patients + clusters, minlength=n_groups * patients)
    return counted(cells.astype(np.float32).reshape(n_groups, patients), weights)


def counted(table: npt.NDArray[np.float32], weights: Weights) -> npt.NDArray[np.float64]:
    """``table @ weights``, over the patients that have any part in the table, a block of them at a time.

    Args:
        table: Shape ``(g, p)``.
        weights: Shape ``(p, r)``.

    Returns:
        Shape ``(g, r)``; of whole numbers exact up to 2^24.
    """
    there = np.flatnonzero(table.any(axis=0))
    total = np.zeros((table.shape[0], weights.shape[1]))
    # One block of floats for all: fresh memory for each would take longer than the product.
    floats = np.empty((min(_BLOCK, there.size), weights.shape[1]), dtype=np.float32)
    for start in range(0, there.size, _BLOCK):
        block = there[start : start + _BLOCK]
        floats[: block.size] = weights[block]
        total += table[:, block] @ floats[: block.size]
    return total


def _generator(*, seed: int, dataset: str) -> np.random.Generator:
    name = int.from_bytes(hashlib.sha256(dataset.encode()).digest()[:8], "big")
    return np.random.default_rng(np.random.SeedSequence([seed, name]))
