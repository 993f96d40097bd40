"""Verification of a sealed run: its files, its tables and its images against what they were when it was sealed."""

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from cxr_core import files
from cxr_core.errors import CxrError
from cxr_core.images import cache_check
from cxr_core.pipeline import hashes
from cxr_core.pipeline.hashes import FileHashes
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.store.open import open_run, unreadable
from cxr_core.store.schema import expected_tables

_COPY = "Bring it from another copy of the run"
_AGAIN = "or delete the folder and make the run again"
_A_FINGERPRINT = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What was found of one thing.

    Attributes:
        what: A file, or what else was looked at.
        said: How it is; where something is wrong, what to do too.
        is_right: Whether nothing is wrong with it.
    """

    what: str
    said: str
    is_right: bool = True


def verify(run: RunFolder, *, cache: Path) -> list[CheckResult]:
    """Compares a sealed run with what `run.json` says of its files, and the cache with its checksums.

    Args:
        run: The run's folder; or that of an export.
        cache: The machine's image cache. Images that are not in it are no fault.

    Raises:
        StoreError: If the run is not complete, or its results cannot be opened at all.
    """
    found = []
    noted = None
    try:
        noted = hashes.read(run.path)
    except CxrError as error:
        found.append(CheckResult(what="run.json", said=str(error), is_right=False))
    else:
        found.append(_description(run, noted))
    if noted is not None:
        found += [_file(run, name, known=known) for name, known in noted.files.items()]
    found += _beside(run, noted)
    if all(finding.is_right for finding in found):
        open_run(run.results).close()
        found += [] if noted is not None else [_read_through(run)]
        found.append(_images(run, cache=cache))
    return found


def _description(run: RunFolder, noted: FileHashes | None) -> CheckResult:
    if not (run.path / "run.json").is_file():
        said = "is not there, so that there is nothing to compare the files with"
    elif noted is None:
        said = "was written before files were hashed, so that there is nothing to compare them with"
    elif noted.exported_from is not None:
        said = "describes an export: a copy of a run, compared with what it was when it was exported"
    else:
        said = "tells what each file was when the run was sealed"
    return CheckResult(what="run.json", said=f"{said}.")


def _file(run: RunFolder, name: str, *, known: str) -> CheckResult:
    path = run.path / name
    # run.json may come from a stranger: nothing outside the folder is looked at.
    if not path.resolve().is_relative_to(run.path.resolve()):
        return CheckResult(what="run.json", said=f"names {name!r}, which is outside the run.", is_right=False)
    loss = "Without it the run cannot be scored again. " if path.parent == run.members else ""
    try:
        found = files.sha256(path)
    except FileNotFoundError:
        return CheckResult(what=name, said=f"is gone. {loss}{_COPY}, {_AGAIN}.", is_right=False)
    except OSError as error:
        said = f"cannot be read ({error.strerror}), so nothing is known of it. Change that, and try again."
        return CheckResult(what=name, said=said, is_right=False)
    if found != known:
        said = f"is not what it was: expected {known}, found {found}. Do not rely on it. {_COPY}, {_AGAIN}."
        return CheckResult(what=name, said=said, is_right=False)
    return CheckResult(what=name, said="is what it was.")


def _beside(run: RunFolder, noted: FileHashes | None) -> list[CheckResult]:
    """What lies there and should not: DuckDB reads a log beside a results file as if it belonged to it."""
    found = []
    log = run.results.with_name(run.results.name + ".wal")
    if log.exists():
        said = "lies beside the results: another program opened them to write. Delete it, and verify again."
        found.append(CheckResult(what=log.name, said=said, is_right=False))
    if noted is None:
        return found
    for path in sorted(run.members.glob("*.safetensors")):
        name = path.relative_to(run.path).as_posix()
        if name not in noted.files:
            found.append(CheckResult(what=name, said="is no part of the run; nothing reads it."))
    return found


def _read_through(run: RunFolder) -> CheckResult:
    """Reads every row, since DuckDB keeps a checksum of each block."""
    try:
        with open_run(run.results) as connection:
            for table in expected_tables():
                connection.execute(f'SELECT sum(hash(one)::HUGEINT) FROM "{table}" AS one').fetchall()  # noqa: S608 -- our own table names
    except duckdb.Error as error:
        return CheckResult(what=run.results.name, said=str(unreadable(run.results, error)), is_right=False)
    return CheckResult(what=run.results.name, said="can be read to the end; whether it ever changed cannot be told.")


def _images(run: RunFolder, *, cache: Path) -> CheckResult:
    with open_run(run.results) as connection:
        sizes = "SELECT TRY_CAST(config->>'$.experiment.network.size_px' AS INTEGER) FROM run"
        ((size_px,),) = connection.execute(sizes).fetchall()
        rows = connection.execute(
            """
            SELECT pipeline_fingerprint, list(DISTINCT picture_hash)
            FROM image JOIN dataset USING (dataset) SEMI JOIN prediction USING (dataset, image_id)
            WHERE picture_hash IS NOT NULL GROUP BY ALL
            """
        ).fetchall()
    wanted = sum(len(pictures) for _, pictures in rows)
    checked = [
        cache_check.check(cache / "images" / fingerprint, size_px=size_px, picture_hashes=pictures)
        for fingerprint, pictures in rows
        if size_px is not None and fingerprint is not None and _A_FINGERPRINT.fullmatch(fingerprint)
    ]
    damaged = [index for one in checked for index in one.damaged]
    whole = sum(one.whole for one in checked)
    if damaged:
        said = f"in the cache are damaged in {len(damaged)} shards, such as {damaged[0]}. Delete those files"
        return CheckResult(what="images", said=f"{said}: the next run decodes the images again.", is_right=False)
    absent = wanted - whole
    said = f"{whole:,} of {wanted:,} are in this machine's cache, as they were written"
    return CheckResult(
        what="images", said=f"{said}; {absent:,} are not on this machine, which is no fault." if absent else f"{said}."
    )
