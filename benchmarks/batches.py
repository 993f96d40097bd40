"""Random training batches of 32, from disk to a normalized float tensor of one gray channel."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.circumstances import copied_bytes_a_second
from benchmarks.networks import CPU, SIZE_PX, cached, drawn_files, loader, untrained
from benchmarks.timing import Limit, Measured, compare
from cxr_core.images.cache import Pixels
from cxr_core.network import Classifier, as_input

BATCH = 32
IMAGES = 1024
OUR_PASSES = 4
_FLOAT_BYTES = 4


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
    network = untrained("small")
    files = drawn_files(folder / "images", count=images)
    hashes = cached(files, cache=folder / "cache")
    pixels = Pixels.open(folder / "cache", size_px=SIZE_PX, picture_hashes=hashes)
    rng = np.random.default_rng(0)
    batches = loader(files, batch_size=BATCH, shuffled=True)

    def ours() -> None:
        order = np.concatenate([rng.permutation(len(pixels)) for _ in range(OUR_PASSES)])
        for start in range(0, len(order), BATCH):
            _normalized(network, pixels.take(order[start : start + BATCH]))

    def theirs() -> None:
        for gray, _ in batches:
            _normalized(network, gray.numpy())

    result = compare(
        name,
        ours=ours,
        theirs=theirs,
        what_theirs_is="JPEG files already of 224 px, OpenCV, DataLoader with 2 workers (the best of the usual ways)",
        amount_ours=OUR_PASSES * images,
        amount_theirs=images,
    )
    per_image = SIZE_PX**2 * (1 + _FLOAT_BYTES)
    most = Limit(value=copied_bytes_a_second() / per_image, what="its bytes copied once in memory, by one thread")
    return Measured(name=name, result=result, limit=most)


def _normalized(network: Classifier, pixels: npt.NDArray[np.uint8]) -> torch.Tensor:
    return network.standardize(as_input(pixels, device=CPU))
