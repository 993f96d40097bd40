"""A finding as it is rendered: its attenuation, and the outlines of its parts."""

from dataclasses import dataclass

import cv2
import numpy as np

from cxr_core.phantom.canvas import FIELD_CM, MARGIN_CM, PX_PER_CM, Layer, Points

FIRST, LAST = 1, 5
"""The classes that are findings; 0 is No Finding."""


@dataclass(frozen=True, kw_only=True)
class RenderedFinding:
    """One finding on the sheet.

    Attributes:
        added: What it adds to a beam's attenuation; None where it changes the anatomy itself.
        outlines: Of each of its parts, in cm: what a reader would draw a box around.
    """

    added: Layer | None
    outlines: tuple[Points, ...]


def outline(part: Layer, *, share: float) -> Points | None:
    """The hull of the pixels of a part above a share of its greatest value, in cm; None where nothing is drawn.

    Args:
        part: What it adds to a beam's attenuation.
        share: How much of the greatest value still counts, 0 to 1.
    """
    highest = float(part.max())
    if highest <= 0:
        return None
    rows, columns = np.nonzero(part > share * highest)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
    corners = np.asarray(hull).reshape(-1, 1, 2) + np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    return np.asarray(corners.reshape(-1, 2) / PX_PER_CM - (FIELD_CM / 2 + MARGIN_CM, MARGIN_CM))
