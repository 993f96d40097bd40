"""Saliency against boxes: where a map has its peak, and whether that lies on what was marked."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

Floats = npt.NDArray[np.floating]

_GRID = 100
_SMOOTHING = 0.05


def peaks(maps: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Where each map has its maximum, once it is smoothed so that no lone cell decides.

    The smoothing is a Gaussian with a standard deviation of a twentieth of the side, whatever the map's resolution: a
    cell in maps of 20 x 20, next to nothing in maps of 7 x 7.

    Args:
        maps: Shape ``(n, height, width)``.

    Returns:
        Shape ``(n, 2)``: x and y of the cell's centre in fractions of the image, the first in reading order where
        several share the maximum; NaN where a map is nowhere positive.
    """
    count, height, width = maps.shape
    smooth = gaussian_filter(
        maps.astype(np.float64), sigma=(0, _SMOOTHING * height, _SMOOTHING * width), mode="nearest"
    ).reshape(count, -1)
    row, column = np.divmod(smooth.argmax(axis=1), width)
    found = np.stack([(column + 0.5) / width, (row + 0.5) / height], axis=1)
    found[~smooth.any(axis=1)] = np.nan
    return found


def hits(points: Floats, boxes: Floats) -> npt.NDArray[np.bool_]:
    """Whether each point lies in its box (the pointing game).

    Args:
        points: Shape ``(n, 2)``: x and y; NaN is no hit.
        boxes: Shape ``(n, 4)``: x0, y0, x1, y1 in the same fractions; edges belong to the box.

    Returns:
        Shape ``(n,)``.

    Source:
        Zhang et al., Top-down Neural Attention by Excitation Backprop, 2016, section 4.2, without its tolerance.
    """
    inside = (boxes[:, :2] <= points) & (points <= boxes[:, 2:])
    return np.asarray(inside.all(axis=1), np.bool_)


def usual_place(boxes: Floats) -> npt.NDArray[np.float64]:
    """The point that the most boxes cover: the fair opponent of a map, since it has looked at no image.

    The centre of the mean box is no fair one: of findings that have two sides it falls between them.

    Args:
        boxes: Shape ``(n, 4)``: x0, y0, x1, y1 in fractions of the image.

    Returns:
        Shape ``(2,)``: x and y; of all points that share the maximum the one nearest to their middle. NaN without
        boxes.
    """
    if not len(boxes):
        return np.full(2, np.nan)
    line = (np.arange(_GRID) + 0.5) / _GRID
    across = (boxes[:, 0, None] <= line) & (line <= boxes[:, 2, None])
    down = (boxes[:, 1, None] <= line) & (line <= boxes[:, 3, None])
    covered = np.einsum("ny,nx->yx", down.astype(np.float64), across.astype(np.float64))
    rows, columns = np.nonzero(covered == covered.max())
    points = np.stack([line[columns], line[rows]], axis=1)
    nearest = np.square(points - points.mean(axis=0)).sum(axis=1).argmin()
    return np.asarray(points[nearest], np.float64)
