"""Heart, great vessels, trachea: soft tissue where the lungs would have air, and air where there is none."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.canvas import Layer, Line, Points, blur, ellipsoid, fill, rounded, strokes
from cxr_core.phantom.curves import closed, through
from cxr_core.phantom.thorax import Thorax

_HEART = (
    (-0.12, -0.04), (0.08, -0.05), (0.22, 0.10), (0.30, 0.27), (0.42, 0.50), (0.56, 0.72), (0.655, 0.90), (0.62, 1.04),
    (0.40, 1.10), (0.0, 1.10), (-0.24, 1.05), (-0.315, 0.88), (-0.34, 0.64), (-0.29, 0.36),
)  # fmt: skip
"""The heart's outline in shares of its width, from the midline, and of its height, from its top."""


@dataclass(frozen=True, kw_only=True)
class Mediastinum:
    """What lies between the lungs.

    Attributes:
        filled: Soft tissue in place of lung, cm.
        air: Of trachea and main bronchi, cm.
    """

    filled: Layer
    air: Layer


def heart_outline(thorax: Thorax) -> Points:
    """The outline of the heart's shadow."""
    wide, tall = 2 * thorax.width * thorax.heart_share, thorax.heart_bottom - thorax.heart_top
    middle = thorax.middle + 0.4 * thorax.patient.heart_turn
    return closed([(middle + x * wide, thorax.heart_top + y * tall) for x, y in _HEART])


def draw_mediastinum(thorax: Thorax) -> Mediastinum:
    """The mediastinum of one image."""
    heart = fill(heart_outline(thorax))
    filled = 6.4 * rounded(heart, radius_cm=4.6) + 2.2 * heart
    filled = np.maximum(filled, _great_vessels(thorax))
    return Mediastinum(filled=filled, air=_airways(thorax))


def _great_vessels(thorax: Thorax) -> Layer:
    half, top, low, x = thorax.mediastinum, thorax.heart_top, thorax.heart_bottom, thorax.middle
    knob = thorax.patient.knob * (1.1 if thorax.pose.ap else 1.0)
    upper = closed(
        [
            (x - half, top + 3),
            (x - 0.93 * half, thorax.apex + 2),
            (x - 1.3 * half, thorax.apex - 3),
            (x + 1.3 * half, thorax.apex - 3),
            (x + 0.9 * half, thorax.apex + 2),
            (x + half, top + 3),
            (x + half, low + 3),
            (x - half, low + 3),
        ]
    )
    arch = ellipsoid(x + half - 0.3, top - 1.9, knob, 1.2 * knob)
    trunk = ellipsoid(x + half - 0.1, top + 1.1, 1.2, 1.5)
    descending = through([(x + half - 0.4, top - 2), (x + half - 0.3, top + 4), (x + 0.55 * half, low + 1)])
    filled = 6.2 * rounded(fill(upper), radius_cm=1.9) + 1.0 * arch
    for part in (6.4 * arch, 5.2 * trunk, blur(strokes(Line(points=descending, width_cm=2.4, strength=4.0)), 0.12)):
        filled = np.maximum(filled, part)
    return filled


def _airways(thorax: Thorax) -> Layer:
    x, carina = thorax.middle, thorax.carina
    trachea = through([(x, -3.0), (x + 0.1, thorax.apex), (x - 0.2, carina)])
    right = through([(x - 0.2, carina - 0.3), (x - 1.6, carina + 1.3), (x - 2.8, carina + 2.4)])
    left = through([(x - 0.2, carina - 0.3), (x + 1.6, carina + 1.6), (x + 3.6, carina + 2.7)])
    bronchi = [Line(points=bronchus, width_cm=1.2, strength=1.2) for bronchus in (right, left)]
    return blur(strokes(*bronchi, Line(points=trachea, width_cm=1.7, strength=1.5)), 0.12)
