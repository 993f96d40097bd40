"""One image file, of whatever kind, decoded for harmonization."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cxr_core.errors import ImageError
from cxr_core.images import identity
from cxr_core.images.decode import bare, damage, dicom_pixels, header, jpeg, lookup_table, png
from cxr_core.images.decode.facts import NOT_RECORDED, ImageFacts
from cxr_core.images.decode.header import Header
from cxr_core.images.decode.notes import Note
from cxr_core.images.decode.reduced import Reduced, reduce

_LARGEST_FILE_BYTES = 512 * 2**20


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """One image, not yet harmonized.

    Attributes:
        content_hash: Which exposure it is, whatever its window, tables or header say: `cxr_core.images.identity`.
        image: Samples at a resolution of at least the size asked for.
        table: What each sample becomes in 8 bits, shape ``(256,)`` or ``(65536,)``; None: samples are 8-bit gray.
        facts: From the header, where it has one.
        notes: What was guessed or passed over.
    """

    content_hash: str
    image: Reduced
    table: lookup_table.Table | None
    facts: ImageFacts = NOT_RECORDED
    notes: tuple[Note, ...] = ()


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
    if (headed := bare.with_head(data)) is not None:
        decoded = _dicom(headed, size_px=size_px)
        return replace(decoded, notes=("bare", *decoded.notes))
    if data[128:132] == b"DICM" or data[:2] == b"\x02\x00":
        return _dicom(data, size_px=size_px)
    if data[:2] == b"\xff\xd8":
        stream = jpeg.parse(data)
        image = reduce(jpeg.decode_upright(stream, size_px=size_px), size_px=size_px)
        return _raster(image, content_hash=identity.of_stream(stream.data))
    if data.startswith(png.SIGNATURE):
        image = png.decode(data)
        return _raster(reduce(image, size_px=size_px), content_hash=identity.of_samples(image.pixels))
    bytes_found = "an empty file" if not data else "other bytes"
    raise ImageError(f"Expected a DICOM, JPEG or PNG file; found {bytes_found}. Get the file again.")


def _dicom(data: bytes, *, size_px: int) -> Decoded:
    head, pixel_data = header.read(data)
    stored = dicom_pixels.decode(head, pixel_data, size_px=size_px)
    image, inverted = stored.image, head.photometric == "MONOCHROME1"
    values = stored.zero + stored.direction * np.arange(image.lowest, image.highest + 1)
    with damage.refused("Expected a window or lookup tables that can be applied; found others. Correct the header."):
        table, notes = lookup_table.table(values, counts=_counts(image), elements=head.lookup, inverted=inverted)
    return Decoded(
        content_hash=_content_hash(head, stored, pixel_data),
        image=image,
        table=_table(image, table),
        facts=head.facts,
        notes=(*head.notes, *notes),
    )


def _content_hash(head: Header, stored: dicom_pixels.StoredPixels, pixel_data: memoryview) -> str:
    if head.transfer_syntax in dicom_pixels.EXACT and stored.values is not None:
        return identity.of_samples(stored.values)
    stream = dicom_pixels.compressed(pixel_data)
    return identity.of_stream(jpeg.parse(stream).data if head.transfer_syntax in dicom_pixels.JPEG else stream)


def _raster(image: Reduced, *, content_hash: str) -> Decoded:
    notes: tuple[Note, ...] = ()
    needed = None  # equalization undoes what stretching 8 bits over 8 bits would do
    if image.pixels.dtype != np.uint8 or image.lowest == image.highest:
        values = np.arange(image.lowest, image.highest + 1)
        used, notes = lookup_table.table(values, counts=_counts(image), elements=None, inverted=False)
        needed = _table(image, used)
    return Decoded(content_hash=content_hash, image=image, table=needed, notes=notes)


def _counts(image: Reduced) -> npt.NDArray[np.intp]:
    """How many samples have each value from the lowest to the highest."""
    return np.bincount(image.pixels.ravel(), minlength=image.highest + 1)[image.lowest : image.highest + 1]


def _table(image: Reduced, used: lookup_table.Table) -> lookup_table.Table:
    """A table for every sample that an array can hold: those below and above the image's own are clamped."""
    full = np.zeros(1 << 8 * image.pixels.itemsize, dtype=np.uint8)
    full[image.lowest : image.highest + 1] = used
    full[image.highest + 1 :] = used[-1]
    full[: image.lowest] = used[0]
    return full
