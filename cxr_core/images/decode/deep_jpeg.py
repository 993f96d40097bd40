"""JPEG of up to 16 bits, as DICOM files have it: extended, lossless, and JPEG-LS."""

from typing import cast

import cv2
import imagecodecs
import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage
from cxr_core.images.decode.jpeg import Stream
from cxr_core.images.decode.reduced import Gray

_DAMAGED = "The JPEG stream is damaged. Get the file again."


def decode(stream: Stream) -> Gray:
    """The whole image of a JPEG stream, extended or lossless, shape ``(h, w)``.

    Raises:
        ImageError: If the stream is damaged.
    """
    _check_entropy_coding(stream)
    with damage.refused(_DAMAGED):
        return cast("Gray", imagecodecs.jpeg8_decode(stream.data))


def decode_ls(stream: Stream) -> Gray:
    """The whole image of a JPEG-LS stream, shape ``(h, w)``; its decoder refuses what does not end with the last pixel.

    Raises:
        ImageError: If the stream is damaged.
    """
    with damage.refused(_DAMAGED):
        return cast("Gray", imagecodecs.jpegls_decode(stream.data))


def _check_entropy_coding(stream: Stream) -> None:
    """Refuses a stream whose data do not end with the last pixel: after damage a decoder is some pixels off.

    The decoder of 16 bits keeps libjpeg's warnings to itself, so OpenCV's is asked. It reads some bytes ahead and is
    silent about as many that are left over. So a whole stream must also be missed a byte of.
    """
    _follow(stream.data, frame=stream.frame, may_end_padded=stream.may_end_padded)
    shorter = stream.data[:-2].rstrip(b"\xff\0")  # some writers fill the room before the end marker
    try:
        _follow(shorter[:-1] + stream.data[-2:], frame=stream.frame, may_end_padded=False)
    except ImageError:
        return
    raise ImageError(_DAMAGED)


def _follow(data: bytes, *, frame: int, may_end_padded: bool) -> None:
    """Has OpenCV's libjpeg decode a stream, and listens to its warnings.

    OpenCV knows samples of 8 bits only. So the stream is called one of 8 bits: how its data are coded does not depend
    on that, and the image that comes out is not looked at.
    """
    as_eight_bits = bytearray(data)
    as_eight_bits[frame + 2] = 8
    with damage.refused(_DAMAGED), damage.warnings_refused(may_end_padded=may_end_padded):
        image = cv2.imdecode(
            np.frombuffer(as_eight_bits, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION
        )
    if image is None:
        raise ImageError(_DAMAGED)
