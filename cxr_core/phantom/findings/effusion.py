"""Pleural effusions: fluid that blunts the costophrenic angle and climbs the chest wall."""

import numpy as np

from cxr_core.phantom.anatomy.body import Body
from cxr_core.phantom.canvas import Layer, X, Y, blur
from cxr_core.phantom.findings.rendered import RenderedFinding, outline
from cxr_core.phantom.thorax import SIDES, Side


def draw_effusions(body: Body, *, visibility: float, draws: np.random.Generator) -> RenderedFinding:
    """Fluid on one side or on both.

    Args:
        body: In which.
        visibility: From hardly to be seen (0) to plain (1).
        draws: The finding's own randomness.
    """
    one = SIDES[draws.integers(2)]
    sides = (one,) if draws.random() < 0.7 else SIDES
    parts = [_effusion(body, side, visibility=visibility, draws=draws) for side in sides]
    outlines = (outline(part, share=0.22) for part in parts)
    return RenderedFinding(
        added=sum(parts[1:], start=parts[0]), outlines=tuple(found for found in outlines if found is not None)
    )


def _effusion(body: Body, side: Side, *, visibility: float, draws: np.random.Generator) -> Layer:
    thorax = body.thorax
    high = float(np.clip(0.5 + 4.0 * visibility**1.6 + draws.gamma(1.5, 0.5), 0.6, 9.0))
    across = np.clip(side * (X - np.float32(thorax.middle)) / np.float32(thorax.width), 0, 1)
    climb = np.float32(high) * (0.45 + 0.55 * across**3) + np.float32(2.2) * across**8
    level = np.float32(thorax.dome(side) + 0.75 * thorax.patient.recess + 0.5) - climb
    depth = np.clip((Y - level) / np.float32(0.9 + 0.16 * high), 0, 1)
    lung = blur(body.lungs.silhouette(side), 0.09)
    return np.asarray(body.fluid(lung, extra_cm=3.0) * blur(depth, 0.1) * np.float32(0.8))
