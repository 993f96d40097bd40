"""One image file, of whatever kind, decoded for harmonization."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.errors import ImageError
from cxr_core.images.decode import damage, frame, header, jpeg, lookup, png
from cxr_core.images.decode.header import Sex, View
from cxr_core.images.decode.reduced import Reduced, reduce

_LARGEST_FILE_BYTES = 512 * 2**20


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """One image, not yet harmonized.

    Attributes:
        content_hash: 32 hexadecimal digits that follow from the encoded pixels, not from the rest of a header.
        image: Samples at a resolution of at least the size asked for.
        table: What each sample becomes in 8 bits, shape ``(256,)`` or ``(65536,)``; None: samples are 8-bit gray.
        view: From the header; None where not recorded.
        sex: From the header; None where not recorded.
        age_years: From the header; None where not recorded.
    """

    content_hash: str
    image: Reduced
    table: lookup.Table | None
    view: View | None = None
    sex: Sex | None = None
    age_years: float | None = None


def decode(path: Path, *, size_px: int) -> Decoded:
    """Decodes a DICOM, JPEG or PNG file, at no finer a resolution than needed.

    Args:
        path: The file. Its kind is seen from its first bytes, not from its name.
        size_px: The least height and width wanted.

    Raises:
        ImageError: If it is none of these, is not whole, or contradicts itself; names neither file nor patient.
        OSError: If it cannot be read.
    """
    if path.stat().st_size > _LARGEST_FILE_BYTES:
        raise ImageError(f"Expected at most {_LARGEST_FILE_BYTES} bytes; this file is larger. Leave it out.")
    data = path.read_bytes()
    if data[128:132] == b"DICM" or data[:2] == b"\x02\x00":
        return _dicom(data, size_px=size_px)
    if data[:2] == b"\xff\xd8":
        return _raster(data, reduce(jpeg.decode_upright(jpeg.parse(data), size_px=size_px), size_px=size_px))
    if data.startswith(png.SIGNATURE):
        return _raster(data, reduce(png.decode(data), size_px=size_px))
    found = "an empty file" if not data else "other bytes"
    raise ImageError(f"Expected a DICOM, JPEG or PNG file; found {found}. Get the file again.")


def _dicom(data: bytes, *, size_px: int) -> Decoded:
    head, pixel_data = header.read(data)
    stored = frame.decode(head, pixel_data, size_px=size_px)
    image, inverted = stored.image, head.photometric == "MONOCHROME1"
    values = stored.zero + stored.direction * np.arange(image.lowest, image.highest + 1)
    with damage.refused("Expected a window or lookup tables that can be applied; found others. Correct the header."):
        table = lookup.table(values, elements=head.lookup, inverted=inverted)
    described = f"{head.rows} {head.columns} {head.photometric} {head.transfer_syntax} "
    digest = hashlib.sha256(described.encode())
    digest.update(pixel_data)
    return Decoded(
        content_hash=digest.hexdigest()[:32],
        image=image,
        table=_table(image, table),
        view=head.view,
        sex=head.sex,
        age_years=head.age_years,
    )


def _raster(data: bytes, image: Reduced) -> Decoded:
    needed = None  # equalization undoes what stretching 8 bits over 8 bits would do
    if image.pixels.dtype != np.uint8 or image.lowest == image.highest:
        values = np.arange(image.lowest, image.highest + 1)
        needed = _table(image, lookup.table(values, elements=None, inverted=False))
    return Decoded(content_hash=hashlib.sha256(data).hexdigest()[:32], image=image, table=needed)


def _table(image: Reduced, used: lookup.Table) -> lookup.Table:
    """A table for every sample that an array can hold: those below and above the image's own are clamped."""
    full = np.zeros(1 << 8 * image.pixels.itemsize, dtype=np.uint8)
    full[image.lowest : image.highest + 1] = used
    full[image.highest + 1 :] = used[-1]
    full[: image.lowest] = used[0]
    return full
