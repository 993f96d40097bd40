"""The largest memory of all processes while 200 large files are cached by two workers, against the usual script.

A file is 2,500 x 3,000 px of 12 bits; half of them are compressed by JPEG 2000, half not at all.
"""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.memory import watched
from benchmarks.radiographs import DICOM_PX, write_dicom
from benchmarks.timing import ROUNDS, Measured, smaller
from benchmarks.usual_script import WHAT, to_jpegs
from cxr_core.images.cache import Cached, fill
from cxr_core.tasks import Local

FILES = 200
SIZE_PX = 224
WORKERS = 2


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            yield against(name, draw(folder, count=FILES), folder=folder)


def against(name: str, files: Sequence[Path], *, folder: Path, rounds: int = ROUNDS) -> Measured:
    """Both in turn, each in a process of its own with two workers.

    Args:
        name: Of the row.
        files: DICOM files.
        folder: For what is made of them.
        rounds: How often.
    """
    pairs = []
    for number in range(rounds):
        ours = watched(partial, fill_cache, files, folder / f"cache-{number}")
        theirs = watched(partial, to_jpegs, files, folder / f"jpeg-{number}")
        pairs.append((ours.peak_mib, theirs.peak_mib))
    return Measured(name=name, result=smaller(name, pairs, what_theirs_is=WHAT, unit="MiB"))


def draw(folder: Path, *, count: int, shape: tuple[int, int] = DICOM_PX) -> list[Path]:
    """Writes so many files, all different."""
    with get_context("spawn").Pool(WORKERS) as pool:
        return pool.map(partial(_write, folder, shape), range(count))


def fill_cache(files: Sequence[Path], cache: Path) -> None:
    """Ours."""
    found = fill(files, cache=cache, size_px=SIZE_PX, executor=Local(workers=WORKERS))
    if not all(isinstance(each, Cached) for each in found):
        raise RuntimeError("A file was lost.")


def _write(folder: Path, shape: tuple[int, int], number: int) -> Path:
    return write_dicom(folder / f"{number}.dcm", seed=number, compression="j2k" if number % 2 else "none", shape=shape)
