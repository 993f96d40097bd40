"""One image file, of whatever kind, decoded for harmonization."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cxr_core.errors import ImageError
from cxr_core.images.decode import frame, header, jpeg, lookup
from cxr_core.images.decode.header import Sex, View
from cxr_core.images.decode.reduced import Reduced, reduce


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """One image, not yet harmonized.

    Attributes:
        content_hash: 32 hexadecimal digits that follow from the pixels, as they are encoded, alone.
        image: Samples at a resolution of at least the size asked for.
        table: What each sample becomes in 8 bits; None: samples are 8-bit gray already.
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
        ImageError: If it is none of these, is not whole, or contradicts itself.
    """
    data = path.read_bytes()
    if data[128:132] == b"DICM":
        return _dicom(data, size_px=size_px)
    if data[:2] == b"\xff\xd8":
        image = reduce(jpeg.decode(jpeg.parse(data), size_px=size_px), size_px=size_px)
        return Decoded(content_hash=hashlib.sha256(data).hexdigest()[:32], image=image, table=None)
    raise ImageError("Expected a DICOM, JPEG or PNG file; found other bytes.")


def _dicom(data: bytes, *, size_px: int) -> Decoded:
    head, pixel_data = header.read(data)
    image, first_value = frame.decode(head, pixel_data, size_px=size_px)
    table = lookup.table(
        head.lookup,
        entries=1 << 8 * image.pixels.itemsize,
        first_value=first_value,
        lowest=image.lowest,
        highest=image.highest,
        inverted=head.photometric == "MONOCHROME1",
    )
    described = f"{head.rows} {head.columns} {head.photometric} {head.transfer_syntax} "
    digest = hashlib.sha256(described.encode())
    digest.update(pixel_data)
    return Decoded(
        content_hash=digest.hexdigest()[:32], image=image, table=table, view=head.view, sex=head.sex, age_years=head.age_years
    )
