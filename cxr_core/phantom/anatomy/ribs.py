"""Ribs: inclined rings seen from the front, a crisp back arc and a wider, fainter front arc."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cxr_core.phantom.canvas import Layer, Line, Points, Y, fill, strokes
from cxr_core.phantom.curves import band, ring
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_COUNT = 11
_LAST_IN_FRONT = 7
_CORTEX_CM = 0.15
_INSIDE, _CORTEX, _LOWER = 0.50, 0.26, 0.40
"""Bone in the middle of a rib, at its upper and at its lower edge, cm: the lower one is the sharper."""


def draw_ribs(thorax: Thorax) -> Layer:
    """Bone of all ribs, cm."""
    rings = [_ring(thorax, number, side) for number in range(1, _COUNT + 1) for side in SIDES]
    turn = len(rings[0]) // 2
    whole = len(SIDES) * _LAST_IN_FRONT
    front = [line[turn - 1 :] if place < whole else line[turn - 1 : turn + 9] for place, line in enumerate(rings)]
    width = thorax.patient.rib_width
    bone = _flat_bones(
        [line[: turn + 1] for line in rings], widths=width * np.interp(np.arange(turn + 1), [0, 6], [0.75, 1])
    )
    bone += np.float32(0.6) * _flat_bones(front, widths=1.2 * width)
    # Below the diaphragm ribs are lost in what is bright anyway.
    visible = np.clip(1 - (Y - np.float32(thorax.dome(-1))) / np.float32(6), 0.3, 1)
    return bone * visible


def _ring(thorax: Thorax, number: int, side: Side) -> Points:
    """The middle line of a rib, from the spine around the side to its front end."""
    low = thorax.domes[0] + thorax.pose.raised_cm
    step = (low + 5.0 - thorax.apex) / 10.2
    y = thorax.apex - 1.9 + (number - 1) * step
    slope = thorax.patient.rib_slope * (0.42 + 0.09 * min(number, 7)) * (0.78 if thorax.pose.ap else 1.0)
    height = np.clip((y + slope / 2 - thorax.apex) / (low - thorax.apex), 0, 1)
    reach = thorax.wall(float(height)) + 0.3
    angle = np.linspace(0.14, np.pi * (0.86 - 0.012 * number), 40)
    across = reach * np.sin(angle) ** 0.9 + 0.2
    rise = 0.9 * np.sin(np.clip(angle / 1.5, 0, 1) * np.pi)
    down = y - rise + slope * (1 - np.cos(angle)) / 2
    return np.stack([thorax.middle + side * across, down], axis=1)


def _flat_bones(lines: Sequence[Points], *, widths: npt.ArrayLike) -> Layer:
    """Bones that are hollow: faint inside, bright at both edges."""
    edges = [band(line, widths) for line in lines]
    upper = [Line(points=edge, width_cm=_CORTEX_CM, strength=_CORTEX) for pair in edges for edge in pair]
    lower = [max(pair, key=lambda edge: float(edge[:, 1].mean())) for pair in edges]
    sharp = [Line(points=edge, width_cm=1.3 * _CORTEX_CM, strength=_LOWER) for edge in lower]
    return fill(*(ring(pair) for pair in edges), strength=_INSIDE) + strokes(*upper, *sharp)
