"""Two identities of an image: which exposure it is, and which picture was made of it.

Both are hashes with their kind in front, ``blake3:`` and 32 hexadecimal digits. What they are taken of, and why, stands
in docs/adr/0008-two-identities-of-an-image.md. If it ever changes, the kind changes with it.
"""

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from blake3 import blake3

from cxr_core.errors import DataError

KIND = "blake3"
"""Stands before each hash that this release makes."""

OWN = f"{KIND}:"
"""How each of them begins."""

_BYTES = 16
_A_KIND = re.compile(r"[a-z0-9-]{1,16}")
_NO_KIND = "none"


def of_samples(samples: npt.NDArray[np.integer]) -> str:
    """The content hash of an image that is known by its values: equal values, equal hash, however they were packed.

    Args:
        samples: The whole image, shape ``(h, w)``, none negative: stored values counted from the least possible one.
    """
    height, width = samples.shape
    depth = 1 if samples.size == 0 or samples.max() < 1 << 8 else 2
    packed = np.ascontiguousarray(samples, dtype=f"<u{depth}")
    return _hash(f"samples {height} {width} {depth} ", packed.data.cast("B"))


def of_stream(stream: bytes) -> str:
    """The content hash of an image that is known by its compressed bytes; what pads their end does not count."""
    return _hash("stream ", stream.rstrip(b"\0"))


def of_picture(pixels: npt.NDArray[np.uint8], *, content_hash: str, pipeline: str) -> str:
    """The picture hash: of what was made of an exposure, so that nothing that shaped the picture can be forgotten.

    Args:
        pixels: The harmonized image.
        content_hash: The exposure that it shows.
        pipeline: Fingerprint of the harmonization.
    """
    return _hash(f"picture {content_hash} {pipeline} ", np.ascontiguousarray(pixels).data.cast("B"))


def check_kinds(*hashes: Iterable[object]) -> None:
    """Refuses to compare hashes of unlike kinds, since none of one kind can equal one of another.

    Args:
        hashes: Groups of hashes that are to be compared with each other; what is no text is passed over.

    Raises:
        DataError: If they are of more than one kind.
    """
    kinds = sorted({_kind(one) for group in hashes for one in group if isinstance(one, str)})
    if len(kinds) > 1:
        raise DataError(
            f"Expected image hashes of one kind; found {' and '.join(kinds)}. Hashes of unlike kinds never match, even "
            f"for the same image, so nothing can be said of images seen before. Another release wrote them: run again, "
            f"from the images, with this one ({KIND})."
        )


def _kind(one: str) -> str:
    kind, colon, _ = one.partition(":")
    return kind if colon and _A_KIND.fullmatch(kind) else _NO_KIND


def _hash(kind_of_content: str, content: bytes | memoryview) -> str:
    digest = blake3(kind_of_content.encode())
    digest.update(content)
    return OWN + digest.hexdigest(length=_BYTES)
