"""Several members as one model: the mean of their softmax, and of their saliency."""

import numpy as np
import numpy.typing as npt

from cxr_core.saliency import Maps, decode, encode

Given = npt.NDArray[np.bool_]
"""Which members count for which image, shape ``(m, n)``: with folds, only those that did not see the image."""


def average(probabilities: npt.NDArray[np.float32], *, given: Given | None = None) -> npt.NDArray[np.float32]:
    """The mean of the members' probabilities.

    Args:
        probabilities: Of m members for n images, shape ``(m, n, k)``; what is not given may be NaN.
        given: Which members count for which image; None: all for all.

    Returns:
        Shape ``(n, k)``; NaN for an image for which no member counts.
    """
    counted = _counted(probabilities.shape[:2], given)
    # Summed as doubles, a few singles are summed exactly: members that tie in another order still tie.
    total = np.where(counted[..., None], probabilities, 0).sum(axis=0, dtype=np.float64)
    number = counted.sum(axis=0)[:, None]
    mean: npt.NDArray[np.float64] = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return mean.astype(np.float32)


def predicted(probability: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """The class of the highest probability, ties to the lower index.

    Args:
        probability: Shape ``(n, k)``.

    Returns:
        Shape ``(n,)``: the index of a class; -1 where a probability is NaN.
    """
    undefined = np.isnan(probability).any(axis=1)
    return np.where(undefined, -1, np.argmax(probability, axis=1)).astype(np.int8)


def average_maps(members: list[Maps], *, given: Given | None = None) -> Maps:
    """The mean of the members' maps, each times its scale.

    Args:
        members: Of m members, for the same n images and of the same resolution; their scales are positive or 0.
        given: Which members count for which image; None: all for all.

    Returns:
        Encoded again; the scale is NaN for an image for which no member counts.
    """
    size, height, width = members[0].maps.shape[0], *members[0].maps.shape[2:]
    counted = _counted((len(members), size), given)
    total = np.zeros((size, members[0].maps.shape[1], height, width), np.float32)
    for member, counts in zip(members, counted, strict=True):
        total += np.where(counts[:, None, None, None], decode(member), 0)
    number = counted.sum(axis=0).astype(np.float32)[:, None, None, None]
    mean = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return encode(mean)


def _counted(shape: tuple[int, ...], given: Given | None) -> Given:
    if given is None:
        return np.ones(shape, np.bool_)
    if given.shape != shape:
        raise ValueError(f"Expected a mask of (members, images) {shape}, found {given.shape}.")
    return given
