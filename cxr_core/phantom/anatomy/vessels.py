"""Vessels and bronchi: trees that branch from the hila and thin out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cxr_core.phantom.anatomy.lungs import Lungs
from cxr_core.phantom.canvas import FRACTION_BITS, SIDE_PX, Layer, Points, blur, ellipsoid, fixed
from cxr_core.phantom.thorax import SIDES, Side, Thorax

_GENERATIONS = 5
_WIDTHS_CM = (0.07, 0.11, 0.17, 0.26, 0.38)
"""Between classes of branches that are drawn alike."""
_STRENGTHS = (62, 88, 122, 165, 200, 235)
_THICK_PX = (1, 1, 1, 2, 2, 3)


@dataclass(frozen=True, kw_only=True)
class _Branches:
    at: Points
    angle: npt.NDArray[np.float64]
    width: npt.NDArray[np.float64]
    length: npt.NDArray[np.float64]


def hilum(thorax: Thorax, side: Side) -> tuple[float, float]:
    """Where vessels and bronchi enter a lung; the left one stands higher."""
    low = 2.6 if side < 0 else 1.7
    return thorax.middle + side * (0.26 * thorax.width + 0.3 + (0.3 if side > 0 else 0)), thorax.heart_top + low


def draw_vessels(thorax: Thorax, *, lungs: Lungs, filled: Layer, draws: np.random.Generator) -> Layer:
    """What vessels and hila add to a beam's attenuation."""
    tree = draw_trees(draws, roots=[(hilum(thorax, side), side) for side in SIDES], thin=False)
    total = np.float32(0.30) * tree + np.float32(0.38) * blur(tree, 0.75)
    for side in SIDES:
        x, y = hilum(thorax, side)
        total += np.float32(0.30) * ellipsoid(x - side * 0.3, y, 1.2, 2.3, tilt=-0.35 * side)
    free = 1 - np.minimum(filled * np.float32(0.85 / 6), np.float32(0.85))
    return np.asarray(lungs.both * total * free * np.float32(thorax.patient.vessels))


def draw_trees(draws: np.random.Generator, *, roots: Sequence[tuple[tuple[float, float], Side]], thin: bool) -> Layer:
    """Trees, 0 to 1.

    Args:
        draws: Where their branches are drawn from.
        roots: Where each begins, cm, and which way it grows.
        thin: Draw only the larger branches and each as a thin line, as bronchi in a filled lung.
    """
    sheet = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    for root, side in roots:
        for lines, widths in reversed(_grow(draws, root=root, side=side)):
            kinds = np.digitize(widths, _WIDTHS_CM)
            for kind in range(2 if thin else 0, len(_THICK_PX)):
                value, thick = (255, 1) if thin else (_STRENGTHS[kind], _THICK_PX[kind])
                points = list(fixed(lines[kinds == kind]))
                cv2.polylines(sheet, points, False, value, thick, cv2.LINE_AA, FRACTION_BITS)  # noqa: FBT003
    return np.multiply(sheet, np.float32(1 / 255), dtype=np.float32)


def _grow(
    draws: np.random.Generator, *, root: tuple[float, float], side: Side
) -> list[tuple[Points, npt.NDArray[np.float64]]]:
    count = 11
    branches = _Branches(
        at=np.tile(np.array(root), (count, 1)),
        angle=np.linspace(-1.5, 1.45, count) + draws.uniform(-0.22, 0.22, count),
        width=0.50 * draws.uniform(0.6, 1.2, count),
        length=draws.uniform(1.7, 3.6, count),
    )
    grown = []
    for _ in range(_GENERATIONS):
        lines, end = _follow(draws, branches, side=side)
        grown.append((lines, branches.width))
        branches = _divide(draws, end)
    return grown


def _follow(draws: np.random.Generator, branches: _Branches, *, side: Side) -> tuple[Points, _Branches]:
    at, angle, lines = branches.at, branches.angle, [branches.at]
    for _ in range(3):
        angle = angle + draws.normal(0, 0.13, len(angle))
        step = np.stack([side * np.cos(angle), np.sin(angle)], axis=1)
        at = at + (branches.length / 3)[:, np.newaxis] * step
        lines.append(at)
    end = _Branches(at=at, angle=angle, width=branches.width, length=branches.length)
    return np.stack(lines, axis=1), end


def _divide(draws: np.random.Generator, branches: _Branches) -> _Branches:
    count = len(branches.angle)
    kept = draws.random((2, count)) < 0.85
    turn = draws.uniform(0.15, 0.5, (2, count)) * np.array([[1], [-1]])
    parent = np.nonzero(kept.ravel())[0] % count
    return _Branches(
        at=branches.at[parent],
        angle=branches.angle[parent] + turn[kept],
        width=branches.width[parent] * draws.uniform(0.60, 0.78, len(parent)),
        length=branches.length[parent] * draws.uniform(0.70, 0.95, len(parent)),
    )
