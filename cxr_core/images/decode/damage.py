"""Failures of decoders over a stranger's damaged bytes, turned into the one error that sets a file aside."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import cv2

from cxr_core.errors import ImageError

_STANDARD_ERROR = 2
_LIBJPEG_SIGNS = (
    b"Corrupt JPEG data",
    b"Premature end of JPEG",
    b"Unsupported marker",
    b"Inconsistent progression sequence",
    b"Invalid SOS parameters",
    b"Warning: unknown JFIF revision",
    b"Unknown Adobe color transform",
)
"""Its warnings, the harmless ones too: it says the first one only."""

_ONE_BYTE_OVER = re.compile(rb"Corrupt JPEG data: 1 extraneous bytes before marker 0xd9\n")


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Whatever a parser or decoder raises becomes an `ImageError` with this reason; lack of memory stays what it is.

    The cause is dropped on purpose: libraries quote header values, where a patient's name may stand.

    Raises:
        ImageError: If the block raises anything; its own `ImageError` passes as it is.
        MemoryError: If memory is lacking, which says nothing about the file.
    """
    try:
        yield
    except (ImageError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a stranger's bytes can make a decoder raise anything
        if isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem:
            raise MemoryError from None
        raise ImageError(reason) from None


@contextmanager
def warnings_refused(*, may_end_padded: bool = False) -> Iterator[None]:
    """Turns libjpeg's warnings, the only sign that it filled missing parts of an image with gray, into an error.

    OpenCV leaves them to standard error; that of the whole process goes to a file meanwhile, since there is no other
    way to hear of them. What else was written to it is passed on afterwards.

    Args:
        may_end_padded: Whether one byte more than all pixels need is padding.

    Raises:
        ImageError: If libjpeg warned of missing or damaged data.
    """
    sys.stderr.flush()
    caught = _catching(os.getpid())
    kept = os.dup(_STANDARD_ERROR)
    os.dup2(caught, _STANDARD_ERROR)
    try:
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)
        said = _emptied(caught)
    if may_end_padded:
        said = _ONE_BYTE_OVER.sub(b"", said)
    if any(sign in said for sign in _LIBJPEG_SIGNS):
        raise ImageError("The JPEG stream is damaged: parts of the image are missing. Get the file again.")
    if said:
        os.write(_STANDARD_ERROR, said)


@cache
def _catching(process: int) -> int:  # noqa: ARG001 -- one that was forked must not write into its parent's
    """The file, opened once: to make one for each of the small images took half as long again as their hash."""
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _emptied(file: int) -> bytes:
    """What was written to it, which is not there any more for the next image."""
    size = os.fstat(file).st_size
    if not size:
        return b""
    said = os.pread(file, size, 0)
    os.ftruncate(file, 0)
    os.lseek(file, 0, os.SEEK_SET)
    return said
