"""Padding: pixels outside the image, whose value must neither be seen nor stretch the range of what is seen."""

import numpy as np
import numpy.typing as npt

from cxr_core.errors import ImageError
from cxr_core.images.decode import lookup_table
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.reduced import Gray

Mask = npt.NDArray[np.bool_]


def filled(samples: Gray, patterns: Gray, *, header: Header, zero: int) -> Gray:
    """The whole image with its padding as dark as its darkest part.

    It is filled before the image is reduced: a mean of padding and anatomy would be neither, and shine along the edge.

    Args:
        samples: All samples in the order of the stored values.
        patterns: The same as they came from the file.
        header: Says what is padding, and which end is dark.
        zero: The stored value that a sample of 0 stands for.

    Raises:
        ImageError: If nothing but padding is there.

    Source:
        DICOM PS3.3, C.7.5.1.1.2.
    """
    mask = _mask(samples, patterns, header=header, zero=zero)
    if mask is None or not mask.any():
        return samples
    if mask.all():
        raise ImageError("Expected a radiograph; all pixels are padding. Leave this file out.")
    there = samples[~mask]
    ends = np.array([there.min(), there.max()], dtype=np.int64)
    darkest = ends[
        lookup_table.darker(zero + ends, elements=header.lookup, inverted=header.photometric == "MONOCHROME1")
    ]
    return np.where(mask, samples.dtype.type(darkest), samples)


def _mask(samples: Gray, patterns: Gray, *, header: Header, zero: int) -> Mask | None:
    if header.padding is None:
        return None
    signed = np.array(header.padding, f"u{header.bits_allocated // 8}")
    first, last = sorted((signed.view(f"i{signed.itemsize}") if header.signed else signed).tolist())
    if first - zero >= 0 and last - zero < 1 << header.bits_stored:
        return np.asarray((samples >= first - zero) & (samples <= last - zero), np.bool_)
    # A value that the stored bits cannot hold stands in the bits above them.
    pattern = header.padding[0] % (1 << 8 * patterns.itemsize)
    return np.asarray(patterns == patterns.dtype.type(pattern), np.bool_)
