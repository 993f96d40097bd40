"""The same files through torchxrayvision, read and resized as its documentation says.

Its reader applies no window and no equalization; it crops the middle square.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import torchvision
import torchxrayvision

from benchmarks.decode import SIZE_PX, against, files_of, pool
from benchmarks.timing import Measured

WHAT = "torchxrayvision load_image, XRayCenterCrop, XRayResizer(224), each with its defaults"
_LIKE = {"decode_xrv_j2k": "decode_j2k", "decode_xrv_small": "decode_jpeg_small"}


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        with tempfile.TemporaryDirectory() as folder, pool() as run:
            files = files_of(_LIKE[name], folder=Path(folder))
            yield against(name, run, replace(files, usual=usual, what=WHAT))


def usual(path: Path) -> int:
    """At least 1: a sum of what is around zero could be 0."""
    return int(abs(_transform()(torchxrayvision.utils.load_image(str(path)))).sum()) + 1


@cache
def _transform() -> torchvision.transforms.Compose:
    datasets = torchxrayvision.datasets
    return torchvision.transforms.Compose([datasets.XRayCenterCrop(), datasets.XRayResizer(SIZE_PX)])
