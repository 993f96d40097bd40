"""Lung opacities: hazy patches without a border, through which the vessels are seen."""

import numpy as np

from cxr_core.phantom.anatomy.body import Body
from cxr_core.phantom.canvas import Layer, X, Y, blur, clouds
from cxr_core.phantom.findings.rendered import RenderedFinding, outline
from cxr_core.phantom.thorax import SIDES, Side


def draw_opacities(body: Body, *, visibility: float, draws: np.random.Generator) -> RenderedFinding:
    """Opacities in one lung or in both.

    Args:
        body: In which.
        visibility: From hardly to be seen (0) to plain (1).
        draws: The finding's own randomness.
    """
    one = SIDES[draws.integers(2)]
    sides = (one,) if draws.random() < 0.6 else SIDES
    texture = np.clip(0.75 + 0.55 * clouds(draws, cells=(7, 14, 28), fall=0.75), 0, 2)
    parts = [_opacity(body, side, texture=texture, visibility=visibility, draws=draws) for side in sides]
    outlines = (outline(blur(part, 0.3), share=0.3) for part in parts)
    return RenderedFinding(
        added=sum(parts[1:], start=parts[0]), outlines=tuple(found for found in outlines if found is not None)
    )


def _opacity(body: Body, side: Side, *, texture: Layer, visibility: float, draws: np.random.Generator) -> Layer:
    x, y = body.thorax.lung(draws.uniform(0.25, 0.75), draws.uniform(0.28, 0.88), side=side)
    wide, tall = draws.uniform(2.4, 4.4), draws.uniform(2.6, 5.2)
    patch = np.exp(-(((X - np.float32(x)) / np.float32(wide)) ** 2)) * np.exp(
        -(((Y - np.float32(y)) / np.float32(tall)) ** 2)
    )
    density = np.clip(0.25 + 0.26 * visibility + draws.normal(0, 0.05), 0.16, 0.65)
    lung = blur(body.lungs.silhouette(side), 0.12)
    return np.asarray(body.fluid(lung, extra_cm=0) * patch * texture * np.float32(density))
