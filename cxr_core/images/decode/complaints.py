"""What libjpeg says on standard error while OpenCV decodes: the only sign that it filled a damaged image with gray."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from cxr_core.errors import ImageError

_STANDARD_ERROR = 2
_SIGNS = (b"Corrupt JPEG data", b"Premature end of JPEG", b"Invalid SOS parameters", b"Unsupported marker")


@contextmanager
def refused() -> Iterator[None]:
    """Turns libjpeg's warnings into an error.

    Standard error of the whole process goes to a file meanwhile, since the library knows no other way; what else was
    written to it is passed on afterwards.

    Raises:
        ImageError: If libjpeg warned that data are missing or damaged.
    """
    sys.stderr.flush()
    kept = os.dup(_STANDARD_ERROR)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(kept, _STANDARD_ERROR)
            os.close(kept)
        caught.seek(0)
        said = caught.read()
    if any(sign in said for sign in _SIGNS):
        raise ImageError("The JPEG stream is damaged: parts of the image are missing. Get the file again.")
    if said:
        os.write(_STANDARD_ERROR, said)
