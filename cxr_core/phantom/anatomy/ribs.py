"""Ribs: inclined rings seen from the front, a crisp back arc and a wider, fainter front arc."""

import numpy as np
import numpy.typing as npt

from cxr_core.phantom.canvas import Layer, Line, Points, Y, empty, fill, strokes
from cxr_core.phantom.curves import band, ring
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_COUNT = 11
_IN_FRONT = 7
_STEPS = 28
_CORTEX_CM = 0.15
_INSIDE, _CORTEX, _LOWER = 0.50, 0.26, 0.40
"""Bone in the middle of a rib, at its edges and at its lower edge, cm: there is the groove of its vessels."""


def draw_ribs(thorax: Thorax) -> Layer:
    """Bone of all ribs, cm."""
    width, turn = thorax.patient.rib_width, _STEPS // 2
    widths = width * np.interp(np.arange(turn + 1), [0, 4], [0.75, 1])
    bone = empty()
    for side in SIDES:
        rings = _rings(thorax, side)
        bone += _flat_bones(rings[:, : turn + 1], widths=widths, side=side)
        front = _flat_bones(rings[:_IN_FRONT, turn - 1 :], widths=1.2 * width, side=side)
        tips = _flat_bones(rings[_IN_FRONT:, turn - 1 : turn + 7], widths=1.2 * width, side=side)
        bone += np.float32(0.6) * np.maximum(front, tips)
    # Below the diaphragm ribs are lost in what is bright anyway.
    visible = np.clip(1 - (Y - np.float32(thorax.dome(-1))) / np.float32(6), 0.3, 1)
    return np.asarray(bone * visible)


def _rings(thorax: Thorax, side: Side) -> Points:
    """The middle lines of the ribs, from the spine around the side to their front ends, shape ``(ribs, steps, 2)``."""
    number = np.arange(1, _COUNT + 1)[:, np.newaxis]
    low = thorax.domes[0] + thorax.pose.raised_cm
    y = thorax.apex - 1.9 + (number - 1) * (low + 5.0 - thorax.apex) / 10.2
    slope = thorax.patient.rib_slope * (0.42 + 0.09 * np.minimum(number, 7)) * (0.78 if thorax.pose.ap else 1.0)
    reach = thorax.walls((y + slope / 2 - thorax.apex) / (low - thorax.apex)) + 0.3
    angle = 0.14 + (np.pi * (0.86 - 0.012 * number) - 0.14) * np.linspace(0, 1, _STEPS)
    across = reach * np.sin(angle) ** 0.9 + 0.2
    rise = 0.9 * np.sin(np.clip(angle / 1.5, 0, 1) * np.pi)
    down = y - rise + slope * (1 - np.cos(angle)) / 2
    return np.stack([thorax.middle + side * across, down], axis=-1)


def _flat_bones(lines: Points, *, widths: npt.ArrayLike, side: Side) -> Layer:
    """Bones that are hollow: faint inside, bright at both edges."""
    edges = band(lines, widths)
    lower = edges[1] if side > 0 else edges[0]
    cortex = Line(points=np.concatenate(edges), width_cm=_CORTEX_CM, strength=_CORTEX)
    groove = Line(points=lower, width_cm=1.3 * _CORTEX_CM, strength=_LOWER)
    return fill(*ring(edges), strength=_INSIDE) + strokes(cortex, groove)
