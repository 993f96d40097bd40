"""Windows: which one a file means, and what it makes of values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from cxr_core.errors import ImageError

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window of positive width.

    Attributes:
        centre: Window Center.
        width: Window Width.
        function: LINEAR, LINEAR_EXACT or SIGMOID.
    """

    centre: float
    width: float
    function: str

    @property
    def ends(self) -> tuple[float, float]:
        """Where the values that are told apart begin and end."""
        if self.function == "LINEAR":
            return self.centre - self.width / 2, self.centre - 1 + self.width / 2
        return self.centre - self.width / 2, self.centre + self.width / 2


def read(elements: Dataset) -> tuple[Window | None, bool]:
    """The first usable window of a file, and whether what it says of windows is of no use.

    A width that is not positive, or a centre or width that is no number, is no window.

    Raises:
        ImageError: If the function is unknown.
    """
    function = str(elements.get("VOILUTFunction") or "LINEAR").strip().upper()
    if function not in {"LINEAR", "LINEAR_EXACT", "SIGMOID"}:
        raise ImageError("Expected the VOI LUT Function LINEAR, LINEAR_EXACT or SIGMOID. Correct the header.")
    centres, widths = _numbers(elements.get("WindowCenter")), _numbers(elements.get("WindowWidth"))
    least = 1 if function == "LINEAR" else 1e-9
    for centre, width in zip(centres, widths, strict=False):
        if np.isfinite(centre) and np.isfinite(width) and width >= least:
            return Window(centre=centre, width=width, function=function), False
    return None, bool(centres or widths)


def windowed(values: Values, window: Window) -> Values:
    """Values through a window, from -1/2 (below it) to 1/2 (above it), so that a mirrored window gives the negative.

    Args:
        values: Output of the modality LUT.
        window: The window.

    Source:
        DICOM PS3.3, C.11.2.1.2 and C.11.2.1.3.
    """
    match window.function:
        case "LINEAR":
            return np.clip((values - (window.centre - 0.5)) / max(window.width - 1, 1e-9), -0.5, 0.5)
        case "LINEAR_EXACT":
            return np.clip((values - window.centre) / window.width, -0.5, 0.5)
        case _:
            return np.tanh(2 * (values - window.centre) / window.width) / 2  # 1 / (1 + exp(-4 (x - c) / w)) - 1/2


def number(value: object) -> float:
    """An element's number; NaN where it is none."""
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _numbers(value: object) -> list[float]:
    if value is None or value == "":
        return []
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return [number(one) for one in (value if several else [value])]  # type: ignore[attr-defined]
