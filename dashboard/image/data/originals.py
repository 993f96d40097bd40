"""Original files: where one lies on this machine, and what it holds, decoded in a process of its own."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import streamlit as st

from cxr_core import roots
from cxr_core.datasets.chexpert.layout import homes
from cxr_core.errors import ImageError, SettingsError
from cxr_core.files import fingerprint
from cxr_core.images.original import Made, Original
from cxr_core.images.original import original as decoded
from dashboard.image.data.record import Record
from dashboard.results.images import Key

__all__ = ["Absent", "Original", "find", "original"]

SIZE_PX = 1024
"""The largest side that is shown."""

_TIMEOUT_S = 30
_NO_PAIRS = "The setting SECOND_SITE_DATA is not made of pairs NAME=DIR. Start the dashboard again with such pairs."
_NOT_READ = "It was left out of this run before it was read."
_NO_IMAGES = "This run was given no image files of its dataset, only what is told of them."
_TABLE = "table"
_A_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Absent:
    """Why there is no original to show.

    Attributes:
        why: ``folder``: nobody knows where the dataset lies; ``file``: it is not there; ``refused``: it is no use.
        detail: The reason of a refusal, in a sentence; else empty.
    """

    why: Literal["folder", "file", "refused"]
    detail: str = ""


def find(key: Key, record: Record, *, cache: Path) -> Path | Absent:
    """The file of an image.

    A results file can come from a stranger: what it names is looked for below the dataset's own folder only.

    Args:
        key: The image.
        record: What its dataset says of it.
        cache: The machine's cache, which knows where datasets lie.

    Raises:
        SettingsError: If SECOND_SITE_DATA is not made of pairs.
    """
    root = roots.find(cache, key[0])
    if root is None and record.reader != _TABLE:
        root = roots.find(cache, record.reader)
    if root is None or not root.exists():
        return Absent(why="folder")
    name = _private_name(cache, root, key) if record.reader == _TABLE else record.file
    place = PurePosixPath(name or "")
    if not name or place.is_absolute() or ".." in place.parts:
        return Absent(why="file")
    found = [home / place for home in _homes(root) if (home / place).is_file()]
    return found[0] if found else Absent(why="file")


def original(key: Key, record: Record, *, cache: Path) -> Original | Absent:
    """What the file of an image holds, decoded at up to `SIZE_PX`; kept for the next time.

    Args:
        key: The image.
        record: What its dataset says of it.
        cache: The machine's cache, which knows where datasets lie.
    """
    if record.content_hash is None:
        return Absent(why="refused", detail=_NO_IMAGES if record.file is None else _NOT_READ)
    try:
        path = find(key, record, cache=cache)
        if isinstance(path, Absent):
            return path
        return _decoded(str(path), path.stat().st_mtime_ns, record.content_hash, record.made)
    except OSError:
        return Absent(why="file")
    except SettingsError:
        return Absent(why="refused", detail=_NO_PAIRS)
    except ImageError as error:
        return Absent(why="refused", detail=str(error))


@st.cache_data(max_entries=8, show_spinner=False)
def _decoded(
    path: str,
    changed_ns: int,  # noqa: ARG001 (part of the cache key; a leading _ would take it out)
    content_hash: str,
    made: Made | None,
) -> Original:
    return decoded(Path(path), content_hash=content_hash, size_px=SIZE_PX, timeout_s=_TIMEOUT_S, made=made)


def _homes(root: Path) -> tuple[Path, ...]:
    """The folders that files are named from: a table's own, or CheXpert's where the one around it was given."""
    if root.is_file():
        return (root.parent,)
    return homes(root)


def _private_name(cache: Path, root: Path, key: Key) -> str | None:
    """The file behind a pseudonym, from the map that was kept when the table was read."""
    if not _A_NAME.fullmatch(key[0]):
        return None
    kept = cache / "private" / f"{key[0]}-{fingerprint(str(root.resolve()))[:8]}" / "map.csv"
    try:
        with kept.open(encoding="utf-8", newline="") as rows:
            return next((row["file"] for row in csv.DictReader(rows) if row.get("image_id") == key[1]), None)
    except (OSError, KeyError, UnicodeDecodeError):
        return None
