"""How many files a second become 224 x 224 harmonized pixels, against the script that most people run.

Radiographs are made here: about 2,500 x 3,000 px of 12 bits with the grain of a detector, as DICOM, and 390 x 320 px
as JPEG. Both sides work in two processes of the same pool.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom import Dataset, dcmread, uid
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_voi_lut

from benchmarks.timing import Result, compare
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import decoding_px, harmonize
from cxr_core.tasks import Failure, run_all
