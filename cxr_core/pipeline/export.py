"""A copy of a run to hand on: the results, the members, and thumbnails only where they are asked for."""

import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import duckdb
import numpy as np
import pyarrow as pa

from cxr_core import files, program
from cxr_core.errors import StoreError
from cxr_core.images.cache import Pixels
from cxr_core.pipeline import hashes
from cxr_core.pipeline.hashes import FileHashes
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.store import sealed, write

_QUALITY = 80
_BATCH = 512


def export(run: RunFolder, *, to: Path, with_images: bool, cache: Path) -> Path:
    """Copies a sealed run into a folder of its own below `to`.

    Args:
        run: A complete run.
        to: The folder to put it in; the copy can be opened with SECOND_SITE_RESULTS pointing there.
        with_images: Adds the harmonized image of every predicted image, which a data use agreement may forbid.
        cache: Where the pixels come from.

    Returns:
        The folder of the copy.

    Raises:
        NoRoomError: If the disk takes no more. Nothing is left of the copy then.
        StoreError: If the copy exists already or cannot be written, or the run is not what it was when it was sealed.
        DataError: If images are asked for that the cache no longer holds.
    """
    target = to / run.run_id
    if target.exists():
        raise StoreError(f"{target} exists already. Choose another folder, or delete it.")
    part = to / f".{run.run_id}.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        noted = _copied(run, part)
        if with_images:
            noted = _with_pixels(part / run.results.name, noted, cache=cache)
        hashes.write(part, noted)
        part.rename(target)
    except OSError as error:
        raise StoreError(f"Cannot write {target}: {error.strerror}. Make room or choose another folder.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _copied(run: RunFolder, part: Path) -> FileHashes:
    """Copies what a sealed run consists of, each file whole, and compares it with what `run.json` says of it."""
    known = hashes.read(run.path)
    found = {}
    for path in sorted((run.results, *run.members.glob("*.safetensors"), *run.path.glob("run.json"))):
        name = path.relative_to(run.path).as_posix()
        found[name] = files.copy(path, part / name)
        if known is not None and found[name] != known.files.get(name, found[name]):
            raise StoreError(
                f"{path} is not what it was when the run was sealed, so it was not handed on. "
                f"`{program.name()} verify {run.run_id}` says more."
            )
    found.pop("run.json", None)
    return FileHashes(files=found, rows=known.rows if known else {}, exported_from=found[run.results.name])


def _with_pixels(results: Path, noted: FileHashes, *, cache: Path) -> FileHashes:
    """Adds the images to a copy of the results, and reads it back as if it were sealed."""
    with sealed.opened(results, name=results.name) as connection:
        _add_pixels(connection, cache=cache)
        found = sealed.close(connection, results)
    return replace(noted, files={**noted.files, results.name: found.sha256}, rows=found.rows)


def _add_pixels(connection: duckdb.DuckDBPyConnection, *, cache: Path) -> None:
    rows = connection.execute(
        "SELECT DISTINCT dataset, image_id, picture_hash FROM image SEMI JOIN prediction USING (dataset, image_id) "
        "WHERE picture_hash IS NOT NULL ORDER BY dataset, image_id"
    ).fetchall()
    size_px = connection.execute("SELECT (config->>'$.experiment.network.size_px')::INTEGER FROM run").fetchall()[0][0]
    pixels = Pixels.open(cache, size_px=size_px, picture_hashes=[row[2] for row in rows])
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        images = pixels.take(np.arange(start, start + len(batch)))
        encoded = [cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])[1].tobytes() for image in images]
        write.append(
            connection,
            "pixels",
            pa.table({"dataset": [row[0] for row in batch], "image_id": [row[1] for row in batch], "webp": encoded}),
        )
