"""Ranking by scores, of the images with a finding above those without: exact, tied scores included.

Images are sorted once into a sparse table of tie groups against clusters (patients). A product with the clusters'
weights then gives the weight of every tie group in every replicate, and running sums give both areas. Only tie groups
that hold a positive matter: the negatives between two of them are summed on the way.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from cxr_core.metrics.confusion import share

Values = npt.NDArray[np.float64]

# About one megabyte of float64 in each array at a time: it stays in the processor's own memory.
_BLOCK_VALUES = 2**17


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Images of one finding by falling score.

    Attributes:
        n_groups: Number of tie groups with a positive, g.
        table: Shape ``(3 g + 1, clusters)``. For each such group three rows: the negatives above it and below the
            one before, the negatives tied with it, its positives. The last row: the negatives below all positives.
    """

    n_groups: int
    table: sparse.csr_array


@dataclass(frozen=True, kw_only=True)
class Areas:
    """Both areas, each of shape ``(r,)``: one value for each column of weights; NaN without positives or negatives."""

    auroc: Values
    average_precision: Values


def rank(
    present: npt.NDArray[np.bool_],
    scores: npt.NDArray[np.floating],
    *,
    clusters: npt.NDArray[np.int64],
    n_clusters: int,
) -> Ranking:
    """Sorts images by score.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, higher where the finding is more likely; any finite numbers.
        clusters: Cluster of each image, shape ``(n,)``, 0 to ``n_clusters - 1``.
        n_clusters: Number of clusters that will have weights.

    Returns:
        The ranking, without weights.

    Raises:
        ValueError: If the shapes differ or a score is not finite.
    """
    if not present.shape == scores.shape == clusters.shape:
        raise ValueError(f"Expected equal shapes, found {present.shape}, {scores.shape} and {clusters.shape}.")
    if not np.isfinite(scores).all():
        raise ValueError("Expected finite scores, found NaN or infinity: leave out images that have no score.")
    order = np.argsort(-scores, kind="stable")
    positive = present[order]
    tie = np.cumsum(np.diff(scores[order], prepend=np.inf) != 0) - 1 if order.size else order
    holds_positive = np.bincount(tie, weights=positive) > 0
    group: npt.NDArray[np.int64] = (np.cumsum(holds_positive) - holds_positive)[tie]
    rows = 3 * group + np.where(positive, 2, holds_positive[tie])
    n_groups = int(holds_positive.sum())
    places = (rows, clusters[order])
    table = sparse.csr_array(
        (np.ones(order.size, dtype=np.float32), places), shape=(3 * n_groups + 1, n_clusters), dtype=np.float32
    )
    return Ranking(n_groups=n_groups, table=table)


def areas(ranking: Ranking, weights: npt.NDArray[np.float32] | Values) -> Areas:
    """AUROC and average precision under each column of weights.

    Sums of float32 weights are exact up to 2^24 images; the areas are summed in float64.

    Args:
        ranking: From `rank`.
        weights: Weight of each cluster, shape ``(clusters, r)``, not negative.

    Returns:
        Values in [0, 1]; NaN where the weight of the positives or that of the negatives is 0.
    """
    columns = weights.shape[1]
    negative, positive, mistaken, precise = np.zeros((4, columns))
    step = max(1, _BLOCK_VALUES // columns)
    for start in range(0, ranking.n_groups, step):
        stop = min(start + step, ranking.n_groups)
        block = np.asarray(ranking.table[3 * start : 3 * stop] @ weights, dtype=np.float64)
        between, tied, here = np.moveaxis(block.reshape(-1, 3, columns), 1, 0)
        above = between + tied
        above[0] += negative
        found = here.copy()
        found[0] += positive
        _accumulate(above)
        _accumulate(found)
        negative, positive = above[-1].copy(), found[-1].copy()
        precise += np.einsum("gr,gr->r", here, found / np.maximum(found + above, np.finfo(np.float64).tiny))
        mistaken += np.einsum("gr,gr->r", here, above - tied / 2)
    negative += np.asarray(ranking.table[-1:] @ weights, dtype=np.float64)[0]
    pairs = positive * negative
    return Areas(
        auroc=1 - share(mistaken, pairs), average_precision=share(precise, np.where(negative > 0, positive, 0.0))
    )


def auroc(present: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating], *, weights: Values | None = None) -> float:
    """Chance that a random positive scores above a random negative, ties counted half.

    Area under the ROC curve: sum over positives i and negatives j of w_i w_j ([s_i > s_j] + [s_i = s_j] / 2), divided
    by the sum of w_i w_j.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, any finite numbers.
        weights: Weight of each image, shape ``(n,)``, not negative; 1 where not given.

    Returns:
        A value in [0, 1]; NaN without positives or without negatives.

    Raises:
        ValueError: If the shapes differ or a score is not finite.

    >>> auroc(np.array([True, True, False, False]), np.array([0.9, 0.4, 0.4, 0.1]))
    0.875
    """
    return float(_image_areas(present, scores, weights=weights).auroc[0])


def average_precision(
    present: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating], *, weights: Values | None = None
) -> float:
    """Mean precision at the scores of the positives: sum over thresholds of (R_t - R_before) P_t, not interpolated.

    Args:
        present: Reference standard, shape ``(n,)``.
        scores: Shape ``(n,)``, any finite numbers.
        weights: Weight of each image, shape ``(n,)``, not negative; 1 where not given.

    Returns:
        A value in (0, 1]; NaN without positives, and without negatives, where there is nothing to rank (scikit-learn
        gives 1).

    Raises:
        ValueError: If the shapes differ or a score is not finite.

    >>> round(average_precision(np.array([True, True, False]), np.array([0.9, 0.1, 0.5])), 3)
    0.833
    """
    return float(_image_areas(present, scores, weights=weights).average_precision[0])


def _image_areas(present: npt.NDArray[np.bool_], scores: npt.NDArray[np.floating], *, weights: Values | None) -> Areas:
    given = np.ones(present.shape) if weights is None else weights
    ranking = rank(present, scores, clusters=np.arange(present.size), n_clusters=present.size)
    return areas(ranking, given[:, np.newaxis])


def _accumulate(block: Values) -> None:
    """Running sum down the rows, in place; NumPy's own is five times slower for many columns."""
    if block.shape[1] == 1:
        np.cumsum(block, axis=0, out=block)
        return
    for row in range(1, len(block)):
        np.add(block[row - 1], block[row], out=block[row])
