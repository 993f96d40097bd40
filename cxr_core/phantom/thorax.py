"""A patient's measures in one pose: the coordinates in which findings are placed in one image."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cxr_core.phantom.canvas import Points
from cxr_core.phantom.curves import closed
from cxr_core.phantom.patient import Patient
from cxr_core.phantom.pose import Pose

Side = Literal[-1, 1]
SIDES: tuple[Side, Side] = (-1, 1)
"""-1 is the patient's right, on the left of the picture."""

_WALL = ((0.0, 0.28), (0.03, 0.47), (0.11, 0.64), (0.26, 0.81), (0.48, 0.92), (0.72, 0.98), (1.0, 1.0))
"""How wide the lungs are at each share of their height."""
_HEIGHTS, _WIDTHS = [down for down, _ in _WALL], [wide for _, wide in _WALL]
_AP_MAGNIFICATION = 1.11


@dataclass(frozen=True, kw_only=True)
class Thorax:
    """Lengths in cm, from the midline and from the top of the field.

    Attributes:
        patient: Whose.
        pose: In which.
        apex: Where the lungs begin.
        domes: Where the right and the left dome stand.
        width: From the midline to the widest place of the lungs.
        middle: Where the midline of the chest lies.
        heart_share: Width of the heart's shadow over that of the chest.
        heart_top: Where the heart begins.
        heart_bottom: Where it rests on the diaphragm.
        mediastinum: Half width of the upper mediastinum.
    """

    patient: Patient
    pose: Pose
    apex: float
    domes: tuple[float, float]
    width: float
    middle: float
    heart_share: float
    heart_top: float
    heart_bottom: float
    mediastinum: float

    def dome(self, side: Side) -> float:
        """Where the dome of that side stands."""
        return self.domes[0 if side < 0 else 1]

    @property
    def carina(self) -> float:
        """Where the trachea divides."""
        return self.heart_top - 0.6

    def wall(self, height: float) -> float:
        """Half width of the chest at a share of the lungs' height, 0 at the apex and 1 at the dome."""
        return float(self.walls(np.array(height)))

    def walls(self, heights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """As `wall`, at several heights."""
        return np.asarray(self.width * np.interp(heights, _HEIGHTS, _WIDTHS))

    def inner(self, height: float, *, side: Side) -> float:
        """How far the mediastinum and the heart reach to that side at a share of the lungs' height."""
        y = self.apex + height * (self.dome(side) - self.apex)
        down = np.clip((y - self.heart_top) / (self.heart_bottom - self.heart_top), 0, 1)
        reach = (0.66 if side > 0 else 0.34) * 2 * self.width * self.heart_share
        return float(self.mediastinum + max(0.0, reach - self.mediastinum) * down**1.2)

    def lung(self, across: float, height: float, *, side: Side) -> tuple[float, float]:
        """A place in a lung.

        Args:
            across: 0 at the heart, 1 at the chest wall.
            height: 0 at the apex, 1 at the dome.
            side: Which lung.

        Returns:
            x and y, cm.
        """
        inner, outer = self.inner(height, side=side), self.wall(height)
        y = self.apex + height * (self.dome(side) - self.apex)
        return self.middle + side * (inner + across * (outer - inner)), y

    def lung_outline(self, side: Side, *, lower: float = 0.0) -> Points:
        """The outline of a lung as far as its dome, or lower by so much: the part that lies behind it."""
        patient, dome = self.patient, self.dome(side) + lower
        width, height, angle = self.width, dome - self.apex, dome + patient.recess
        outer = [(share * width, self.apex + down * height) for down, share in _WALL[1:-1]]
        base = [
            (0.998 * width, self.apex + 0.93 * height),
            (1.0 * width, angle),
            (0.985 * width, angle),
            (0.90 * width, dome + 0.50 * patient.recess),
            (0.75 * width, dome + 0.15 * patient.recess),
            (0.52 * width, dome - 0.15),
            (0.30 * width, dome + 0.30),
            (0.12 * width, dome + 1.3),
        ]
        medial = [(0.12 * width, self.apex + share * height) for share in (0.7, 0.4, 0.15)]
        top = [(0.20 * width, self.apex + 0.02 * height), (0.31 * width, self.apex)]
        outline = closed([*outer, *base, *medial, *top])
        return np.asarray(outline * (side, 1) + (self.middle, 0))


def expose(patient: Patient, pose: Pose, *, heart_share: float | None) -> Thorax:
    """A patient's measures in one pose.

    Args:
        patient: Whose.
        pose: In which.
        heart_share: Of an enlarged heart, standing and PA; None: the patient's own.
    """
    share = float(np.clip(patient.heart_share if heart_share is None else heart_share, 0.36, 0.74))
    magnified = _AP_MAGNIFICATION if pose.ap else 1.0
    right = patient.dome - pose.raised_cm + pose.breath_cm
    left = right + patient.dome_gap
    bottom = (right + left) / 2 + 0.3
    tall = 11.2 + 7.0 * (share - 0.45) - 0.6 * patient.heart_turn
    return Thorax(
        patient=patient,
        pose=pose,
        apex=patient.apex + 0.35 * pose.raised_cm,
        domes=(right, left),
        width=patient.lung_width,
        middle=0.3 * patient.curve,
        heart_share=share * magnified,
        heart_top=bottom - tall * (0.9 + 0.1 * magnified),
        heart_bottom=bottom,
        mediastinum=(2.7 + 0.012 * (patient.age_years - 50) + 0.12 * patient.fat) * (1 + 0.9 * (magnified - 1)),
    )
