"""How many files a second become 224 x 224 harmonized pixels, against the script that most people run.

Radiographs are made here: 2,500 x 3,000 px of 12 bits with the grain of a detector, as DICOM; 320 x 390 px as JPEG of
CheXpert's file size. Both sides work in the same two processes, and find their files in the system's memory.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
from pebble import ProcessPool
from pydicom import Dataset, dcmread, uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.processing import apply_voi_lut

from benchmarks.timing import Result, compare
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import decoding_px, harmonize

SIZE_PX = 224
PROCESSES = 2
USUAL_DICOM = "pydicom pixel_array, apply_voi_lut, min-max, cv2.equalizeHist, cv2.resize"
USUAL_JPEG = "cv2.imread in gray, cv2.equalizeHist, cv2.resize by area"


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder, _pool() as pool:
        j2k = [_write_dicom(Path(folder) / f"{n}.j2k.dcm", seed=n, compressed=True) for n in range(2)]
        native = [_write_dicom(Path(folder) / f"{n}.dcm", seed=n, compressed=False) for n in range(4)]
        small = [_write_jpeg(Path(folder) / f"{n}.jpg", seed=n) for n in range(64)]
        run = partial(_run, pool)
        return [
            _compare("decode_j2k", run, j2k, usual=usual_dicom, what=USUAL_DICOM, ours=48, theirs=2),
            _compare("decode_uncompressed", run, native, usual=usual_dicom, what=USUAL_DICOM, ours=96, theirs=8),
            _compare("decode_jpeg_small", run, small, usual=usual_jpeg, what=USUAL_JPEG, ours=1024, theirs=1024),
        ]


def our_way(path: Path) -> int:
    return int(harmonize(decode(path, size_px=decoding_px(SIZE_PX)), size_px=SIZE_PX).sum())


def usual_dicom(path: Path) -> int:
    dataset = dcmread(path)
    values = apply_voi_lut(dataset.pixel_array, dataset).astype(np.float64)
    values = (values - values.min()) / (values.max() - values.min())
    gray = cv2.equalizeHist((values * 255).astype(np.uint8))
    return int(cv2.resize(gray, (SIZE_PX, SIZE_PX)).sum())


def usual_jpeg(path: Path) -> int:
    gray = cv2.equalizeHist(np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)))
    return int(cv2.resize(gray, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA).sum())


def _compare(
    name: str,
    run: Callable[[Callable[[Path], int], Sequence[Path]], None],
    files: list[Path],
    *,
    usual: Callable[[Path], int],
    what: str,
    ours: int,
    theirs: int,
) -> Result:
    return compare(
        name,
        ours=lambda: run(our_way, list(islice(cycle(files), ours))),
        theirs=lambda: run(usual, list(islice(cycle(files), theirs))),
        what_theirs_is=f"{what}; {PROCESSES} processes",
        amount_ours=ours,
        amount_theirs=theirs,
    )


def _pool() -> ProcessPool:
    context = multiprocessing.get_context("spawn")
    return ProcessPool(max_workers=PROCESSES, initializer=cv2.setNumThreads, initargs=(1,), context=context)


def _run(pool: ProcessPool, work: Callable[[Path], int], files: Sequence[Path]) -> None:
    """Two rounds of equal parts for each process, so that neither side waits long for the last one."""
    part = max(1, len(files) // (2 * PROCESSES))
    sums = list(pool.map(work, files, chunksize=part).result())
    if len(sums) != len(files) or not all(sums):
        raise RuntimeError("A file was lost.")


def _radiograph(height: int, width: int, *, seed: int) -> npt.NDArray[np.uint16]:
    random = np.random.default_rng(seed)
    image = np.full((height, width), 2000, np.float32)
    for cells, strength in ((6, 800), (24, 300), (96, 80)):
        shapes = random.standard_normal((cells, cells)).astype(np.float32)
        image += strength * cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC)
    image += 12 * random.standard_normal((height, width), dtype=np.float32)
    return np.clip(image, 0, 4095).astype(np.uint16)


def _write_dicom(path: Path, *, seed: int, compressed: bool) -> Path:
    pixels = _radiograph(3000, 2500, seed=seed)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.JPEG2000Lossless if compressed else uid.ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=[path.name])
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 3000, 2500, 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.WindowCenter, dataset.WindowWidth = 2048, 3500
    if compressed:
        stream = imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=12, reversible=True, resolutions=6)
        dataset.PixelData = encapsulate([bytes(stream)])
    else:
        dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.save_as(path, enforce_file_format=True)
    return path


def _write_jpeg(path: Path, *, seed: int) -> Path:
    grain = 5 * np.random.default_rng(seed).standard_normal((390, 320))
    gray = np.clip((_radiograph(390, 320, seed=seed) >> 4) + grain, 0, 255).astype(np.uint8)
    cv2.imwrite(str(path), gray, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return path
