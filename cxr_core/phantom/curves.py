"""Smooth lines and bands through a few points, in cm."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cxr_core.phantom.canvas import Points

_BASIS = 0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
"""Of a Catmull-Rom spline: powers of the parameter by control points."""

Pairs = Sequence[tuple[float, float]]


def closed(points: Pairs, *, steps: int = 10) -> Points:
    """A closed curve through the points."""
    knots = np.array(points, dtype=np.float64)
    return _spline(np.stack([np.roll(knots, shift, axis=0) for shift in (1, 0, -1, -2)], axis=1), steps=steps)


def through(points: Pairs, *, steps: int = 10) -> Points:
    """An open curve through the points, from the first to the last."""
    knots = np.array(points, dtype=np.float64)
    ends = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    pieces = np.stack([ends[start : len(ends) - 3 + start] for start in range(4)], axis=1)
    return np.concatenate([_spline(pieces, steps=steps), knots[-1:]])


def band(middle: Points, widths: npt.ArrayLike) -> tuple[Points, Points]:
    """The two edges of a band along a line.

    Args:
        middle: The line, shape ``(n, 2)``, or several, shape ``(..., n, 2)``.
        widths: The band's width, one or n numbers, cm.

    Returns:
        The edge to the left of the line's direction and the one to its right, each of the line's shape. Where a line
        goes towards larger x, left is up in the picture.
    """
    direction = np.gradient(middle, axis=-2)
    direction /= np.linalg.norm(direction, axis=-1, keepdims=True)
    normal = np.stack([direction[..., 1], -direction[..., 0]], axis=-1)
    half = (np.broadcast_to(np.asarray(widths, dtype=np.float64), middle.shape[-2]) / 2)[:, np.newaxis]
    return middle + normal * half, middle - normal * half


def ring(edges: tuple[Points, Points]) -> Points:
    """The outline of a band, or of several: along one edge and back along the other."""
    return np.concatenate([edges[0], edges[1][..., ::-1, :]], axis=-2)


def _spline(pieces: Points, *, steps: int) -> Points:
    powers = (np.arange(steps) / steps)[:, np.newaxis] ** np.arange(4)
    curve = np.einsum("sk,nkd->nsd", powers @ _BASIS, pieces)
    return np.asarray(curve.reshape(-1, 2))
