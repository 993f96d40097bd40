"""How harmonized images lie on disk: shards of pixels, each with an index beside it that holds hashes and no names."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cxr_core.files import written_whole
from cxr_core.images.decode.header import Sex, View
from cxr_core.images.harmonize import pipeline_fingerprint

Pixels8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Cached:
    """An image whose harmonized pixels are in the cache.

    Attributes:
        content_hash: 32 hexadecimal digits; what its pixels are looked up by.
        width: Of the original, px.
        height: Of the original, px.
        view: From the header; None where not recorded.
        sex: From the header; None where not recorded.
        age_years: From the header; None where not recorded.
    """

    content_hash: str
    width: int
    height: int
    view: View | None
    sex: Sex | None
    age_years: float | None


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
        file_key: Hash of the file's place, size and time.
        result: Its image, or why there is none.
        row: Where its pixels are in the shard; None if there are none.
        lasting: Whether the same file would end the same way again.
    """

    file_key: str
    result: Cached | Rejected
    row: int | None
    lasting: bool = True


@dataclass(frozen=True, kw_only=True)
class Shard:
    """One shard as its index tells it.

    Attributes:
        index: The index file.
        entries: One per file.
        rows: Images in the shard.
        checksum: CRC-32 of the pixel file.
    """

    index: Path
    entries: tuple[Entry, ...]
    rows: int
    checksum: int

    def pixels(self, *, size_px: int) -> Pixels8 | None:
        """The memory-mapped pixels, or None if the file is not what the index says."""
        try:
            mapped = np.load(self.index.with_suffix(".npy"), mmap_mode="r")
        except (OSError, ValueError, EOFError):
            return None
        whole = mapped.dtype == np.uint8 and mapped.shape == (self.rows, size_px, size_px)
        return np.asarray(mapped) if whole else None


def folder(cache: Path, *, size_px: int) -> Path:
    """Where the shards of this pipeline and size lie."""
    return cache / "images" / pipeline_fingerprint(size_px)


def write(index: Path, *, pixels: Pixels8, entries: Sequence[Entry]) -> None:
    """Writes the pixels, then the index, each whole."""
    checksum = 0
    if len(pixels):
        with written_whole(index.with_suffix(".npy")) as part, part.open("wb") as file:
            np.save(file, pixels)
        checksum = zlib.crc32(index.with_suffix(".npy").read_bytes())
    content = {"rows": len(pixels), "checksum": checksum, "entries": [_plain(entry) for entry in entries]}
    with written_whole(index) as part:
        part.write_text(json.dumps(content), encoding="utf-8")


def read_all(place: Path) -> Iterator[Shard]:
    """Every shard with a readable index, in the order of their names."""
    for index in sorted(place.glob("*.json")):
        try:
            yield _read(index)
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _read(index: Path) -> Shard:
    content = json.loads(index.read_text(encoding="utf-8"))
    entries = tuple(_entry(plain) for plain in content["entries"])
    return Shard(index=index, entries=entries, rows=int(content["rows"]), checksum=int(content["checksum"]))


def _plain(entry: Entry) -> dict[str, object]:
    return {"file_key": entry.file_key, "row": entry.row, "lasting": entry.lasting, "result": asdict(entry.result)}


def _entry(plain: dict[str, object]) -> Entry:
    result = plain["result"]
    kind = Rejected if "reason" in result else Cached
    return Entry(
        file_key=str(plain["file_key"]), row=plain["row"], lasting=bool(plain["lasting"]), result=kind(**result)
    )
