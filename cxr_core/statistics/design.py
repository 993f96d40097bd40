"""Design effects: images of one patient agree with each other, so n of them tell less than n patients would.

The design effect is ``1 + (m - 1) rho``: m is the size of the patient that a random image belongs to (its own images
counted, so the mean of the squares over the mean), rho how alike images of a patient are. n images are then worth
``n / design effect`` patients.

Source: Kish, Survey Sampling (1965), section 5.4; with unequal sizes, Kish, J. Official Statistics 3 (1987); rho read
back from a design effect: Kish, Methods for Design Effects, J. Official Statistics 11 (1995).
"""

import numpy as np
import numpy.typing as npt

_FEW = 10


def cluster_size(clusters: npt.NDArray[np.int64]) -> float:
    """Size of the cluster that a random image belongs to: sum of m² / sum of m.

    Args:
        clusters: Cluster of each image, shape ``(n,)``, 0 or more.

    Returns:
        1 or more; NaN without images.

    >>> round(cluster_size(np.array([0, 0, 0, 1])), 2)
    2.5
    """
    sizes = np.bincount(clusters).astype(np.float64)
    return float((sizes**2).sum() / sizes.sum()) if clusters.size else float("nan")


def intraclass_correlation(replicates: npt.NDArray[np.float64], *, share: float, n: int, size: float) -> float:
    """How alike images of a patient are (rho), read back from the bootstrap of a proportion over patients.

    The design effect is the variance over the replicates divided by the binomial one; rho follows from it.

    Args:
        replicates: The proportion in each replicate, shape ``(r,)``, NaN where undefined.
        share: The proportion itself, in [0, 1].
        n: Number of images.
        size: From `cluster_size`.

    Returns:
        A value in [0, 1]. 1, which claims least, where it cannot be told: no replicates, or fewer than ten successes,
        failures or patients (n / size, since few large ones are as good as few).
    """
    fewest = min(share * n, (1 - share) * n, n / size)
    if not replicates.size or not size > 1 or fewest < _FEW:
        return 1.0
    effect = np.nanvar(replicates) / (share * (1 - share) / n)
    return float(np.clip((effect - 1) / (size - 1), 0, 1))


def effective_size(n: int, *, size: float, intraclass_correlation: float) -> float:
    """Number of independent images that tell as much as n images of such patients.

    Args:
        n: Number of images.
        size: From `cluster_size`.
        intraclass_correlation: How alike images of a patient are, in [0, 1].

    Returns:
        A value in (0, n]; NaN without images.

    >>> effective_size(100, size=3.0, intraclass_correlation=0.5)
    50.0
    """
    return n / (1 + (size - 1) * intraclass_correlation)


def independent(clusters: npt.NDArray[np.int64]) -> float:
    """Number of independent images that tell as much, if images of one patient tell the same: (sum of m)² / sum of m².

    Args:
        clusters: Cluster of each image, shape ``(n,)``, 0 or more.

    Returns:
        A value in [0, n]: the number of clusters where all are of one size, less where few hold most of the images.

    >>> independent(np.array([0, 0, 0, 1]))
    1.6
    """
    return (
        effective_size(clusters.size, size=cluster_size(clusters), intraclass_correlation=1.0) if clusters.size else 0.0
    )
