"""Keyed hashes in place of names of files and patients; the key and the map never leave a private folder."""

import hmac
import io
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.errors import DataError
from cxr_core.files import close_to_others, make_private, part_of, write_private

_KEY_BYTES = 32
_OWNER_ONLY = 0o600
_ROWS_AT_ONCE = 100_000


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
    return _pseudonyms(key, kind=kind, names=[name])[0]


def _pseudonyms(key: bytes, *, kind: str, names: Iterable[str]) -> list[str]:
    """Of many names, of which the key and the kind are taken once."""
    start, found = hmac.new(key, f"{kind}\0".encode(), "sha256"), []
    for name in names:
        digest = start.copy()
        digest.update(name.encode())
        found.append(digest.hexdigest()[:32])
    return found


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
    for column, own, kind in (
        ("image_id", None, rows),
        ("patient_id", "patient", "patient"),
        ("study_id", "study", "study"),
    ):
        if column in names:
            codes, known = pd.factorize(names[column])
            real = known.to_numpy(dtype=object)
            hidden[column] = _taken(_pseudonyms(key, kind=kind, names=real), codes)
            if own is not None:
                hidden[own] = _taken(real, codes)
    write_private(folder / "map.csv", _as_csv(hidden))
    return hidden.astype({"image_id": "str"})


def _taken(names: Iterable[str], codes: npt.NDArray[np.intp]) -> "pd.Series[str]":
    """A column of these names, None where the code is -1; a name that stands in many rows is kept once."""
    return pd.Series(np.array([*names, None], dtype=object)[codes], dtype=object)


def _as_csv(names: pd.DataFrame) -> bytes:
    """In pieces, so that the names of a million images are not there as text and as bytes at once."""
    content = io.BytesIO()
    for start in range(0, len(names), _ROWS_AT_ONCE):
        piece = names.iloc[start : start + _ROWS_AT_ONCE]
        content.write(piece.to_csv(index=False, header=start == 0).encode())
    return content.getvalue()


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
