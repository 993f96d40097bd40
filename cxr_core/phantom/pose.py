"""The pose of a patient before the detector in one image, and the way from the sheet to the image."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cxr_core.phantom.canvas import FIELD_CM, FIELD_PX, Layer, Points, pixels
from cxr_core.phantom.causes import View
from cxr_core.phantom.randomness import stream


@dataclass(frozen=True, kw_only=True)
class Pose:
    """One exposure's geometry.

    Attributes:
        ap: Whether it is taken AP, else PA.
        turn: Of the picture, radians.
        zoom: Magnification, 1 is usual.
        shift_cm: Of the picture to the right and down.
        breath_cm: By how much the diaphragm is lower than usual.
        raised_cm: By how much lying in bed raises it.
        arms: How far the arms are held from the trunk, 0 to 1.
    """

    ap: bool
    turn: float
    zoom: float
    shift_cm: tuple[float, float]
    breath_cm: float
    raised_cm: float
    arms: float

    def matrix(self) -> npt.NDArray[np.float64]:
        """From pixels of a layer to pixels of the image, shape ``(2, 3)``."""
        cos, sin = self.zoom * np.cos(self.turn), self.zoom * np.sin(self.turn)
        turned = np.array([[cos, -sin], [sin, cos]])
        middle = pixels(np.array([(0.0, FIELD_CM / 2)]))[0]
        target = (FIELD_PX - 1) / 2 + np.array(self.shift_cm) * FIELD_PX / FIELD_CM
        return np.column_stack([turned, target - turned @ middle])

    def image(self, layer: Layer) -> Layer:
        """What of a layer falls on the image, shape ``(FIELD_PX, FIELD_PX)``."""
        size = (FIELD_PX, FIELD_PX)
        return np.asarray(
            cv2.warpAffine(layer, self.matrix(), size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )

    def place(self, points: Points) -> Points:
        """Where points of the body lie in the image, in pixels from its upper left corner."""
        matrix = self.matrix()
        return np.asarray(pixels(points) @ matrix[:, :2].T + matrix[:, 2] + 0.5)


def draw_pose(seed: int, patient: int, image: int, *, site: View) -> Pose:
    """The pose of one image: what a site changes is the projection, and what follows from it.

    Args:
        seed: The site's seed.
        patient: Which patient.
        image: Which of the patient's images.
        site: How patients stand there.
    """
    draws = stream(seed, patient, image, purpose="pose")
    ap = bool(stream(seed, patient, image, purpose="view").random() < site.ap)
    loose = 1.0 if ap else 0.0
    return Pose(
        ap=ap,
        turn=float(np.deg2rad(draws.normal(0, 1.1 + 1.2 * loose))),
        zoom=draws.normal(1.0, 0.03),
        shift_cm=(draws.normal(0, 0.5 + 0.4 * loose), draws.normal(0, 0.5)),
        breath_cm=draws.normal(0, 0.5),
        raised_cm=loose * draws.uniform(1.0, 3.0),
        arms=draws.uniform(0, 1) * (1 - 0.6 * loose),
    )
