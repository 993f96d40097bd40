"""Where datasets lie on this machine: noted by `train.py`, SECOND_SITE_DATA goes first, results never hold it."""

import json
import os
from pathlib import Path

from cxr_core import files
from cxr_core.errors import SettingsError


def note(cache: Path, *, dataset: str, root: Path) -> None:
    """Remembers a dataset's folder in `cache/roots.json`."""
    known = _noted(cache)
    if known.get(dataset) != str(root.resolve()):
        known[dataset] = str(root.resolve())
        with files.written_whole(cache / "roots.json") as part:
            part.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def find(cache: Path, dataset: str) -> Path | None:
    """The folder of a dataset, from SECOND_SITE_DATA (`NAME=DIR` pairs) or else as noted; None where neither knows it.

    Raises:
        SettingsError: If SECOND_SITE_DATA is not made of such pairs.
    """
    pairs = [pair for pair in os.environ.get("SECOND_SITE_DATA", "").split(os.pathsep) if pair]
    if bad := [pair for pair in pairs if "=" not in pair]:
        raise SettingsError(f"SECOND_SITE_DATA takes NAME=DIR pairs separated by {os.pathsep!r}, found {bad[0]!r}.")
    found = dict(pair.split("=", 1) for pair in pairs).get(dataset) or _noted(cache).get(dataset)
    return Path(found) if found else None


def _noted(cache: Path) -> dict[str, str]:
    try:
        noted = json.loads((cache / "roots.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(root) for name, root in noted.items()} if isinstance(noted, dict) else {}
