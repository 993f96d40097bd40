"""Saliency against boxes: where a map has its peak, whether that lies on what was marked, and several together."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.int64]

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
    from scipy.ndimage import gaussian_filter

    count, height, width = maps.shape
    smooth = gaussian_filter(
        maps.astype(np.float64), sigma=(0, _SMOOTHING * height, _SMOOTHING * width), mode="nearest"
    ).reshape(count, -1)
    row, column = np.divmod(smooth.argmax(axis=1), width)
    found = np.stack([(column + 0.5) / width, (row + 0.5) / height], axis=1)
    found[~smooth.any(axis=1)] = np.nan
    return found


def spreads(maps: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """How much of the image each map takes at half of its maximum or more: little for a peak, much for a flat map.

    Args:
        maps: Shape ``(n, height, width)``.

    Returns:
        Shape ``(n,)``, in (0, 1]; NaN where a map is nowhere positive.

    >>> spreads(np.array([[[9, 4], [0, 5]]], np.uint8))
    array([0.5])
    """
    flat = maps.reshape(len(maps), -1)
    most = flat.max(axis=1, keepdims=True)
    return np.asarray(np.where(most[:, 0] > 0, (2.0 * flat >= most).mean(axis=1), np.nan), np.float64)


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


def hit_shares(points: Floats, boxes: Floats, *, image: Rows, reading: Rows) -> npt.NDArray[np.float64]:
    """For each image the share of the readers who marked it in one of whose boxes its point lies.

    Its mean over images is the hit rate; `statistics.shares.of_images` gives that with its interval.

    Args:
        points: One for each of n images, shape ``(n, 2)``: x and y; NaN is no hit.
        boxes: Shape ``(b, 4)``: x0, y0, x1, y1 in the same fractions.
        image: The image of each box, a row of `points`, shape ``(b,)``.
        reading: The reading of each box, shape ``(b,)``, from 0: all boxes of one reader on one image share it.

    Returns:
        Shape ``(n,)``, in [0, 1]; NaN for an image without boxes.

    >>> box = np.array([[0.0, 0.0, 0.5, 0.5], [0.5, 0.5, 1.0, 1.0]])
    >>> hit_shares(np.array([[0.2, 0.2]]), box, image=np.array([0, 0]), reading=np.array([0, 1]))
    array([0.5])
    """
    hit = np.zeros(int(reading.max(initial=-1)) + 1)
    np.maximum.at(hit, reading, hits(points[image], boxes).astype(np.float64))
    of_reading = np.full(hit.size, -1, np.int64)
    of_reading[reading] = image
    known = of_reading >= 0
    readers = np.bincount(of_reading[known], minlength=len(points))
    hitting = np.bincount(of_reading[known], weights=hit[known], minlength=len(points))
    return np.asarray(np.divide(hitting, readers, out=np.full(len(points), np.nan), where=readers > 0))


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
    line, covered = _line(_GRID), _covering(boxes, side=_GRID)
    rows, columns = np.nonzero(covered == covered.max())
    points = np.stack([line[columns], line[rows]], axis=1)
    nearest = np.square(points - points.mean(axis=0)).sum(axis=1).argmin()
    return np.asarray(points[nearest], np.float64)


def coverage(boxes: Floats, *, side: int) -> npt.NDArray[np.float64]:
    """The share of boxes that cover each place: what a mean box cannot tell of findings that have two sides.

    Args:
        boxes: Shape ``(n, 4)``: x0, y0, x1, y1 in fractions of the image.
        side: Rows and columns of the grid.

    Returns:
        Shape ``(side, side)``, in [0, 1], of the centres of the cells; NaN without boxes.

    >>> coverage(np.array([[0.0, 0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 0.5]]), side=2)
    array([[1. , 0.5],
           [0.5, 0. ]])
    """
    return _covering(boxes, side=side) / len(boxes) if len(boxes) else np.full((side, side), np.nan)


def usual_places(boxes: Floats, *, image: Rows, part: Rows) -> npt.NDArray[np.float64]:
    """For each image the usual place of the boxes of all other parts, so that no image has chosen its own place.

    Args:
        boxes: Shape ``(b, 4)``: x0, y0, x1, y1 in fractions of the image.
        image: The image of each box, a row of `part`, shape ``(b,)``.
        part: The part of each image, shape ``(n,)``: ten of about the same size, for a ten-fold.

    Returns:
        Shape ``(n, 2)``: x and y; NaN where no other part has a box.
    """
    places, part_of_box = np.full((part.size, 2), np.nan), part[image]
    for each in np.unique(part):
        places[part == each] = usual_place(boxes[part_of_box != each])
    return places


def pooled(means: Floats, *, n: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """The mean over all images of several groups, from the groups' own means.

    Args:
        means: Mean maps or mean images of g groups, at least one, shape ``(g, height, width)``.
        n: How many images each is the mean of, shape ``(g,)``; not all 0.

    Returns:
        Shape ``(height, width)``: the sum of n times the mean, over the sum of n.

    >>> pooled(np.array([[[0.0, 3.0]], [[9.0, 3.0]]]), n=np.array([2, 1]))
    array([[3., 3.]])
    """
    return np.asarray(np.average(means.astype(np.float64), axis=0, weights=n.astype(np.float64)), np.float64)


def _covering(boxes: Floats, *, side: int) -> npt.NDArray[np.float64]:
    line = _line(side)
    across = (boxes[:, 0, None] <= line) & (line <= boxes[:, 2, None])
    down = (boxes[:, 1, None] <= line) & (line <= boxes[:, 3, None])
    return np.asarray(np.einsum("ny,nx->yx", down.astype(np.float64), across.astype(np.float64)))


def _line(side: int) -> npt.NDArray[np.float64]:
    return np.asarray((np.arange(side) + 0.5) / side, np.float64)
