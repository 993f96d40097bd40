"""Consolidations: a lobe filled as far as its fissure, with air in the bronchi."""

import numpy as np

from cxr_core.phantom.anatomy.body import Body
from cxr_core.phantom.anatomy.vessels import draw_trees, hilum
from cxr_core.phantom.canvas import Layer, X, Y, blur, clouds
from cxr_core.phantom.findings.rendered import RenderedFinding, outline
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_SHARP_CM = 0.3


def draw_consolidation(body: Body, *, visibility: float, draws: np.random.Generator) -> RenderedFinding:
    """A consolidation of one lobe.

    Args:
        body: In which.
        visibility: From hardly to be seen (0) to plain (1).
        draws: The finding's own randomness.
    """
    side = SIDES[draws.integers(2)]
    region = _lobe(body.thorax, side, draws=draws)
    density = np.clip(0.32 + 0.38 * visibility + draws.normal(0, 0.06), 0.24, 0.95)
    texture = np.clip(1 + 0.16 * clouds(draws, cells=(10, 20, 40), fall=0.7), 0.4, 1.4)
    bronchi = draw_trees(draws, roots=[(hilum(body.thorax, side), side)], thin=True)
    lung = blur(body.lungs.silhouette(side), 0.08)
    added = body.fluid(lung, extra_cm=1.5) * region * texture * np.float32(density) * (1 - 0.28 * blur(bronchi, 0.06))
    found = outline(added, share=0.25)
    return RenderedFinding(added=added, outlines=() if found is None else (found,))


def _lobe(thorax: Thorax, side: Side, *, draws: np.random.Generator) -> Layer:
    """Where the filled part of a lobe is, 0 to 1: only the fissure is sharp."""
    tall = thorax.dome(side) - thorax.apex
    across = side * (X - np.float32(thorax.middle)) / np.float32(thorax.width)
    tilt = draws.normal(1.0, 0.9)
    fissure = np.float32(thorax.apex + tall * draws.normal(0.50, 0.03)) + np.float32(tilt) * (across - 0.5)
    ragged = clouds(draws, cells=(6, 12, 24), fall=0.7)
    soft, extent = draws.uniform(2.0, 4.0), draws.uniform(0.26, 0.42)
    outer = _edge((np.float32(draws.uniform(0.9, 1.3)) - across) * np.float32(thorax.width), 3.0, ragged=ragged)
    lobe = draws.integers(3)
    if lobe == 0:
        return (
            _edge(fissure - Y, _SHARP_CM) * _edge(Y - fissure + np.float32(extent * tall), soft, ragged=ragged) * outer
        )
    if lobe == 1:
        return (
            _edge(Y - fissure, _SHARP_CM)
            * _edge(fissure + np.float32(0.85 * extent * tall) - Y, soft, ragged=ragged)
            * outer
        )
    below = _edge(Y - fissure - np.float32(0.12 * tall) - np.float32(2.5) * (1 - across), 0.8 * soft, ragged=ragged)
    return below * _edge((across - np.float32(0.15)) * np.float32(thorax.width), 2.5, ragged=ragged) * outer


def _edge(inwards: Layer, width_cm: float, *, ragged: Layer | None = None) -> Layer:
    """From 0 outside to 1 inside over a width."""
    distance = inwards if ragged is None else inwards + np.float32(0.9) * ragged
    return np.clip(distance / np.float32(width_cm) + np.float32(0.5), 0, 1)
