"""Clavicles, scapulae and humeri."""

from dataclasses import dataclass

import numpy as np

from cxr_core.phantom.anatomy.trunk import elbow, shoulder
from cxr_core.phantom.canvas import Layer, Line, Points, blur, fill, strokes
from cxr_core.phantom.curves import band, closed, ring, through
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_CORTEX_CM = 0.16


@dataclass(frozen=True, kw_only=True)
class _Scapula:
    """Its lines, of which the outer border is the strongest."""

    blade: Points
    outer: Points
    inner: Points
    spine: Points
    socket: Points


def draw_shoulders(thorax: Thorax) -> Layer:
    """Bone of both shoulders, cm."""
    collars = [_clavicle(thorax, side) for side in SIDES]
    arms = [_humerus(thorax, side) for side in SIDES]
    heads = [_head(thorax, side) for side in SIDES]
    bone = _tubes(collars, widths=[2.1, 1.35, 1.05, 1.1, 1.3, 1.4, 0.3], inside=0.85, cortex=0.75)
    bone += _scapulae([_scapula(thorax, side) for side in SIDES])
    bone += np.maximum(_tubes(arms, widths=[3.0, 2.2, 2.0, 2.0, 2.0], inside=0.7, cortex=1.2), _ball(heads))
    return bone


def _tubes(middles: list[Points], *, widths: list[float], inside: float, cortex: float) -> Layer:
    places = np.linspace(0, 1, len(middles[0]))
    edges = [band(middle, np.interp(places, np.linspace(0, 1, len(widths)), widths)) for middle in middles]
    lines = [Line(points=edge, width_cm=_CORTEX_CM, strength=cortex) for pair in edges for edge in pair]
    return fill(*(ring(pair) for pair in edges), strength=inside) + strokes(*lines)


def _scapulae(both: list[_Scapula]) -> Layer:
    blades = blur(fill(*(scapula.blade for scapula in both), strength=0.32), 0.08)
    lines = [
        Line(points=points, width_cm=width, strength=strength)
        for scapula in both
        for points, width, strength in (
            (scapula.inner, 0.2, 0.40),
            (scapula.outer, 0.45, 0.90),
            (scapula.socket, 0.3, 0.8),
        )
    ]
    return (
        blades
        + strokes(*lines)
        + _tubes([scapula.spine for scapula in both], widths=[0.4, 0.9, 1.7], inside=0.3, cortex=0.5)
    )


def _ball(heads: list[Points]) -> Layer:
    rims = [Line(points=np.concatenate([head, head[:1]]), width_cm=_CORTEX_CM, strength=0.7) for head in heads]
    return blur(fill(*heads, strength=1.3), 0.25) + strokes(*rims)


def _clavicle(thorax: Thorax, side: Side) -> Points:
    """An S from the sternum up and outwards, over the apex of the lung, to the acromion."""
    inner = thorax.apex + 3.1 - 0.8 * thorax.patient.collar - (0.9 if thorax.pose.ap else 0)
    rise = 4.0 + 0.7 * thorax.patient.collar - (1.2 if thorax.pose.ap else 0)
    tip = shoulder(thorax, side)[0] * side + 0.6
    shape = ((0.0, 0.0), (0.16, 0.05), (0.36, 0.36), (0.58, 0.80), (0.78, 1.02), (1.0, 0.98))
    return through([(thorax.middle + side * (1.5 + x * (tip - 1.5)), inner - y * rise) for x, y in shape])


def _scapula(thorax: Thorax, side: Side) -> _Scapula:
    """In PA the arms turn it out of the lung, in AP it lies over it."""
    x, y = shoulder(thorax, side)
    inward = 3.0 if thorax.pose.ap else 0.6 - 0.8 * thorax.pose.arms
    out = x * side - 1.9
    low = (side * (thorax.width - 0.6 - inward), y + 11.8)
    high = (side * (thorax.width - 4.6 - inward), y - 1.2)
    inside = (high[0] + side * 0.2, y + 4)
    neck = (side * (out - 0.9), y + 4)
    return _Scapula(
        blade=closed([(side * out, y - 1.4), high, inside, low, (low[0] + side * 0.8, low[1] - 0.6), neck]),
        outer=through([(side * out, y + 1.4), neck, (low[0] + side * 0.5, low[1] - 1.6), low]),
        inner=through([high, inside, low]),
        spine=through([(high[0] + side * 0.5, y + 1.2), (side * (out - 1.4), y - 1.2), (side * (out + 2.6), y - 2.9)]),
        socket=through([(side * (out + 0.2), y - 1.3), (side * (out - 0.1), y), (side * (out + 0.1), y + 1.5)]),
    )


def _humerus(thorax: Thorax, side: Side) -> Points:
    (x, y), (end_x, end_y) = shoulder(thorax, side), elbow(thorax, side)
    return through([(x + 0.1 * side, y + 0.6), (x + 0.25 * (end_x - x), y + 0.25 * (end_y - y)), (end_x, end_y)])


def _head(thorax: Thorax, side: Side) -> Points:
    x, y = shoulder(thorax, side)
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    return closed([(float(x + 2.2 * np.cos(angle)), float(y + 2.2 * np.sin(angle))) for angle in angles])
