"""From a decoded image to the square 8-bit gray that networks see. Both sites go through here."""

from typing import cast

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
import PIL

from cxr_core.files import fingerprint
from cxr_core.images.decode.file import Decoded
from cxr_core.images.decode.reduced import Reduced

Pixels8 = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.float64]

PIPELINE_VERSION = 2
"""Raised whenever the same file would give other pixels."""

_COARSEST_PX = 224
"""Below this, decoding still less gains no time and costs detail."""


def pipeline_fingerprint(size_px: int) -> str:
    """Names the way from file to pixels, 16 hexadecimal digits: equal fingerprint, equal pixels.

    Args:
        size_px: Side of the square images.
    """
    libraries = {"cv2": cv2.__version__, "pillow": PIL.__version__, "imagecodecs": imagecodecs.__version__}
    return fingerprint({"version": PIPELINE_VERSION, "size_px": size_px, "libraries": libraries})


def decoding_px(size_px: int) -> int:
    """At which least height and width an image is to be decoded for squares of `size_px`."""
    return max(size_px, _COARSEST_PX)


def harmonize(decoded: Decoded, *, size_px: int) -> Pixels8:
    """The image in 8 bits, its histogram equalized, stretched to a square.

    Args:
        decoded: At `decoding_px`, or whole where the image is smaller.
        size_px: Side of the square.

    Returns:
        Shape ``(size_px, size_px)``. The aspect is not kept, as in the paper. Where the image is smaller than the
        square, it is enlarged by linear interpolation.
    """
    image, table = decoded.image, decoded.table
    gray = image.pixels if table is None else cv2.LUT(image.pixels, table)
    darkest = image.lowest if table is None else 0
    return squared(_equalized(cast("Pixels8", gray), darkest=darkest), like=image, size_px=size_px)


def _equalized(gray: Pixels8, *, darkest: int) -> Pixels8:
    """What `cv2.equalizeHist` does, with the darkest gray of the full image instead of the darkest that is left.

    The darkest gray becomes 0, and how many pixels have it moves all others. A single dark pixel that a mean swallows
    would hand that part to the next gray, such as that of a wide black border, and shift the image by many levels.
    """
    counts = cv2.calcHist([gray], [0], None, [256], [0, 256])
    least = float(counts[darkest])
    grays = np.cumsum(counts, dtype=np.float64)
    grays -= least
    grays *= 255 / max(gray.size - least, 1)  # no more than 255, but for rounding
    np.maximum(grays, 0, out=grays)
    return cast("Pixels8", cv2.LUT(gray, np.rint(grays, out=grays).astype(np.uint8)))


def squared(gray: Pixels8, *, like: Reduced, size_px: int) -> Pixels8:
    """A square in which each pixel is the mean of what it covers of the full image.

    Args:
        gray: Shape ``(h, w)``: samples of a full image.
        like: Where these samples lie in it.
        size_px: Side of the square.
    """
    height, width = min(size_px, like.height), min(size_px, like.width)
    if like.start == 0 and (gray.shape[0] * like.step, gray.shape[1] * like.step) == (like.height, like.width):
        small = cast("Pixels8", cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA))
    else:
        small = _means(gray, like=like, height=height, width=width)
    if small.shape == (size_px, size_px):
        return small
    return cast("Pixels8", cv2.resize(small, (size_px, size_px), interpolation=cv2.INTER_LINEAR))


def _means(gray: Pixels8, *, like: Reduced, height: int, width: int) -> Pixels8:
    """What `INTER_AREA` does, for samples that do not begin and end with the image.

    From a summed image, exact at fractional places too, since a sample is constant over what it covers.
    """
    rows = _borders(like.height, samples=gray.shape[0], like=like, count=height)
    columns = _borders(like.width, samples=gray.shape[1], like=like, count=width)
    sums = cast("Sums", cv2.integral(gray, sdepth=cv2.CV_64F))
    strips = np.diff(_at(sums, rows), axis=0).T
    means = np.diff(_at(np.ascontiguousarray(strips), columns), axis=0) / np.outer(np.diff(columns), np.diff(rows))
    return np.ascontiguousarray((means + 0.5).astype(np.uint8).T)


def _borders(full: int, *, samples: int, like: Reduced, count: int) -> Sums:
    """Where the output pixels begin and end, in samples; the first and last samples reach no further than the image."""
    return np.clip((np.linspace(0, full, count + 1) - like.start) / like.step, 0, samples)


def _at(sums: Sums, places: Sums) -> Sums:
    below = np.minimum(places.astype(np.intp), len(sums) - 2)
    lower, upper = sums[below], sums[below + 1]
    upper -= lower
    upper *= (places - below)[:, np.newaxis]
    lower += upper
    return lower
