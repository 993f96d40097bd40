"""Keyed hashes in place of names of files and patients; the key and the map never leave a private folder."""

import hmac
import os
import secrets
from pathlib import Path
from typing import Literal

import pandas as pd

from cxr_core.errors import DataError
from cxr_core.files import close_to_others, make_private, part_of, write_private

_KEY_BYTES = 32
_OWNER_ONLY = 0o600


def open_key(folder: Path) -> bytes:
    """The folder's key, made at the first call. Of two processes that make it at once, both get the same one.

    Raises:
        DataError: If the key's file is damaged.
    """
    path = folder / "key"
    make_private(folder)
    if not path.exists():
        _make_key(path)
    close_to_others(path)
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise DataError(
            f"{path}: expected a key of {_KEY_BYTES} bytes, found {len(key)}. Delete the file to get a new key; "
            "images then get new ids."
        )
    return key


def pseudonym(key: bytes, *, kind: str, name: str) -> str:
    """A name's keyed hash, 32 hexadecimal digits. `kind` keeps an image and a patient of the same name apart."""
    return hmac.digest(key, f"{kind}\0{name}".encode(), "sha256").hex()[:32]


def hide(names: pd.DataFrame, *, folder: Path, rows: Literal["image", "study"] = "image") -> pd.DataFrame:
    """Names with pseudonyms in place of the columns of ids, and a map to read them back.

    Args:
        names: The columns ``image_id`` and ``file``, and where they are known ``patient_id`` and ``patient``,
            ``study_id`` and ``study``; in each pair the real name twice, None where there is none.
        folder: Where the key and ``map.csv`` are kept, readable by their owner alone.
        rows: What ``image_id`` names.

    Raises:
        DataError: If the folder's key is damaged.
    """
    key = open_key(folder)
    hidden = names.copy()
    for column, kind in (("image_id", rows), ("patient_id", "patient"), ("study_id", "study")):
        if column in names:
            known = {name: pseudonym(key, kind=kind, name=name) for name in names[column].dropna().unique()}
            found = names[column].map(known)
            hidden[column] = found.astype(object).where(found.notna(), None) if found.hasnans else found
    write_private(folder / "map.csv", hidden.to_csv(index=False).encode())
    return hidden


def _make_key(path: Path) -> None:
    part = part_of(path)
    try:
        with os.fdopen(_create(part), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _publish(part, path)
    finally:
        part.unlink(missing_ok=True)


def _publish(part: Path, path: Path) -> None:
    """A link fails where another process was first, a rename would take its key away."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        part.replace(path)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
