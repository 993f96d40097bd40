"""Nearest neighbours: the images that several members see most alike.

The dashboard asks its database for the same, which need not bring the features of a whole test into memory; a test
holds both equal.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


def likeness(vectors: Floats, asked: Floats) -> npt.NDArray[np.float64]:
    """The mean over members of the cosine between an image's features and those of the image that is asked about.

    An ensemble's features are its members' unit vectors side by side: the cosine of two images is then the mean of the
    members' cosines.

    Args:
        vectors: Features of n images by m members, shape ``(m, n, d)``; NaN where a member did not see an image.
        asked: Features of the image that is asked about, shape ``(m, d)``.

    Returns:
        Shape ``(n,)``, in [-1, 1] but for rounding; NaN where a vector of the image or of the asked one is NaN or 0.

    Raises:
        ValueError: If the shapes do not fit.

    >>> likeness(np.array([[[3.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]), np.array([[2.0, 0.0]])).round(3)
    array([1.   , 0.707,   nan])
    """
    if vectors.ndim != 3 or asked.shape != (vectors.shape[0], vectors.shape[2]):
        raise ValueError(f"Expected features (m, n, d) and (m, d), found {vectors.shape} and {asked.shape}.")
    one, other = vectors.astype(np.float64), asked.astype(np.float64)
    dots = np.einsum("mnd,md->mn", one, other)
    lengths = np.linalg.norm(one, axis=2) * np.linalg.norm(other, axis=1)[:, None]
    return np.asarray(np.divide(dots, lengths, out=np.full_like(dots, np.nan), where=lengths > 0).mean(axis=0))


def nearest(alike: Floats, *, limit: int) -> npt.NDArray[np.int64]:
    """The rows of the greatest likeness, the greatest first; of equal ones the first row first.

    Args:
        alike: From `likeness`, shape ``(n,)``; NaN is nobody's neighbour.
        limit: How many at most.

    >>> nearest(np.array([0.1, np.nan, 0.9, 0.9]), limit=3)
    array([2, 3, 0])
    """
    order = np.argsort(-alike, kind="stable")
    return order[~np.isnan(alike[order])][:limit].astype(np.int64)
