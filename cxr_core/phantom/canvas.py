"""The sheet that a body is drawn on, in centimetres: x from the midline (the patient's left is at x > 0), y downwards.

It is larger than an image by a margin, so that a pose can shift and turn what was drawn. Layers are of shape
``(SIDE_PX, SIDE_PX)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Layer = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]
"""Shape ``(n, 2)``: x and y, cm."""

PX_PER_CM = 8
FIELD_CM = 40.0
MARGIN_CM = 2.0
FIELD_PX = int(FIELD_CM * PX_PER_CM)
SIDE_PX = int((FIELD_CM + 2 * MARGIN_CM) * PX_PER_CM)

FRACTION_BITS = 4
"""Of a pixel, in which OpenCV draws."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """An open line, or several that are drawn alike.

    Attributes:
        points: Where it runs, shape ``(n, 2)``; of several ``(lines, n, 2)``.
        width_cm: How wide it is drawn.
        strength: Its value on the layer, above 0.
    """

    points: Points
    width_cm: float
    strength: float


X: Layer = (((np.arange(SIDE_PX) + 0.5) / PX_PER_CM - FIELD_CM / 2 - MARGIN_CM).astype(np.float32))[np.newaxis, :]
"""Shape ``(1, SIDE_PX)``, cm."""
Y: Layer = (((np.arange(SIDE_PX) + 0.5) / PX_PER_CM - MARGIN_CM).astype(np.float32))[:, np.newaxis]
"""Shape ``(SIDE_PX, 1)``, cm."""

COARSE_X: Layer = X.reshape(1, -1, 2).mean(axis=2)
"""As `X`, of a grid half as fine, for what has no edges."""
COARSE_Y: Layer = Y.reshape(-1, 2, 1).mean(axis=1)


def enlarge(coarse: Layer) -> Layer:
    """A layer out of one half as fine."""
    return np.asarray(cv2.resize(coarse, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR))


def empty() -> Layer:
    """A layer on which nothing is drawn."""
    return np.zeros((SIDE_PX, SIDE_PX), np.float32)


def pixels(points: Points) -> npt.NDArray[np.float64]:
    """Where points lie on a layer, in pixels whose centres are whole numbers."""
    offset = (FIELD_CM / 2 + MARGIN_CM, MARGIN_CM)
    return np.asarray((points + offset) * PX_PER_CM - 0.5)


def fill(*outlines: Points, strength: float = 1.0) -> Layer:
    """The inside of closed outlines, 0 to `strength`; where they overlap it stays that."""
    sheet = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    for outline in outlines:  # one by one: within one call, overlapping ones would cancel each other
        cv2.fillPoly(sheet, [fixed(outline)], 255, cv2.LINE_AA, FRACTION_BITS)
    return np.multiply(sheet, np.float32(strength / 255), dtype=np.float32)


def strokes(*lines: Line) -> Layer:
    """Open lines, 0 to the strength of each; where they cross the later one counts."""
    sheet = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    strongest = max(line.strength for line in lines)
    for line in lines:
        runs = list(fixed(line.points).reshape(-1, *line.points.shape[-2:]))
        thick = max(1, round(PX_PER_CM * line.width_cm))
        value = round(255 * line.strength / strongest)
        cv2.polylines(sheet, runs, False, value, thick, cv2.LINE_AA, FRACTION_BITS)  # noqa: FBT003
    return np.multiply(sheet, np.float32(strongest / 255), dtype=np.float32)


def fixed(points: Points) -> npt.NDArray[np.int32]:
    """Where points lie on a layer, in OpenCV's fixed point of `FRACTION_BITS`."""
    return np.round(pixels(points) * (1 << FRACTION_BITS)).astype(np.int32)


def ellipsoid(x: float, y: float, rx: float, ry: float, *, tilt: float = 0.0) -> Layer:
    """The thickness of an ellipsoid relative to its greatest, 0 to 1.

    Args:
        x: Centre, cm.
        y: Centre, cm.
        rx: Half axis, cm.
        ry: Half axis, cm.
        tilt: Angle of the first axis, radians clockwise.
    """
    layer = empty()
    (px, py), reach = pixels(np.array([(x, y)]))[0], max(rx, ry) * PX_PER_CM + 2
    rows = slice(max(0, int(py - reach)), max(0, int(py + reach) + 1))
    columns = slice(max(0, int(px - reach)), max(0, int(px + reach) + 1))
    dx, dy = X[:, columns] - np.float32(x), Y[rows] - np.float32(y)
    along = (dx * np.float32(np.cos(tilt)) + dy * np.float32(np.sin(tilt))) / np.float32(rx)
    across = (dy * np.float32(np.cos(tilt)) - dx * np.float32(np.sin(tilt))) / np.float32(ry)
    layer[rows, columns] = np.sqrt(np.maximum(0, 1 - along**2 - across**2))
    return layer


def blur(layer: Layer, sigma_cm: float) -> Layer:
    """The layer blurred by a Gaussian; a wide one on a coarser grid."""
    sigma_px = sigma_cm * PX_PER_CM
    if sigma_px < 0.15:
        return layer
    if sigma_px <= 4:
        return np.asarray(cv2.GaussianBlur(layer, (0, 0), sigma_px))
    coarse = 4
    size = (-(-layer.shape[1] // coarse), -(-layer.shape[0] // coarse))
    small = cv2.GaussianBlur(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), (0, 0), sigma_px / coarse)
    return np.asarray(cv2.resize(small, layer.shape[::-1], interpolation=cv2.INTER_LINEAR))


def rounded(mask: Layer, *, radius_cm: float) -> Layer:
    """The thickness of a body with round sides relative to its greatest: 0 at the edge, 1 from the radius inwards.

    Args:
        mask: Its silhouette, 0 to 1.
        radius_cm: How far from its edge it has full thickness.
    """
    half = cv2.resize(mask, (SIDE_PX // 2, SIDE_PX // 2), interpolation=cv2.INTER_AREA)
    inside = cv2.distanceTransform((half > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    share = np.minimum(inside / np.float32(radius_cm * PX_PER_CM / 2), 1)
    # The distance comes from a binary mask: without the blur its edge is a staircase.
    smooth = cv2.GaussianBlur(np.sqrt(share * (2 - share)), (0, 0), 0.9)
    return enlarge(smooth) * mask


def clouds(generator: np.random.Generator, *, cells: Sequence[int], fall: float) -> Layer:
    """Smooth noise of mean 0 and standard deviation 1.

    Args:
        generator: Where it is drawn from.
        cells: How many cells a side each of its scales has.
        fall: How much weaker each scale is than the one before it.
    """
    half = SIDE_PX // 2
    total = np.zeros((half, half), np.float32)
    for number, count in enumerate(cells):
        values = generator.standard_normal((count, count), dtype=np.float32)
        total += np.float32(fall**number) * cv2.resize(values, (half, half), interpolation=cv2.INTER_CUBIC)
    return enlarge((total - total.mean()) / total.std())
