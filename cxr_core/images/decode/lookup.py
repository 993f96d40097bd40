"""From stored values to 8 bits of gray: modality LUT, VOI LUT or window, stretch and inversion, all in one table.

Written from the Standard and not with pydicom's functions, which wrap around in an 8-bit VOI LUT of more than 256
entries and turn an image over when its rescale slope is negative; elsewhere the tests hold the two equal.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from cxr_core.errors import ImageError

Table = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]

_LEAST_CONTRAST = 1e-9


def table(values: npt.NDArray[np.int64], *, elements: Dataset | None, inverted: bool) -> Table:
    """What the values of an image become: after modality and VOI LUT they are stretched over 0-255.

    Args:
        values: The stored values from one extreme of the image to the other, shape ``(n,)``.
        elements: The modality and VOI LUT modules of a DICOM file; None: values mean what they are.
        inverted: MONOCHROME1: the least value is white.

    Returns:
        Shape ``(n,)``, 0 black and 255 white, both taken on.

    Raises:
        ImageError: If the image has one gray only, its window leaves nothing of it, or a LUT contradicts itself.

    Source:
        DICOM PS3.3, C.11.1 (modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (MONOCHROME1).
    """
    if len(values) < 2:
        raise ImageError("Expected a radiograph; all pixels have the same value. Leave this file out.")
    shown = values.astype(np.float64)
    if elements is not None:
        shown = _voi(_modality(shown, elements), elements)
    if inverted:
        shown = -shown
    least, greatest = shown.min(), shown.max()
    if not greatest - least > _LEAST_CONTRAST:
        raise ImageError("Expected a window that shows the image; in this one all looks alike. Correct the window.")
    return np.asarray((shown - least) * (255 / (greatest - least)) + 0.5, dtype=np.uint8)


def _modality(values: Values, elements: Dataset) -> Values:
    if elements.get("ModalityLUTSequence"):
        return _through_lut(values, elements.ModalityLUTSequence[0])
    if "RescaleSlope" in elements and "RescaleIntercept" in elements:
        return values * float(elements.RescaleSlope) + float(elements.RescaleIntercept)
    return values


def _voi(values: Values, elements: Dataset) -> Values:
    if elements.get("VOILUTSequence"):
        return _through_lut(values, elements.VOILUTSequence[0])
    if "WindowCenter" in elements and "WindowWidth" in elements:
        function = str(elements.get("VOILUTFunction") or "LINEAR").strip().upper()
        centre, width = _first(elements.WindowCenter), _first(elements.WindowWidth)
        return windowed(values, centre=centre, width=width, function=function)
    return values


def windowed(values: Values, *, centre: float, width: float, function: str) -> Values:
    """Values through a window, from -1/2 (below it) to 1/2 (above it), so that a mirrored window gives the negative.

    Args:
        values: Output of the modality LUT.
        centre: Window Center.
        width: Window Width.
        function: LINEAR, LINEAR_EXACT or SIGMOID.

    Raises:
        ImageError: If the width is too small or the function unknown.

    Source:
        DICOM PS3.3, C.11.2.1.2 and C.11.2.1.3.
    """
    if not (np.isfinite(centre) and np.isfinite(width)) or width < (1 if function == "LINEAR" else 1e-9):
        raise ImageError("Expected a window of positive width; found another. Correct the window.")
    match function:
        case "LINEAR":
            span = max(width - 1, 1e-9)
            return np.clip((values - (centre - 0.5)) / span, -0.5, 0.5)
        case "LINEAR_EXACT":
            return np.clip((values - centre) / width, -0.5, 0.5)
        case "SIGMOID":
            return np.tanh(2 * (values - centre) / width) / 2  # 1 / (1 + exp(-4 (x - c) / w)) - 1/2
        case _:
            raise ImageError("Expected the VOI LUT Function LINEAR, LINEAR_EXACT or SIGMOID. Correct the header.")


def _through_lut(values: Values, item: Dataset) -> Values:
    count, first, bits = (int(number) for number in item.LUTDescriptor)
    entries = _entries(item, count=count or 1 << 16, bits=bits)
    places = np.clip(np.floor(values) - first, 0, len(entries) - 1).astype(np.intp)
    return np.asarray(entries[places])


def _entries(item: Dataset, *, count: int, bits: int) -> Values:
    data = item.LUTData
    if isinstance(data, bytes):
        data = np.frombuffer(data, dtype="<u1" if len(data) in {count, count + count % 2} else "<u2")
    entries = np.asarray(data, dtype=np.float64).ravel()[:count]
    if len(entries) != count or not 8 <= bits <= 16 or entries.max() >= 1 << bits:
        raise ImageError("Expected a lookup table as long as its descriptor says; found another. Correct it.")
    return entries


def _first(value: object) -> float:
    """Of several windows the first, as viewers show it."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0]
    return float(cast("float", value))
