"""A gray image as a DICOM file, as VinBigData has them: 12 bit, some MONOCHROME1, most compressed without loss."""

from datetime import date
from pathlib import Path
from typing import Literal

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ComputedRadiographyImageStorage, ExplicitVRLittleEndian, JPEG2000Lossless, generate_uid

Gray16 = npt.NDArray[np.uint16]


def write_dicom(
    path: Path,
    values: Gray16,
    *,
    bits: int,
    inverted: bool,
    compressed: bool,
    sex: Literal["F", "M"] | None,
    age_years: int | None,
    maker: str | None,
    study_date: date | None,
) -> None:
    """Writes a DICOM file whose header says that the image is synthetic.

    Args:
        path: Where; its name becomes part of the instance's UID, so that the same image gives the same file.
        values: Shape ``(rows, columns)``, 0 is black.
        bits: Of each value.
        inverted: Store it as MONOCHROME1, where 0 is white.
        compressed: As JPEG 2000 without loss, else plain.
        sex: For the header.
        age_years: For the header.
        maker: Of the machine, for the header.
        study_date: For the header.
    """
    stored = np.uint16((1 << bits) - 1) - values if inverted else values
    dataset = _header(path.stem, syntax=JPEG2000Lossless if compressed else ExplicitVRLittleEndian)
    dataset.PatientSex = sex
    dataset.PatientAge = None if age_years is None else f"{age_years:03d}Y"
    dataset.Manufacturer = maker
    dataset.StudyDate = None if study_date is None else study_date.strftime("%Y%m%d")
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME1" if inverted else "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.WindowCenter, dataset.WindowWidth = 1 << bits - 1, 1 << bits
    if compressed:
        stream = imagecodecs.jpeg2k_encode(stored, codecformat="j2k", level=0, reversible=True, bitspersample=bits)
        dataset.PixelData = encapsulate([bytes(stream)])
        dataset["PixelData"].VR = "OB"
    else:
        dataset.PixelData = stored.astype("<u2").tobytes()
        dataset["PixelData"].VR = "OW"
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


def _header(name: str, *, syntax: UID) -> FileDataset:
    instance = generate_uid(entropy_srcs=[name])
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage
    meta.MediaStorageSOPInstanceUID = instance
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset(name, {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = ComputedRadiographyImageStorage, instance
    dataset.Modality = "CR"
    dataset.SyntheticData = "YES"
    return dataset
