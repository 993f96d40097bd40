"""Data sets without the head of a DICOM file, as older archives and exports write them."""

import re

from pydicom import uid
from pydicom.valuerep import STANDARD_VR

from cxr_core.errors import ImageError

_PREAMBLE_BYTES = 128
_MAGIC = b"DICM"
_GROUP_8 = b"\x08\x00"
_LONGEST_FIRST_VALUE_BYTES = 1024
_COMPRESSED = re.compile(rb"\xe0\x7f\x10\x00(O[BW]\x00\x00)?\xff\xff\xff\xff\xfe\xff\x00\xe0")


def with_head(data: bytes) -> bytes | None:
    """A data set with the head that it lacks: preamble, and the transfer syntax that its first element shows.

    A data set begins with an element of group 8. What it claims is then held against the length of its pixels.

    Args:
        data: A whole file, with a preamble or without.

    Returns:
        The same as a DICOM file; None if it has a head, or does not begin as a data set.

    Raises:
        ImageError: If its pixels are compressed: nothing says how.
    """
    start = _PREAMBLE_BYTES + len(_MAGIC) if data[_PREAMBLE_BYTES:][: len(_MAGIC)] == _MAGIC else 0
    syntax = _syntax(data[start : start + 8])
    if syntax is None:
        return None
    if _COMPRESSED.search(data):
        raise ImageError(
            "Expected a DICOM file that names its transfer syntax; this one is a bare data set with compressed pixels. "
            "Export it again, as a DICOM file."
        )
    return bytes(_PREAMBLE_BYTES) + _MAGIC + _meta(syntax) + data[start:]


def _syntax(first: bytes) -> uid.UID | None:
    """Of an element of group 8: with its type it is explicit, with a short length in the same place implicit."""
    if len(first) < 8 or first[:2] != _GROUP_8:
        return None
    if first[4:6].decode("latin-1") in STANDARD_VR:
        return uid.ExplicitVRLittleEndian
    is_short = int.from_bytes(first[4:8], "little") <= _LONGEST_FIRST_VALUE_BYTES
    return uid.ImplicitVRLittleEndian if is_short else None


def _meta(syntax: uid.UID) -> bytes:
    value = syntax.encode() + b"\0" * (len(syntax) % 2)
    element = b"\x02\x00\x10\x00UI" + len(value).to_bytes(2, "little") + value
    return b"\x02\x00\x00\x00UL\x04\x00" + len(element).to_bytes(4, "little") + element
