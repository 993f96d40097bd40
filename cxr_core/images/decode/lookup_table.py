"""From stored values to 8 bits of gray: modality LUT, VOI LUT or window, stretch and inversion, all in one table.

Written from the Standard and not with pydicom's functions, which wrap around in an 8-bit VOI LUT of more than 256
entries and turn an image over when its rescale slope is negative; elsewhere the tests hold the two equal.
"""

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from cxr_core.errors import ImageError
from cxr_core.images.decode import spread, window
from cxr_core.images.decode.notes import Note
from cxr_core.images.decode.spread import Counts
from cxr_core.images.decode.window import Values

Table = npt.NDArray[np.uint8]

_LEAST_CONTRAST = 1e-9


def table(
    values: npt.NDArray[np.int64], *, counts: Counts, elements: Dataset | None, inverted: bool
) -> tuple[Table, tuple[Note, ...]]:
    """What the values of an image become: after modality and VOI LUT they are stretched over 0-255.

    Args:
        values: The stored values from one extreme of the image to the other, shape ``(n,)``.
        counts: About how many pixels have each, shape ``(n,)``.
        elements: The modality and VOI LUT modules of a DICOM file; None: values mean what they are.
        inverted: MONOCHROME1: the least value is white.

    Returns:
        Grays of shape ``(n,)``, 0 black and 255 white, both taken on; and what was passed over to come to them.

    Raises:
        ImageError: If the image has one gray only, or a LUT contradicts itself.

    Source:
        DICOM PS3.3, C.11.1 (modality LUT), C.11.2 (VOI LUT), C.7.6.3.1.2 (MONOCHROME1).
    """
    if len(values) < 2:
        raise ImageError("Expected a radiograph; all pixels have the same value. Leave this file out.")
    meant, notes = _modality(values.astype(np.float64), elements or Dataset())
    shown, about_voi = _voi(meant, counts, elements or Dataset())
    if inverted:
        shown = -shown
    least, greatest = shown.min(), shown.max()
    if not greatest - least > _LEAST_CONTRAST:
        raise ImageError("Expected a table that shows the image; through its own all looks alike. Correct the header.")
    grays = np.asarray((shown - least) * (255 / (greatest - least)) + 0.5, dtype=np.uint8)
    return grays, tuple(dict.fromkeys((*notes, *about_voi)))


def darker(ends: npt.NDArray[np.int64], *, elements: Dataset, inverted: bool) -> int:
    """Which of the two extreme stored values of an image is shown darker: 0 for the first, else 1."""
    first, last = _modality(ends.astype(np.float64), elements)[0]
    if elements.get("VOILUTSequence"):
        first, last = _through_lut(np.array([first, last]), elements.VOILUTSequence[0])[0]
    return int((first > last) != inverted)


def _modality(values: Values, elements: Dataset) -> tuple[Values, tuple[Note, ...]]:
    """Stored values through the modality LUT or rescaling; a slope of 0, or what is no number, is passed over."""
    if elements.get("ModalityLUTSequence"):
        return _through_lut(values, elements.ModalityLUTSequence[0])[0], ()
    if "RescaleSlope" not in elements and "RescaleIntercept" not in elements:
        return values, ()
    slope, intercept = (
        window.number(elements.get(name, default)) for name, default in (("RescaleSlope", 1), ("RescaleIntercept", 0))
    )
    if not (np.isfinite(slope) and np.isfinite(intercept)) or slope == 0:
        return values, ("no_window",)
    return values * slope + intercept, ()


def _voi(values: Values, counts: Counts, elements: Dataset) -> tuple[Values, tuple[Note, ...]]:
    """Values through the VOI LUT or the window, or as they are where there is none that can be meant for them."""
    if elements.get("VOILUTSequence"):
        shown, ends = _through_lut(values, elements.VOILUTSequence[0])
    else:
        found, is_useless = window.read(elements)
        if found is None:
            return _whole_range(values, counts, ("no_window",) if is_useless else ())
        shown, ends = window.windowed(values, found), found.ends
    if spread.fits(values, counts, ends=ends) and np.ptp(shown) > _LEAST_CONTRAST:
        return shown, ()
    return _whole_range(values, counts, ("window",))


def _whole_range(values: Values, counts: Counts, notes: tuple[Note, ...]) -> tuple[Values, tuple[Note, ...]]:
    cut, has_spikes = spread.without_spikes(values, counts)
    return cut, (*notes, "spikes") if has_spikes else notes


def _through_lut(values: Values, item: Dataset) -> tuple[Values, tuple[float, float]]:
    """The entries that values stand for, and the first and last value that has one of its own."""
    count, first, bits = (int(number) for number in item.LUTDescriptor)
    entries = _entries(item, count=count or 1 << 16, bits=bits)
    places = np.clip(np.floor(values) - first, 0, len(entries) - 1).astype(np.intp)
    return np.asarray(entries[places]), (first, first + len(entries) - 1)


def _entries(item: Dataset, *, count: int, bits: int) -> Values:
    data = item.LUTData
    if isinstance(data, bytes):
        if item.original_encoding[1] is False:  # words of a big-endian file, two entries of 8 bits in each (PS3.5, A.3)
            data = np.frombuffer(data, ">u2").astype("<u2").tobytes()
        data = np.frombuffer(data, dtype="<u1" if len(data) in {count, count + count % 2} else "<u2")
    entries = np.asarray(data, dtype=np.float64).ravel()[:count]
    if len(entries) != count or not 8 <= bits <= 16 or entries.max() >= 1 << bits:
        raise ImageError("Expected a lookup table as long as its descriptor says; found another. Correct it.")
    return entries
