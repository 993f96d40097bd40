"""The bits of a decoded sample that are the stored value: those of Bits Stored, below High Bit, and no others."""

from typing import cast

import numpy as np
import numpy.typing as npt
from pydicom import uid

from cxr_core.errors import ImageError
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.reduced import Gray

_LOSSY = frozenset({uid.JPEG2000, uid.HTJ2K, uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless})

Values = npt.NDArray[np.int32]


def stored_bits(patterns: Gray, *, header: Header, precision: int) -> tuple[Gray, int]:
    """Samples without the bits that are not theirs, where an overlay or anything else may stand.

    Other bits that carry the image on are no overlay: there the header lies, and to leave them out would wrap the
    image around. The two are told apart by their edges, since an overlay adds some to an image and a wrapped image has
    some of its own. A lossy compression lets values run over their bits a little: these are kept.

    Args:
        patterns: Samples as decoded, shape ``(h, w)``, negative ones in two's complement.
        header: What says which bits count.
        precision: How many bits a decoded sample has; 8 or 16 where nothing was compressed.

    Returns:
        Bit patterns, and of how many bits: as many as are stored, or as decoded where those are fewer or lossy.

    Raises:
        ImageError: If bits that do not count hold part of the image.

    Source:
        DICOM PS3.5, 8.1.1 and Annex D.
    """
    greatest = int(patterns.max())
    precision = max(precision, greatest.bit_length())
    if precision <= header.bits_stored:
        return patterns, precision
    shift = _shift(patterns, header=header, precision=precision, greatest=greatest)
    whole = cast("Gray", patterns >> patterns.dtype.type(shift)) if shift else patterns
    if not greatest >> shift >> header.bits_stored:
        return whole, header.bits_stored
    stored = cast("Gray", whole & whole.dtype.type((1 << header.bits_stored) - 1))
    if _is_overlay(whole, stored, header=header, precision=precision - shift):
        return stored, header.bits_stored
    if header.transfer_syntax in _LOSSY:
        return whole, precision - shift
    raise ImageError(
        f"Expected values of {header.bits_stored} bits; found others. Correct Bits Stored and High Bit in the header."
    )


def meant(patterns: Gray, *, bits: int, signed: bool) -> Values:
    """The values of bit patterns: unsigned, or in two's complement of `bits` bits."""
    values = patterns.astype(np.int32)
    half = 1 << bits - 1
    return (values ^ half) - half if signed else values


def roughness(values: Values) -> int:
    """The sum of all steps from a sample to the next in its row: small for an image, large where it is wrapped."""
    return int(np.abs(np.diff(values, axis=1)).sum(dtype=np.int64))


def _shift(patterns: Gray, *, header: Header, precision: int, greatest: int) -> int:
    """How many bits lie below the stored value."""
    shift = header.high_bit + 1 - header.bits_stored
    if header.high_bit >= precision:
        raise ImageError(f"Expected a High Bit below {precision}; found {header.high_bit}. Correct the header.")
    if shift and not greatest >> header.bits_stored and np.any(patterns & patterns.dtype.type((1 << shift) - 1)):
        raise ImageError(f"Expected values up to bit {header.high_bit}; found them below. Correct High Bit.")
    return shift


def _is_overlay(whole: Gray, stored: Gray, *, header: Header, precision: int) -> bool:
    """Whether the bits above the stored ones can be left out; under signed values they may repeat the sign of each."""
    with_others = meant(whole, bits=precision, signed=header.signed)
    without = meant(stored, bits=header.bits_stored, signed=header.signed)
    return roughness(without) <= roughness(with_others)
