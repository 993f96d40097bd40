"""A copy of a run to hand on: the results, the members, and thumbnails only where they are asked for."""

import shutil
from pathlib import Path

import cv2
import duckdb
import numpy as np
import pyarrow as pa

from cxr_core.errors import StoreError
from cxr_core.images.cache import Pixels
from cxr_core.pipeline.place import Place, RunFolder
from cxr_core.store import write

_QUALITY = 80
_BATCH = 512


def export(run: RunFolder, *, to: Path, with_images: bool, place: Place) -> Path:
    """Copies a sealed run into a folder of its own below `to`.

    Args:
        run: A complete run.
        to: The folder to put it in; the copy can be opened with SECOND_SITE_RESULTS pointing there.
        with_images: Adds the harmonized image of every predicted image, which a data use agreement may forbid.
        place: For the cache the pixels come from.

    Returns:
        The folder of the copy.

    Raises:
        StoreError: If the copy exists already, or cannot be written.
        DataError: If images are asked for that the cache no longer holds.
    """
    target = to / run.run_id
    if target.exists():
        raise StoreError(f"{target} exists already. Choose another folder, or delete it.")
    part = to / f".{run.run_id}.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        shutil.copytree(run.path, part, ignore=shutil.ignore_patterns(".*", "work"))
        if with_images:
            _add_pixels(part / run.results.name, place=place)
        part.rename(target)
    except OSError as error:
        raise StoreError(f"Cannot write {target}: {error.strerror}. Make room or choose another folder.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _add_pixels(results: Path, *, place: Place) -> None:
    with duckdb.connect(str(results)) as connection:
        rows = connection.execute(
            "SELECT DISTINCT dataset, image_id, picture_hash FROM image SEMI JOIN prediction USING (dataset, image_id) "
            "ORDER BY dataset, image_id"
        ).fetchall()
        size_px = connection.execute("SELECT (config->>'$.experiment.network.size_px')::INTEGER FROM run").fetchall()[
            0
        ][0]
        pixels = Pixels.open(place.cache, size_px=size_px, picture_hashes=[row[2] for row in rows])
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            images = pixels.take(np.arange(start, start + len(batch)))
            encoded = [
                cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])[1].tobytes() for image in images
            ]
            write.append(
                connection,
                "pixels",
                pa.table(
                    {"dataset": [row[0] for row in batch], "image_id": [row[1] for row in batch], "webp": encoded}
                ),
            )
