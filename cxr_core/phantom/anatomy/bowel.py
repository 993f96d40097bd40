"""Air below the diaphragm: the stomach bubble, and the bowel."""

import numpy as np

from cxr_core.phantom.canvas import Layer, Y, blur, clouds, ellipsoid, empty
from cxr_core.phantom.thorax import Thorax


def draw_gas(thorax: Thorax, *, draws: np.random.Generator) -> Layer:
    """Thickness of air, cm."""
    size = thorax.patient.gas
    x, y = thorax.middle + 0.42 * thorax.width, thorax.dome(1) + 2.0 + 0.8 * size
    bubble = ellipsoid(x, y, 1.9 + 1.8 * size, 1.0 + 1.2 * size, tilt=0.2)
    # Standing, the bubble ends below in the level of what was drunk; in bed it does not.
    level = y + (9 if thorax.pose.ap else 0.6 + 0.5 * size)
    air = 4.0 * blur(np.sqrt(bubble) * np.clip((np.float32(level) - Y) * 4, 0.3, 1), 0.08)
    bowel = empty()
    for _ in range(draws.integers(1, 6)):
        place = (draws.uniform(-3, 0.9 * thorax.width), draws.uniform(33, 41))
        axes = (draws.uniform(0.7, 2.0), draws.uniform(0.6, 1.3))
        bowel += np.float32(draws.uniform(0.7, 2.2)) * ellipsoid(*place, *axes, tilt=draws.uniform(-1, 1))
    folds = np.float32(0.75) + np.float32(0.2) * np.clip(clouds(draws, cells=(9, 18), fall=0.7), -1, 1)
    return np.asarray((air + blur(bowel, 0.2)) * folds)
