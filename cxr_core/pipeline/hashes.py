"""Hashes of the files of a sealed run, written into `run.json` before the results get their name."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cxr_core import files, program
from cxr_core.errors import StoreError
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.store.sealed import Sealed

_A_HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class FileHashes:
    """What `run.json` says of the files beside it.

    Attributes:
        files: From each file's place in the folder to its `cxr_core.files.sha256`.
        rows: From table of the results file to its number of rows.
        exported_from: Of an export: the `sha256` that the results had in the run itself; None for a run.
    """

    files: Mapping[str, str]
    rows: Mapping[str, int]
    exported_from: str | None = None


def note(folder: RunFolder, found: Sealed) -> None:
    """Adds to `run.json` what the results file, still without its name, and the members' weights are known by.

    A process that ends between this and the renaming leaves a run that is not sealed, and goes on.
    """
    weights = sorted(path for path in folder.members.glob("*.safetensors") if path.is_file())
    known = {path.relative_to(folder.path).as_posix(): files.sha256(path) for path in weights}
    write(folder.path, FileHashes(files={folder.results.name: found.sha256, **known}, rows=found.rows))


def write(folder: Path, noted: FileHashes) -> None:
    """Writes what is known of the files into the `run.json` of a folder, beside what it says already."""
    path = folder / "run.json"
    described = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    described |= {"files": dict(noted.files), "rows": dict(noted.rows), "exported_from": noted.exported_from}
    files.write(path, (json.dumps(described, indent=2) + "\n").encode())


def read(folder: Path) -> FileHashes | None:
    """What `run.json` says of the files beside it; None where it says nothing, as before files were hashed.

    Raises:
        StoreError: If it is damaged or cannot be read.
    """
    path = folder / "run.json"
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        if "files" not in described:
            return None
        return FileHashes(
            files=dict(map(_checked, described["files"].items())),
            rows={str(table): int(rows) for table, rows in described["rows"].items()},
            exported_from=described["exported_from"],
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}. Change that, and try again.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoreError(
            f"{path} is damaged: it does not say what the files of the run are known by. Bring it from another copy "
            "of the run; the results themselves are not touched by that."
        ) from error


def check(folder: RunFolder) -> None:
    """That the results and the members' weights are those that the run was sealed with, as far as `run.json` knows.

    Raises:
        StoreError: If one of them is not, or `run.json` is damaged or cannot be read.
    """
    noted = read(folder.path)
    if noted is None:
        return
    for path in (folder.results, *sorted(folder.members.glob("*.safetensors"))):
        known = noted.files.get(path.relative_to(folder.path).as_posix())
        if known is not None and path.is_file() and files.sha256(path) != known:
            raise StoreError(
                f"{path} is not what it was when the run was sealed, so nothing was made of it. "
                f"`{program.name()} verify {folder.run_id}` says more."
            )


def _checked(told: tuple[str, str]) -> tuple[str, str]:
    """A name and a hash as they are written here; a stranger's may be anything."""
    name, known = told
    if not name.isprintable() or not _A_HASH.fullmatch(known):
        raise ValueError("expected a file's name and its hash")
    return name, known
