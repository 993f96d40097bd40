"""Folders of datasets on this machine: noted by every command, SECOND_SITE_DATA goes first, results never hold them.

A folder can be named after a patient or a study: its owner alone may read the note.
"""

import json
import os
from pathlib import Path

from cxr_core import files
from cxr_core.errors import SettingsError, UnreadableError


def note(cache: Path, *, dataset: str, root: Path) -> None:
    """Remembers a dataset's folder in `cache/roots.json`, which nobody but its owner may read.

    Raises:
        UnreadableError: If that file is there and cannot be read; it holds what others noted, and is left as it is.
    """
    path = cache / "roots.json"
    try:
        known = _noted(path)
        files.close_to_others(path)
    except IsADirectoryError:
        return
    except OSError as error:
        raise UnreadableError.of(path, error) from error
    if known.get(dataset) != str(root.resolve()):
        known[dataset] = str(root.resolve())
        files.write_private(path, f"{json.dumps(known, indent=2, sort_keys=True)}\n".encode())


def find(cache: Path, dataset: str) -> Path | None:
    """The folder of a dataset, from SECOND_SITE_DATA (`NAME=DIR` pairs) or else as noted; None where neither knows it.

    Raises:
        SettingsError: If SECOND_SITE_DATA is not made of such pairs.
    """
    if dataset in (given := on_this_machine()):
        return given[dataset]
    try:
        noted = _noted(cache / "roots.json")
    except OSError:
        noted = {}
    return Path(noted[dataset]) if noted.get(dataset) else None


def on_this_machine() -> dict[str, Path]:
    """The folders of datasets by their names, as SECOND_SITE_DATA gives them.

    Raises:
        SettingsError: If it is not made of `NAME=DIR` pairs.
    """
    pairs = [pair for pair in os.environ.get("SECOND_SITE_DATA", "").split(os.pathsep) if pair]
    if bad := [pair for pair in pairs if "=" not in pair]:
        raise SettingsError(f"SECOND_SITE_DATA takes NAME=DIR pairs separated by {os.pathsep!r}, found {bad[0]!r}.")
    return {name: Path(folder) for name, folder in (pair.split("=", 1) for pair in pairs) if folder}


def _noted(path: Path) -> dict[str, str]:
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return {str(name): str(root) for name, root in noted.items()} if isinstance(noted, dict) else {}
