"""The spine: vertebral bodies with bright end plates, pedicles and spinous processes; the manubrium before it."""

import numpy as np

from cxr_core.phantom.canvas import Layer, Line, Points, X, blur, fill, strokes
from cxr_core.phantom.curves import closed
from cxr_core.phantom.thorax import SIDES, Thorax

_TOP_CM = -2.0
_DISC_CM = 0.38
_COUNT = 17


def draw_spine(thorax: Thorax) -> Layer:
    """Bone of the spine and the manubrium, cm."""
    x = thorax.middle
    bodies, plates, marks = [], [], []
    top = _TOP_CM
    for number in range(_COUNT):
        tall, half = 1.60 + 0.07 * number, 1.5 + 0.025 * number
        bodies.append(_vertebra(x, top, tall=tall, half=half))
        plates += [np.array([(x - half, y), (x + half, y)]) for y in (top + 0.08, top + tall - 0.08)]
        marks += [_oval(x + side * 0.68 * half, top + 0.45 * tall, 0.34, 0.50) for side in SIDES]
        marks.append(_oval(x, top + 0.95 * tall, 0.30, 0.75))
        top += tall + _DISC_CM
    column = np.exp(-(((X - np.float32(x)) / np.float32(2.0)) ** 6))
    bone = fill(*bodies, strength=0.45) + np.float32(0.22) * column
    bone += strokes(*(Line(points=plate, width_cm=0.16, strength=0.3) for plate in plates))
    bone += blur(fill(*marks, strength=0.5), 0.08)
    return np.asarray(bone + blur(fill(_manubrium(thorax), strength=0.25), 0.12))


def _vertebra(x: float, top: float, *, tall: float, half: float) -> Points:
    waist, middle, low = 0.88 * half, top + tall / 2, top + tall
    return np.array(
        [(x - half, top), (x + half, top), (x + waist, middle), (x + half, low), (x - half, low), (x - waist, middle)]
    )


def _oval(x: float, y: float, rx: float, ry: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    return np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], axis=1)


def _manubrium(thorax: Thorax) -> Points:
    x, y = thorax.middle, thorax.apex + 2.6
    return closed(
        [
            (x - 2.4, y),
            (x, y + 0.5),
            (x + 2.4, y),
            (x + 1.9, y + 2.4),
            (x + 1.2, y + 5),
            (x - 1.2, y + 5),
            (x - 1.9, y + 2.4),
        ]
    )
