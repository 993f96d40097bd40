"""Made radiographs, written as DICOM under every transfer syntax that is decoded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders import RLELosslessEncoder

Array = npt.NDArray[np.integer]

NAME = "SECRET^NAME"
PATIENT = "SECRET-0815"


def make_radiograph(*, height: int, width: int, bits: int = 12, seed: int = 0) -> npt.NDArray[np.uint16]:
    """Smooth shapes with grain, from near 0 to near the greatest value."""
    random = np.random.default_rng(seed)
    image = np.zeros((height, width), np.float32)
    for cells, strength in ((4, 1.0), (16, 0.5), (64, 0.1)):
        shapes = random.standard_normal((cells, cells)).astype(np.float32)
        image += strength * cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC)
    image += 0.03 * random.standard_normal((height, width)).astype(np.float32)
    image = (image - image.min()) / (image.max() - image.min())
    return np.round(image * ((1 << bits) - 1)).astype(np.uint16)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A DICOM file to be written: what it shows and how."""

    pixels: Array
    syntax: uid.UID = uid.ExplicitVRLittleEndian
    bits: int = 12
    allocated: int = 16
    signed: bool = False
    photometric: str = "MONOCHROME2"
    elements: dict[str, object] = field(default_factory=dict)
    encoded: bytes | None = None


def _jpeg_2000(made: Made, level: int | None, *, reversible: bool) -> bytes:
    return imagecodecs.jpeg2k_encode(
        made.pixels, level, codecformat="J2K", bitspersample=made.bits, reversible=reversible, resolutions=6
    )


def _lossless_jpeg(made: Made, predictor: int) -> bytes:
    return imagecodecs.jpeg8_encode(made.pixels, lossless=True, bitspersample=made.bits, predictor=predictor)


def _rle(made: Made) -> bytes:
    return RLELosslessEncoder.encode(
        np.ascontiguousarray(made.pixels),
        rows=made.pixels.shape[0],
        columns=made.pixels.shape[1],
        samples_per_pixel=1,
        bits_allocated=made.allocated,
        bits_stored=made.bits,
        pixel_representation=int(made.signed),
        photometric_interpretation=made.photometric,
        number_of_frames=1,
    )


ENCODERS: dict[str, Callable[[Made], bytes]] = {
    uid.JPEG2000Lossless: lambda made: _jpeg_2000(made, None, reversible=True),
    uid.JPEG2000: lambda made: _jpeg_2000(made, 45, reversible=False),
    uid.JPEGBaseline8Bit: lambda made: imagecodecs.jpeg8_encode(made.pixels, 95),
    uid.JPEGExtended12Bit: lambda made: imagecodecs.jpeg8_encode(made.pixels, 95, bitspersample=12),
    uid.JPEGLossless: lambda made: _lossless_jpeg(made, 6),
    uid.JPEGLosslessSV1: lambda made: _lossless_jpeg(made, 1),
    uid.JPEGLSLossless: lambda made: imagecodecs.jpegls_encode(made.pixels),
    uid.JPEGLSNearLossless: lambda made: imagecodecs.jpegls_encode(made.pixels, 2),
    uid.RLELossless: _rle,
}


def dataset(made: Made) -> Dataset:
    """The DICOM data set, with a patient in its header."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = made.syntax
    data.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    data.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=["made"])
    data.PatientName, data.PatientID, data.PatientBirthDate = NAME, PATIENT, "19600229"
    data.PatientSex, data.PatientAge, data.ViewPosition = "F", "064Y", "PA"
    data.Rows, data.Columns = made.pixels.shape[:2]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, made.photometric
    data.BitsAllocated, data.BitsStored, data.HighBit = made.allocated, made.bits, made.bits - 1
    data.PixelRepresentation = int(made.signed)
    for name, value in made.elements.items():
        setattr(data, name, value)
    if made.encoded is not None:
        data.PixelData = encapsulate([made.encoded])
    elif made.syntax in ENCODERS:
        data.PixelData = encapsulate([ENCODERS[made.syntax](made)])
    else:
        order = ">" if made.syntax == uid.ExplicitVRBigEndian else "<"
        native = made.pixels.astype(f"{order}{'i' if made.signed else 'u'}{made.allocated // 8}")
        data.PixelData = native.tobytes() + b"\0" * (native.nbytes % 2)
    data["PixelData"].VR = "OB" if made.allocated == 8 else "OW"
    return data


@pytest.fixture
def radiograph() -> Callable[..., npt.NDArray[np.uint16]]:
    return make_radiograph


@pytest.fixture
def write_dicom(tmp_path: Path) -> Callable[..., Path]:
    """Writes pixels as a DICOM file: keywords as in `Made`."""

    def write(pixels: Array, name: str = "image.dicom", **what: object) -> Path:
        path = tmp_path / name
        dataset(Made(pixels=pixels, **what)).save_as(path, enforce_file_format=True)
        return path

    return write
