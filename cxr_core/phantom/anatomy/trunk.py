"""The soft tissue: trunk, neck, shoulders, upper arms and breasts, as thickness in cm along the beam."""

import numpy as np

from cxr_core.phantom.canvas import COARSE_X, COARSE_Y, Layer, blur, ellipsoid, empty, enlarge
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_ARM_FLATNESS = 2.2
"""Thickness of an arm over its radius."""


def draw_trunk(thorax: Thorax) -> Layer:
    """Thickness of trunk, neck and arms, cm."""
    patient = thorax.patient
    width, fat, neck = thorax.width, patient.fat, patient.neck
    heights = [-3, 0.2, 1.8, 3.6, 6.0, 10, 15, 26, 43]
    halves = [neck + 1.2, neck, neck + 1.6, neck + 6.5, width + 4.6, width + 3.6, width + 1.5, width + 1.2, width + 1.6]
    spread = [0, 0, 0.2, 0.6, 0.9, 1.0, 1.0, 1.0, 1.5]
    half = _profile(heights, [value + fat * share for value, share in zip(halves, spread, strict=True)])
    depth = patient.depth
    deep = _profile([-3, 3, 9, 26, 34, 43], [11.5, 13, depth - 1.5, depth, depth + 1.8, depth + 2.2])
    share = np.minimum(np.abs(COARSE_X - np.float32(thorax.middle)) / half, 1) ** 2
    trunk = deep * (1 - share * share) ** np.float32(0.6)
    right, left = (_arm(thorax, side) for side in SIDES)
    return enlarge(np.cbrt(_cube(trunk) + _cube(right) + _cube(left)))


def shoulder(thorax: Thorax, side: Side) -> tuple[float, float]:
    """Where the head of the humerus turns."""
    return side * (thorax.width + 2.6 + 0.3 * thorax.patient.fat), 7.4 - (0.5 if thorax.pose.ap else 0)


def elbow(thorax: Thorax, side: Side) -> tuple[float, float]:
    """Where an upper arm ends, outside the picture."""
    x, y = shoulder(thorax, side)
    return x + side * (2.4 + 8.5 * thorax.pose.arms), y + 29


def draw_breasts(thorax: Thorax) -> Layer:
    """Thickness of the breasts, cm."""
    size = thorax.patient.breast
    total = empty()
    if size == 0:
        return total
    for side in SIDES:
        x = thorax.middle + side * (0.57 * thorax.width + size)
        y = thorax.dome(side) - 1.2 + 2.0 * size - (0.8 if thorax.pose.ap else 0)
        # Seen from the front a breast is round below and runs out above.
        low = ellipsoid(x, y, 5.0 + 1.8 * size, 4.4 + 1.6 * size)
        high = ellipsoid(x, y - 2.5, 4.6 + 1.6 * size, 5.0 + 1.6 * size)
        total += np.float32(0.9 + 2.6 * size) * (np.float32(0.65) * low + np.float32(0.35) * blur(high, 0.6))
    return total


def _cube(layer: Layer) -> Layer:
    return layer * layer * layer


def _profile(heights: list[float], values: list[float]) -> Layer:
    return np.interp(COARSE_Y, heights, values).astype(np.float32)


def _arm(thorax: Thorax, side: Side) -> Layer:
    (x, y), (end_x, end_y) = shoulder(thorax, side), elbow(thorax, side)
    dx, dy = np.float32(end_x - x), np.float32(end_y - y)
    away_x, away_y = COARSE_X - np.float32(x), COARSE_Y - np.float32(y)
    along = np.clip((away_x * dx + away_y * dy) / (dx * dx + dy * dy), -0.02, 1)
    squared = (away_x - along * dx) ** 2 + (away_y - along * dy) ** 2
    radius = np.float32(4.9 + 0.45 * thorax.patient.fat) - np.float32(2.0) * np.sqrt(np.maximum(along, 0))
    return np.float32(_ARM_FLATNESS) * np.sqrt(np.maximum(radius * radius - squared, 0))
