"""Writes two synthetic sites, whole or not at all, in the published layouts."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from cxr_core.datasets import synthetic
from cxr_core.errors import DataError, SettingsError
from cxr_core.files import fingerprint, is_alive
from cxr_core.phantom import truth
from cxr_core.phantom.causes import SyntheticSite, sites
from cxr_core.phantom.layouts import chexpert, vinbigdata
from cxr_core.phantom.layouts.rows import kept, write_table
from cxr_core.phantom.site_shard import SiteShard, perform, site_shards
from cxr_core.tasks import Failure, Local, Needs, Outcome, run_all

DRAWING_VERSION = 2
"""Raised whenever the same settings would give other files."""

SETTINGS_FILE = "phantom.json"
_PART_SECONDS = 300.0


def write_sites(
    to: Path,
    *,
    images_source: int,
    images_external: int,
    causes: tuple[str, ...],
    seed: int,
    workers: int,
    show_progress: bool,
) -> tuple[Path, Path]:
    """Writes ``to/vinbigdata`` and ``to/chexpert/CheXpert-v1.0-small``, and beside them what was drawn.

    In each of the two lies the marker of a synthetic site.

    The same settings give the same files; where they lie already nothing is drawn again.

    Args:
        to: A folder that does not exist, is empty, or was written by this function.
        images_source: How many images the source site has, at least 1.
        images_external: How many the external site has, at least 1.
        causes: By which causes the sites differ, names out of `cxr_core.phantom.causes.CAUSES`.
        seed: From which everything is drawn, at or above 0.
        workers: Processes; 0 draws here.
        show_progress: Whether to show a progress bar.

    Returns:
        The folders of the two sites, as their readers take them.

    Raises:
        SettingsError: If a cause is unknown, a number is out of range, or other things lie in the folder.
        DataError: If an image could not be drawn or written.
    """
    if min(images_source, images_external) < 1 or seed < 0:
        raise SettingsError(
            f"Expected at least one image a site and a seed from 0; found {images_source}, {images_external} and "
            f"{seed}."
        )
    source, external = sites(causes)
    settings = _settings(source, external, images=(images_source, images_external), causes=causes, seed=seed)
    if not _is_written(to, settings):
        with _moved_whole(to) as folder:
            rows = folder / "rows"
            tasks = [
                *site_shards(
                    "vinbigdata",
                    seed=2 * seed,
                    site=source,
                    images=images_source,
                    folder=folder / vinbigdata.FOLDER,
                    rows=rows,
                ),
                *site_shards(
                    "chexpert",
                    seed=2 * seed + 1,
                    site=external,
                    images=images_external,
                    folder=folder / chexpert.FOLDER,
                    rows=rows,
                ),
            ]
            _perform(tasks, workers=workers, show_progress=show_progress)
            _write_tables(folder, tasks)
            shutil.rmtree(rows)
            for place in (vinbigdata.FOLDER, chexpert.FOLDER):
                synthetic.mark(folder / place)
            (folder / SETTINGS_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    return to / vinbigdata.FOLDER, to / chexpert.FOLDER


def _settings(
    source: SyntheticSite, external: SyntheticSite, *, images: tuple[int, int], causes: Sequence[str], seed: int
) -> dict[str, object]:
    settings: dict[str, object] = {
        "drawing_version": DRAWING_VERSION,
        "seed": seed,
        "causes": sorted(set(causes)),
        "images": {"source": images[0], "external": images[1]},
        "sites": {"source": asdict(source), "external": asdict(external)},
    }
    return settings | {"fingerprint": fingerprint(settings)}


def _is_written(to: Path, settings: dict[str, object]) -> bool:
    if not to.exists() or not any(to.iterdir()):
        return False
    file = to / SETTINGS_FILE
    found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    if found.get("fingerprint") == settings["fingerprint"]:
        return True
    what = "synthetic sites of other settings" if found else "other files"
    raise SettingsError(
        f"{to}: expected a new or empty folder for the synthetic sites, found {what}. Give another, or remove it."
    )


@contextmanager
def _moved_whole(to: Path) -> Iterator[Path]:
    """A new folder beside `to` that takes its place when the block ends without an error, and is removed otherwise."""
    to.parent.mkdir(parents=True, exist_ok=True)
    for left in to.parent.glob(f".{to.name}.*.drawing"):
        if not is_alive(int(left.name.split(".")[-2])):
            shutil.rmtree(left)
    folder = to.parent / f".{to.name}.{os.getpid()}.drawing"
    try:
        folder.mkdir()
        yield folder
        folder.replace(to)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _perform(tasks: Sequence[SiteShard], *, workers: int, show_progress: bool) -> None:
    total = sum(len(task.visits) for task in tasks)
    with tqdm(total=total, desc="draw", unit=" images", disable=not show_progress) as bar:

        def done(task: SiteShard, _: Outcome) -> None:
            bar.update(len(task.visits))

        results = run_all(
            tasks,
            perform,
            executor=Local(workers=workers),
            needs=Needs(kind="draw", timeout_s=_PART_SECONDS),
            on_done=done,
        )
    failures = [result for result in results if isinstance(result, Failure)]
    if failures:
        raise DataError(f"Expected {total} synthetic images; some were not drawn: {failures[0].reason} Start it again.")


def _write_tables(folder: Path, tasks: Sequence[SiteShard]) -> None:
    drawn = {task: kept(task.rows) for task in tasks}
    for layout, place, columns in (
        ("vinbigdata", vinbigdata.FOLDER, vinbigdata.COLUMNS),
        ("chexpert", chexpert.FOLDER, chexpert.COLUMNS),
    ):
        labels = (row for task, rows in drawn.items() if task.layout == layout for row in rows.labels)
        write_table(folder / place / "train.csv", columns=columns, rows=labels)
    write_table(folder / truth.FILE, columns=truth.COLUMNS, rows=(row for rows in drawn.values() for row in rows.truth))
