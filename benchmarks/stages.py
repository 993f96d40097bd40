"""Six stages of a run, each prepared in a folder and then done, at a size: what `benchmarks.scaling` watches.

Functions import what they need when they are called, so that the memory of a stage is its own.
"""

import itertools
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.rows import PAGES, STAGES

_FILE = "prepared"

Work = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage.

    Attributes:
        prepare: Lays down in a folder what a size needs.
        work: Loads what lies in that folder, and gives the work that is timed.
        least: The least size.
        unit: What a size counts.
    """

    prepare: Callable[[Path, int], None]
    work: Callable[[Path, int], Work]
    least: int
    unit: str = "image"


def prepare_cache(folder: Path, size: int) -> None:
    """JPEG files of CheXpert's small size."""
    from benchmarks.radiographs import JPEG_SMALL_PX, write_jpeg

    for number in range(size):
        write_jpeg(folder / _FILE / f"{number}.jpg", seed=number, shape=JPEG_SMALL_PX)


def cache(folder: Path, _: int) -> Work:
    """Harmonizes them into a new cache, by two workers."""
    from cxr_core.images.cache import fill
    from cxr_core.tasks import Local

    files = sorted((folder / _FILE).iterdir())
    return partial(fill, files, cache=_new(folder, "cache"), size_px=224, executor=Local(workers=2))


def prepare_predict(folder: Path, size: int) -> None:
    """A cache."""
    from benchmarks.networks import cached, drawn_files

    hashes = cached(drawn_files(folder / "images", count=size), cache=folder / "cache")
    (folder / _FILE).write_bytes(pickle.dumps(hashes))


def predict(folder: Path, _: int) -> Work:
    """All that a ResNet-18 says of the images in the cache."""
    from benchmarks.networks import CPU, SIZE_PX, untrained
    from cxr_core import prediction
    from cxr_core.images.cache import Pixels

    hashes = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301 -- from `prepare_predict`
    images = Pixels.open(folder / "cache", size_px=SIZE_PX, picture_hashes=hashes)
    return partial(prediction.predict, untrained("resnet18"), images, device=CPU)


def prepare_write(folder: Path, size: int) -> None:
    """Nothing: rows are made as they are written."""


def write(folder: Path, size: int) -> Work:
    """Predictions into a sealed file, 50,000 of each model."""
    from benchmarks.writing import draw, ours

    each = min(50_000, size)
    return partial(ours, draw(images=each, models=size // each), out=_new(folder, "results.duckdb"))


def prepare_bootstrap(folder: Path, size: int) -> None:
    """Answers."""
    from benchmarks.bootstrap import draw

    (folder / _FILE).write_bytes(pickle.dumps(draw(size)))


def bootstrap(folder: Path, _: int) -> Work:
    """All metrics with 2,000 replicates, on one thread."""
    from threadpoolctl import threadpool_limits

    from benchmarks.bootstrap import REPLICATES, ours

    threadpool_limits(1)
    answers = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301 -- from above
    return partial(ours, answers, replicates=REPLICATES)


def prepare_score(folder: Path, size: int) -> None:
    """Tables of two sites."""
    from benchmarks.score import draw

    (folder / _FILE).write_bytes(pickle.dumps(draw(folder, predictions=size)))


def score(folder: Path, _: int) -> Work:
    """From tables to the sealed file, by the command."""
    from benchmarks.score import ours

    tables = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301 -- from above
    return partial(ours, tables, results=_new(folder, "results"))


def prepare_pages(folder: Path, size: int) -> None:
    """A made-up run, and what all pages ask of it."""
    from benchmarks.asked_queries import asked_by
    from tests.support.big_run.size import TEN_MILLION
    from tests.support.big_run.writing import write_run

    less = TEN_MILLION.predictions // size
    part = replace(
        TEN_MILLION,
        internal=TEN_MILLION.internal // less,
        external=TEN_MILLION.external // less,
        external_left_out=TEN_MILLION.external_left_out // less,
        shown=None if size < 100_000 else TEN_MILLION.shown,
    )
    run = write_run(folder / "results", size=part)
    asked = [query for page in PAGES for query in asked_by(page, results=folder / "results")]
    (folder / _FILE).write_bytes(pickle.dumps((run, asked)))


def pages(folder: Path, _: int) -> Work:
    """All of these queries, on one connection."""
    from benchmarks.page_queries import ours

    run, asked = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301 -- from above
    return partial(ours, run, asked)


def _new(folder: Path, name: str) -> Path:
    """A path in the folder where nothing lies yet."""
    return next(path for number in itertools.count() if not (path := folder / f"{number}-{name}").exists())


STAGE_OF: Mapping[str, Stage] = dict(
    zip(
        STAGES,
        (
            Stage(prepare=prepare_cache, work=cache, least=256),
            Stage(prepare=prepare_predict, work=predict, least=32),
            Stage(prepare=prepare_write, work=write, least=100_000, unit="prediction"),
            Stage(prepare=prepare_bootstrap, work=bootstrap, least=4_000),
            Stage(prepare=prepare_score, work=score, least=20_000),
            Stage(prepare=prepare_pages, work=pages, least=625_000, unit="prediction"),
        ),
        strict=True,
    )
)
