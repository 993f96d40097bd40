"""Nodules and masses: round, 6 to 30 mm, one to three."""

import numpy as np

from cxr_core.phantom.anatomy.body import AIR_SHARE, SOFT, Body
from cxr_core.phantom.canvas import Layer, blur, clouds, ellipsoid
from cxr_core.phantom.findings.rendered import RenderedFinding, outline
from cxr_core.phantom.thorax import SIDES

_SMALLEST_CM, _LARGEST_CM = 0.6, 3.0


def draw_nodules(body: Body, *, visibility: float, draws: np.random.Generator) -> RenderedFinding:
    """Nodules in a body.

    Args:
        body: In which.
        visibility: From hardly to be seen (0) to plain (1).
        draws: The finding's own randomness.
    """
    count = 1 + int(draws.random() < 0.4) + int(draws.random() < 0.2)
    parts = [_nodule(body, visibility=visibility, draws=draws) for _ in range(count)]
    outlines = (outline(part, share=0.2) for part in parts)
    return RenderedFinding(
        added=sum(parts[1:], start=parts[0]), outlines=tuple(found for found in outlines if found is not None)
    )


def _nodule(body: Body, *, visibility: float, draws: np.random.Generator) -> Layer:
    side = SIDES[draws.integers(2)]
    x, y = body.thorax.lung(draws.uniform(0.15, 0.85), draws.uniform(0.14, 0.90), side=side)
    size = 1.6 + 1.2 * visibility
    diameter = float(np.clip(size * np.exp(draws.normal(0, 0.22)), _SMALLEST_CM, _LARGEST_CM))
    shape = ellipsoid(x, y, diameter / 2, diameter / 2 * draws.uniform(0.82, 1.2), tilt=draws.uniform(0, np.pi))
    # Denser than the chord of soft tissue: a tumour retracts what is around it, and it calcifies.
    dense = SOFT * AIR_SHARE * diameter * draws.uniform(1.6, 2.3) + 0.24 + 0.10 * visibility
    texture = 1 + 0.10 * clouds(draws, cells=(22, 44), fall=0.7)
    return np.asarray(blur(np.float32(dense) * shape ** np.float32(0.8) * texture, 0.05 + 0.07 * draws.random()))
