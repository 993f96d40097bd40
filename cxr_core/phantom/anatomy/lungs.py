"""The lungs: where they are, and how thick the lung is that a beam crosses."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.canvas import Layer, X, Y, blur, fill, rounded
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_BEHIND_DOME_CM = 2.4


@dataclass(frozen=True, kw_only=True)
class Lungs:
    """Both lungs.

    Attributes:
        right: Its silhouette above the dome, 0 to 1.
        left: The same.
        both: The two together.
        thickness: Of lung along the beam, cm, as if there were no heart.
    """

    right: Layer
    left: Layer
    both: Layer
    thickness: Layer

    def silhouette(self, side: Side) -> Layer:
        """That of one lung."""
        return self.right if side < 0 else self.left


def draw_lungs(thorax: Thorax, *, body: Layer) -> Lungs:
    """The lungs in a body of that thickness (cm)."""
    masks = [blur(fill(thorax.lung_outline(side)), 0.06) for side in SIDES]
    both = np.maximum(masks[0], masks[1])
    behind = blur(fill(*(thorax.lung_outline(side, lower=_BEHIND_DOME_CM) for side in SIDES)), 0.7)
    right, left = (_depth(thorax, side) for side in SIDES)
    round_sides = np.float32(0.30) * both + np.float32(0.70) * rounded(both, radius_cm=5.5)
    relative = round_sides * np.where(np.float32(thorax.middle) > X, right, left)
    thickness = np.maximum(relative, 0.08 * behind) * np.float32(0.70 * thorax.patient.depth)
    return Lungs(right=masks[0], left=masks[1], both=both, thickness=np.minimum(thickness, 0.9 * body))


def _depth(thorax: Thorax, side: Side) -> Layer:
    """How deep a lung is from apex to dome, relative, shape ``(SIDE_PX, 1)``."""
    height = np.clip((Y - np.float32(thorax.apex)) / np.float32(thorax.dome(side) - thorax.apex), 0, 1)
    return np.asarray(0.62 + 0.40 * np.sin(np.pi * height**0.9) + 0.05 * height, dtype=np.float32)
