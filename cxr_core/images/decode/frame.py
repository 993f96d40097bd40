"""The stored values of a DICOM file, whatever its transfer syntax, reduced."""

from collections.abc import Callable

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom import uid
from pydicom.encaps import get_frame

from cxr_core.errors import ImageError
from cxr_core.images.decode import jpeg, jpeg2000
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.reduced import Gray, Reduced, reduce, whole

NATIVE = (uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.DeflatedExplicitVRLittleEndian, uid.ExplicitVRBigEndian)
JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000)
JPEG_8_OR_12 = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit)
JPEG_LOSSLESS = (uid.JPEGLossless, uid.JPEGLosslessSV1)
JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)


def decode(header: Header, pixel_data: bytes, *, size_px: int) -> tuple[Reduced, int]:
    """Samples at a resolution of at least `size_px`, counted up from the least value that can be stored.

    Returns:
        The samples, never negative, and the stored value that a sample of 0 stands for.

    Raises:
        ImageError: If the pixels are not what the header says, or the transfer syntax is not known here.
    """
    syntax = header.transfer_syntax
    if syntax in NATIVE:
        values = _native(header, pixel_data)
        return _finish(_counted(values, header), header, bits=header.bits_stored, size_px=size_px)
    frame = get_frame(pixel_data, 0, number_of_frames=1)
    if syntax in JPEG_2000:
        stream = jpeg2000.parse(frame)
        image = jpeg2000.decode(stream, size_px=size_px, reducible=True)
        return reduce(image, size_px=size_px), -(1 << stream.precision - 1) if header.signed else 0
    raise ImageError(f"The transfer syntax {syntax} is not known here.")


def _native(header: Header, data: bytes) -> npt.NDArray[np.uint16] | npt.NDArray[np.uint8]:
    size = header.bits_allocated // 8
    expected = header.rows * header.columns * size
    if not expected <= len(data) <= expected + expected % 2:
        raise ImageError(
            f"Expected {expected} bytes for {header.columns} x {header.rows} px; found {len(data)}. The file was cut off or its header is wrong."
        )
    order = ">" if header.transfer_syntax == uid.ExplicitVRBigEndian else "<"
    values = np.frombuffer(data, dtype=f"{order}u{size}", count=header.rows * header.columns)
    return values.reshape(header.rows, header.columns).astype(f"=u{size}", copy=False)


def _counted(values: Gray, header: Header) -> Gray:
    if not header.signed:
        return values
    half = 1 << header.bits_stored - 1
    return (values + values.dtype.type(half)) & values.dtype.type(2 * half - 1)


def _finish(values: Gray, header: Header, *, bits: int, size_px: int) -> tuple[Reduced, int]:
    return reduce(whole(values), size_px=size_px), -(1 << bits - 1) if header.signed else 0
