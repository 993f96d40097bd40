"""Made-up radiographs in the published formats: DICOM as VinBigData's, JPEG as CheXpert's, full and small.

2,500 x 3,000 px of 12 bits with the grain of a detector; 8 bits for JPEG.
"""

from pathlib import Path
from typing import Literal

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate

Compression = Literal["none", "j2k", "jpeg_lossless"]

DICOM_PX = (3000, 2500)
JPEG_FULL_PX = (2828, 2320)
JPEG_SMALL_PX = (390, 320)

_SYNTAXES = {
    "none": uid.ExplicitVRLittleEndian,
    "j2k": uid.JPEG2000Lossless,
    "jpeg_lossless": uid.JPEGLosslessSV1,
}


def radiograph(height: int, width: int, *, seed: int) -> npt.NDArray[np.uint16]:
    """Soft shapes and grain in 12 bits."""
    random = np.random.default_rng(seed)
    image = np.full((height, width), 2000, np.float32)
    for cells, strength in ((6, 800), (24, 300), (96, 80)):
        shapes = random.standard_normal((cells, cells)).astype(np.float32)
        image += strength * cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC)
    image += 12 * random.standard_normal((height, width), dtype=np.float32)
    return np.clip(image, 0, 4095).astype(np.uint16)


def write_dicom(path: Path, *, seed: int, compression: Compression, shape: tuple[int, int] = DICOM_PX) -> Path:
    """A DICOM file with a window.

    Args:
        path: Where.
        seed: Of the picture.
        compression: ``none``, JPEG 2000 or JPEG Lossless.
        shape: Rows and columns.
    """
    pixels = radiograph(*shape, seed=seed)
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = _SYNTAXES[compression]
    dataset.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    dataset.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=[path.name])
    dataset.Rows, dataset.Columns = shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation, dataset.PixelRepresentation = "MONOCHROME2", 0
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.WindowCenter, dataset.WindowWidth = 2048, 3500
    dataset.PixelData = pixels.tobytes() if compression == "none" else encapsulate([_encoded(pixels, compression)])
    dataset["PixelData"].VR = "OW" if compression == "none" else "OB"
    dataset.save_as(path, enforce_file_format=True)
    return path


def write_jpeg(path: Path, *, seed: int, shape: tuple[int, int]) -> Path:
    """A gray JPEG file of CheXpert's size on disk.

    Args:
        path: Where.
        seed: Of the picture.
        shape: Rows and columns.
    """
    grain = 5 * np.random.default_rng(seed).standard_normal(shape)
    gray = np.clip((radiograph(*shape, seed=seed) >> 4) + grain, 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), gray, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return path


def _encoded(pixels: npt.NDArray[np.uint16], compression: Compression) -> bytes:
    if compression == "jpeg_lossless":
        return bytes(imagecodecs.jpeg8_encode(pixels, lossless=True, predictor=1, bitspersample=12))
    return bytes(imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", bitspersample=12, reversible=True, resolutions=6))
