"""Shards of harmonized images on disk: pixels, and beside them an index that holds hashes and no names."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import TypedDict

import numpy as np

from cxr_core import files
from cxr_core.errors import UnreadableError
from cxr_core.images.decode import facts
from cxr_core.images.decode.facts import ImageFacts
from cxr_core.images.decode.notes import Note
from cxr_core.images.entries import Cached, Entry, Rejected
from cxr_core.images.harmonize import Pixels8, pipeline_fingerprint


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One shard, as its index tells it.

    Attributes:
        index: The index file.
        entries: One per file.
        rows: Images in the shard.
        checksum: CRC-32 of their pixels.
        facts_version: By which rules the headers were read; see `facts.VERSION`.
    """

    index: Path
    entries: tuple[Entry, ...]
    rows: int
    checksum: int
    facts_version: int

    @property
    def has_all_facts(self) -> bool:
        """Whether the headers were read by today's rules, or by later ones; the pixels are as good either way."""
        return self.facts_version >= facts.VERSION

    def pixels(self, *, size_px: int) -> Pixels8 | None:
        """The pixels, memory-mapped, shape ``(rows, size_px, size_px)``; None if the file is gone or not of that shape.

        Raises:
            UnreadableError: If it is there and cannot be read.
        """
        if self.rows == 0:
            return np.empty((0, size_px, size_px), dtype=np.uint8)
        try:
            mapped = np.lib.format.open_memmap(_pixel_file(self.index), mode="r")
        except (FileNotFoundError, ValueError, EOFError):
            return None
        except OSError as error:
            raise UnreadableError.of(_pixel_file(self.index), error) from error
        as_told = mapped.dtype == np.uint8 and mapped.shape == (self.rows, size_px, size_px)
        return np.asarray(mapped) if as_told else None

    def images(self) -> dict[str, int]:
        """The row of each image, by picture hash."""
        return {
            entry.result.picture_hash: entry.row
            for entry in self.entries
            if isinstance(entry.result, Cached) and entry.row is not None
        }

    def is_intact(self, *, size_px: int) -> bool:
        """Whether each pixel is as it was written; reads them all."""
        pixels = self.pixels(size_px=size_px)
        return pixels is not None and zlib.crc32(pixels.data) == self.checksum

    def remove(self) -> None:
        """Deletes the shard, its index first."""
        self.index.unlink(missing_ok=True)
        _pixel_file(self.index).unlink(missing_ok=True)


class _Row(TypedDict):
    file_key: str
    lasting: bool
    reason: str | None
    row: int
    content_hash: str
    picture_hash: str
    width: int
    height: int
    notes: list[Note]


def folder(cache: Path, *, size_px: int) -> Path:
    """Where the shards of this pipeline and size lie."""
    return cache / "images" / pipeline_fingerprint(size_px)


def write(index: Path, *, pixels: Pixels8, entries: Sequence[Entry]) -> None:
    """Writes the pixels, shape ``(rows, size_px, size_px)``, then the index, each whole and read back.

    Raises:
        NoRoomError: If the disk takes no more.
    """
    if len(pixels):
        content = BytesIO()
        np.save(content, pixels)
        files.write(_pixel_file(index), content.getvalue())
    told = {
        "rows": len(pixels),
        "checksum": zlib.crc32(pixels.data),
        "facts_version": facts.VERSION,
        "entries": [_row(entry) for entry in entries],
    }
    files.write(index, json.dumps(told).encode())


def indexes(place: Path) -> list[Path]:
    """Every index in a folder, the oldest first: of two shards with one image the later one counts."""
    found = [(index.stat().st_mtime_ns, index) for index in place.glob("*.json")]
    return [index for _, index in sorted(found)]


def read(index: Path) -> Shard | None:
    """The shard of an index, or None if the index is gone or damaged.

    Raises:
        UnreadableError: If it is there and cannot be read.
    """
    try:
        content = json.loads(index.read_text(encoding="utf-8"))
        rows = int(content["rows"])
        names = [field.name for field in fields(ImageFacts)]
        entries = tuple(
            _entry(row, said=ImageFacts(**{name: row["facts"].get(name) for name in names}), rows=rows)
            for row in content["entries"]
        )
        return Shard(
            index=index,
            entries=entries,
            rows=rows,
            checksum=int(content["checksum"]),
            facts_version=int(content["facts_version"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None
    except OSError as error:
        raise UnreadableError.of(index, error) from error


def _pixel_file(index: Path) -> Path:
    return index.with_suffix(".npy")


def _row(entry: Entry) -> dict[str, object]:
    said = {"file_key": entry.file_key, "lasting": entry.lasting}
    if isinstance(entry.result, Rejected):
        return said | {"reason": entry.result.reason, "facts": {}}
    return said | {"reason": None, "row": entry.row} | asdict(entry.result)


def _entry(row: _Row, *, said: ImageFacts, rows: int) -> Entry:
    if row["reason"] is not None:
        rejected = Rejected(reason=row["reason"])
        return Entry(file_key=row["file_key"], result=rejected, row=None, lasting=row["lasting"])
    if row["row"] not in range(rows):
        raise ValueError
    cached = Cached(
        content_hash=str(row["content_hash"]),
        picture_hash=str(row["picture_hash"]),
        width=row["width"],
        height=row["height"],
        facts=said,
        notes=tuple(row["notes"]),
    )
    return Entry(file_key=row["file_key"], result=cached, row=row["row"], lasting=row["lasting"])
