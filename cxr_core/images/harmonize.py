"""From a decoded image to the square 8-bit gray that networks see. Both sites go through here."""

import cv2
import numpy as np
import numpy.typing as npt

from cxr_core.files import fingerprint
from cxr_core.images.decode.file import Decoded
from cxr_core.images.decode.reduced import Reduced

Pixels8 = npt.NDArray[np.uint8]

PIPELINE_VERSION = 1
"""Raised whenever the same file would give other pixels."""


def pipeline_fingerprint(size_px: int) -> str:
    """Names the way from file to pixels, 16 hexadecimal digits: equal fingerprint, equal pixels.

    Args:
        size_px: Side of the square.
    """
    import imagecodecs
    import PIL

    libraries = {"cv2": cv2.__version__, "pillow": PIL.__version__, "imagecodecs": imagecodecs.__version__}
    return fingerprint({"version": PIPELINE_VERSION, "size_px": size_px, "libraries": libraries})


def harmonize(decoded: Decoded, *, size_px: int) -> Pixels8:
    """The image in 8 bits, its histogram equalized, stretched to a square.

    Args:
        decoded: At a resolution of at least `size_px`, or whole where the image is smaller.
        size_px: Side of the square.

    Returns:
        Shape ``(size_px, size_px)``. The aspect is not kept, as in the paper.
    """
    gray = decoded.image.pixels if decoded.table is None else cv2.LUT(decoded.image.pixels, decoded.table)
    return area_resized(cv2.equalizeHist(gray), like=decoded.image, size_px=size_px)


def area_resized(gray: Pixels8, *, like: Reduced, size_px: int) -> Pixels8:
    """Each pixel of the square is the mean of what it covers of the full image.

    Args:
        gray: Shape ``(h, w)``: samples of a full image.
        like: Where these samples lie in it.
        size_px: Side of the square.
    """
    rows = _edges(like.height, samples=gray.shape[0], like=like, size_px=size_px)
    columns = _edges(like.width, samples=gray.shape[1], like=like, size_px=size_px)
    sums = cv2.integral(gray).astype(np.float64)
    sums = _at(_at(sums, rows).T, columns).T
    means = np.diff(np.diff(sums, axis=0), axis=1) / np.outer(np.diff(rows), np.diff(columns))
    return np.floor(means + 0.5).astype(np.uint8)


def _edges(full: int, *, samples: int, like: Reduced, size_px: int) -> npt.NDArray[np.float64]:
    """The borders of the output pixels, in samples."""
    borders = np.linspace(0, full, size_px + 1)
    return np.clip((borders - like.start) / like.step, 0, samples)


def _at(sums: npt.NDArray[np.float64], places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rows of a summed image at fractional places, exact because a sample is constant over its extent."""
    below = np.minimum(places.astype(np.intp), len(sums) - 2)
    weight = (places - below)[:, np.newaxis]
    return sums[below] * (1 - weight) + sums[below + 1] * weight
