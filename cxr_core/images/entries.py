"""What became of one file: its image in the cache, or why there is none."""

from dataclasses import dataclass

from cxr_core.images.decode.facts import NOT_RECORDED, ImageFacts
from cxr_core.images.decode.notes import Note


@dataclass(frozen=True, kw_only=True)
class Cached:
    """An image whose harmonized pixels are in the cache.

    Attributes:
        content_hash: Which exposure it is; another file with another window may share it.
        picture_hash: Which picture was made of it; what its pixels are looked up by.
        width: Of the original, px.
        height: Of the original, px.
        facts: From a DICOM header.
        notes: What was guessed or passed over.
    """

    content_hash: str
    picture_hash: str
    width: int
    height: int
    facts: ImageFacts = NOT_RECORDED
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A file that is set aside.

    Attributes:
        reason: Why, in words that name neither the file nor the patient.
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What became of one file.

    Attributes:
        file_key: Hash of the file's place, size and time of change.
        result: Its image, or why there is none.
        row: Where its pixels are in the shard; None if there are none.
        lasting: Whether the same file would end the same way another time.
    """

    file_key: str
    result: Cached | Rejected
    row: int | None
    lasting: bool = True
