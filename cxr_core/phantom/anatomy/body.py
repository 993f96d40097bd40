"""Everything a beam meets in a body without findings, added up as one attenuation."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.anatomy.bowel import draw_gas
from cxr_core.phantom.anatomy.lungs import Lungs, draw_lungs
from cxr_core.phantom.anatomy.mediastinum import draw_mediastinum
from cxr_core.phantom.anatomy.ribs import draw_ribs
from cxr_core.phantom.anatomy.shoulders import draw_shoulders
from cxr_core.phantom.anatomy.spine import draw_spine
from cxr_core.phantom.anatomy.trunk import draw_breasts, draw_trunk
from cxr_core.phantom.anatomy.vessels import draw_vessels
from cxr_core.phantom.canvas import Layer, blur, clouds
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.thorax import Thorax

SOFT = 0.19
"""Attenuation of soft tissue at about 70 keV, 1/cm."""
BONE = 0.30
"""Of bone beyond soft tissue, 1/cm."""
AIR_SHARE = 0.78
"""How much of a lung is air."""
_BREAST = 0.13
"""Of breast tissue, flattened, 1/cm."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body before findings are added to it.

    Attributes:
        thorax: Where its parts are.
        attenuation: Of a beam, without unit.
        thickness: Of the body, cm; 0 beside it.
        lungs: Its lungs.
        filled: How much of the lung's place heart and vessels take, 0 to 1.
    """

    thorax: Thorax
    attenuation: Layer
    thickness: Layer
    lungs: Lungs
    filled: Layer

    def fluid(self, side: Layer, *, extra_cm: float) -> Layer:
        """What a beam would meet more if all air in a lung were fluid.

        Args:
            side: The silhouette of the lung.
            extra_cm: Of fluid beside it.
        """
        thickness = self.lungs.thickness + np.float32(extra_cm)
        return np.asarray(np.float32(SOFT * AIR_SHARE) * side * thickness * (1 - np.float32(0.8) * self.filled))


def draw_body(seed: int, thorax: Thorax) -> Body:
    """The body of a patient in one pose."""
    number = thorax.patient.number
    trunk = draw_trunk(thorax)
    lungs = draw_lungs(thorax, body=trunk)
    between = draw_mediastinum(thorax)
    texture = stream(seed, number, purpose="texture")
    total = SOFT * trunk - SOFT * AIR_SHARE * lungs.thickness
    total += 0.035 * clouds(texture, cells=(14, 28, 56), fall=0.8) * lungs.both
    total += 0.05 * clouds(texture, cells=(4, 8), fall=0.6) * (1 - lungs.both)
    total += SOFT * AIR_SHARE * between.filled * np.maximum(lungs.both, 0.15)
    vessels = draw_vessels(thorax, lungs=lungs, filled=between.filled, draws=stream(seed, number, purpose="vessels"))
    total += vessels - 0.16 * between.air
    bones = draw_ribs(thorax) + draw_shoulders(thorax) + draw_spine(thorax)
    total += BONE * np.float32(thorax.patient.bone) * blur(bones, 0.05)
    total += _BREAST * draw_breasts(thorax)
    total -= 0.14 * draw_gas(thorax, draws=stream(seed, number, purpose="gas"))
    inside = np.minimum(trunk / 4, 1)
    return Body(
        thorax=thorax,
        attenuation=np.maximum(total, 0) * inside,
        thickness=trunk,
        lungs=lungs,
        filled=np.minimum(between.filled / 8.2, 1),
    )
