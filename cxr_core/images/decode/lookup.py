"""From stored values to 8 bits of gray: modality LUT, VOI LUT or window, stretch and inversion, in one table."""

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_voi_lut

from cxr_core.errors import ImageError

Table = npt.NDArray[np.uint8]


def table(lookup: Dataset | None, *, entries: int, first_value: int, lowest: int, highest: int, inverted: bool) -> Table:
    """What each sample becomes.

    Args:
        lookup: The modality and VOI LUT modules of a DICOM file; None: values mean what they are.
        entries: 256 or 65,536: one for each sample that an array can hold.
        first_value: The stored value that a sample of 0 stands for.
        lowest: The least sample in the image.
        highest: The greatest.
        inverted: MONOCHROME1: the least value is white.

    Returns:
        Shape ``(entries,)``: the range from the least to the greatest sample stretched over 0-255.

    Raises:
        ImageError: If the image is of one gray only, or its window leaves nothing of it.
    """
    if lowest == highest:
        raise ImageError("Expected a radiograph; all its pixels have one value. Leave this file out.")
    values = np.arange(lowest, highest + 1, dtype=np.int64) + first_value
    shown = values.astype(np.float64) if lookup is None else _shown(values, lookup)
    if inverted:
        shown = -shown
    least, greatest = shown.min(), shown.max()
    if not greatest > least:
        raise ImageError("Expected a window that shows the image; after it all pixels are alike. Correct the window or leave the file out.")
    result = np.zeros(entries, dtype=np.uint8)
    result[lowest : highest + 1] = np.floor(np.round((shown - least) / (greatest - least) * 255, 9) + 0.5)
    return result


def _shown(values: npt.NDArray[np.int64], lookup: Dataset) -> npt.NDArray[np.float64]:
    return np.asarray(apply_voi_lut(apply_modality_lut(values, lookup), lookup), dtype=np.float64)
