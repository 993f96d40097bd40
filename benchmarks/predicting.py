"""Probabilities, features and the maps of all classes in fp32, against a forward pass for probabilities alone."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import DataLoader

from benchmarks.networks import (
    CPU,
    SIZE_PX,
    Batch,
    as_three_channels,
    cached,
    drawn_files,
    limit,
    loader,
    plain_resnet18,
    untrained,
)
from benchmarks.timing import Measured, compare
from cxr_core.images.cache import Pixels
from cxr_core.prediction import predict

IMAGES = 192
BATCH = 64
WHAT = "torchvision ResNet-18 forward, softmax; JPEG files of 224 px, DataLoader with 2 workers; no features, no maps"


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            yield against(name, Path(folder), images=IMAGES)


def against(name: str, folder: Path, *, images: int) -> Measured:
    """Ours from the cache, theirs from JPEG files of the same size in pixels.

    Args:
        name: Of the row.
        folder: An empty one.
        images: How many there are.
    """
    files = drawn_files(folder / "images", count=images)
    hashes = cached(files, cache=folder / "cache")
    pixels = Pixels.open(folder / "cache", size_px=SIZE_PX, picture_hashes=hashes)
    network, plain = untrained("resnet18"), plain_resnet18()
    batches = loader(files, batch_size=BATCH, shuffled=False)
    result = compare(
        name,
        ours=lambda: predict(network, pixels, device=CPU, batch_size=BATCH),
        theirs=lambda: their_probabilities(plain, batches),
        what_theirs_is=WHAT,
        amount_ours=images,
    )
    return Measured(name=name, result=result, limit=limit(network, passes=1))


def their_probabilities(network: torch.nn.Module, batches: DataLoader[Batch]) -> npt.NDArray[np.float32]:
    """Shape ``(n, k)``, in the order of the files."""
    network.eval()
    with torch.inference_mode():
        found = [network(as_three_channels(gray)).softmax(dim=1).numpy() for gray, _ in batches]
    return np.concatenate(found)
