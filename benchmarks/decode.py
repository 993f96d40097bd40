"""How many files a second become 224 x 224 harmonized pixels, against the script that most people run.

Both sides work in the same two processes, and find their files in the system's memory.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
from pebble import ProcessPool
from pydicom import Dataset, dcmread
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_voi_lut
from pydicom.uid import JPEGLosslessSV1

from benchmarks.bare_decoders import read_and_decoded
from benchmarks.radiographs import JPEG_FULL_PX, JPEG_SMALL_PX, Compression, write_dicom, write_jpeg
from benchmarks.timing import Limit, Measured, compare, seconds
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import decoding_px, harmonize

SIZE_PX = 224
PROCESSES = 2
USUAL_DICOM = "pydicom pixel_array, apply_voi_lut, min-max, cv2.equalizeHist, cv2.resize"
USUAL_JPEG = "cv2.imread in gray, cv2.equalizeHist, cv2.resize by area"
REAL = Path(__file__).parents[2] / "shared" / "real-cxr"

Run = Callable[[Callable[[Path], int], Sequence[Path]], None]


@dataclass(frozen=True, kw_only=True)
class Files:
    """Files of one kind.

    Attributes:
        paths: The files.
        usual: What most people do with one.
        what: The same in words.
        ours: How many files we decode in a round.
        theirs: How many they do.
    """

    paths: Sequence[Path]
    usual: Callable[[Path], int]
    what: str
    ours: int
    theirs: int


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        with tempfile.TemporaryDirectory() as folder, pool() as run:
            files = files_of(name, folder=Path(folder))
            if not files.paths:
                yield Measured(name=name, result=None, said="../shared/real-cxr is not here.")
                continue
            yield against(name, run, files)


def files_of(name: str, *, folder: Path) -> Files:
    """The files of a row, made in `folder` where they are not real ones."""
    dicom = partial(Files, usual=usual_dicom, what=USUAL_DICOM)
    jpeg_files = partial(Files, usual=usual_jpeg, what=USUAL_JPEG)
    if name == "decode_j2k":
        return dicom(paths=_dicoms(folder, 2, "j2k"), ours=48, theirs=2)
    if name == "decode_uncompressed":
        return dicom(paths=_dicoms(folder, 4, "none"), ours=96, theirs=8)
    if name == "decode_jpeg_lossless":
        what = USUAL_DICOM if _has_decoder() else f"imagecodecs for {USUAL_DICOM} (pydicom has no decoder here)"
        return dicom(paths=_dicoms(folder, 4, "jpeg_lossless"), ours=48, theirs=8, what=what)
    if name == "decode_real_dicom":
        return dicom(paths=sorted((REAL / "vindr").rglob("*.dicom")), ours=188, theirs=47)
    if name == "decode_real_jpeg":
        return jpeg_files(paths=sorted((REAL / "chexpert").rglob("*.jpg")), ours=400, theirs=400)
    count, shape, amount = (4, JPEG_FULL_PX, 96) if name == "decode_jpeg_full" else (64, JPEG_SMALL_PX, 1024)
    drawn = [write_jpeg(folder / f"{number}.jpg", seed=number, shape=shape) for number in range(count)]
    return jpeg_files(paths=drawn, ours=amount, theirs=amount)


def against(name: str, run: Run, files: Files) -> Measured:
    """Both ways in turn, then what the bare decoder takes."""
    ours = list(islice(cycle(files.paths), files.ours))
    theirs = list(islice(cycle(files.paths), files.theirs))
    result = compare(
        name,
        ours=lambda: run(our_way, ours),
        theirs=lambda: run(files.usual, theirs),
        what_theirs_is=f"{files.what}; {PROCESSES} processes",
        amount_ours=len(ours),
        amount_theirs=len(theirs),
    )
    bare = len(ours) / seconds(lambda: run(read_and_decoded, ours))
    return Measured(name=name, result=result, limit=Limit(value=bare, what="the file read, the bare decoder called"))


def our_way(path: Path) -> int:
    return int(harmonize(decode(path, size_px=decoding_px(SIZE_PX)), size_px=SIZE_PX).sum())


def usual_dicom(path: Path) -> int:
    dataset = dcmread(path)
    values = apply_voi_lut(stored_values(dataset), dataset).astype(np.float64)
    values = (values - values.min()) / (values.max() - values.min())
    gray = cv2.equalizeHist((values * 255).astype(np.uint8))
    return int(cv2.resize(gray, (SIZE_PX, SIZE_PX)).sum())


def stored_values(dataset: Dataset) -> npt.NDArray[np.integer]:
    """The `pixel_array` of pydicom; imagecodecs in its place where pydicom has no decoder installed."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax.is_compressed and not get_decoder(syntax).is_available:
        return np.asarray(imagecodecs.jpeg8_decode(next(generate_frames(dataset.PixelData, number_of_frames=1))))
    return np.asarray(dataset.pixel_array)


def usual_jpeg(path: Path) -> int:
    gray = cv2.equalizeHist(np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)))
    return int(cv2.resize(gray, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA).sum())


@contextmanager
def pool() -> Iterator[Run]:
    """Runs work on files in two processes, each of one thread."""
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=PROCESSES, initializer=cv2.setNumThreads, initargs=(1,), context=context) as processes:
        yield partial(_run, processes)


def _run(processes: ProcessPool, work: Callable[[Path], int], files: Sequence[Path]) -> None:
    """Two rounds of equal parts for each process, so that neither side waits long for the last one."""
    part = max(1, len(files) // (2 * PROCESSES))
    sums = list(processes.map(work, files, chunksize=part).result())
    if len(sums) != len(files) or not all(sums):
        raise RuntimeError("A file was lost.")


def _dicoms(folder: Path, count: int, compression: Compression) -> list[Path]:
    return [write_dicom(folder / f"{number}.dcm", seed=number, compression=compression) for number in range(count)]


def _has_decoder() -> bool:
    return bool(get_decoder(JPEGLosslessSV1).is_available)
