"""Training and predicting on a GPU, against the same network on tensors that lie on it already.

What ours does besides (images from the cache, checkpoints, features, maps) should hide behind the network.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from benchmarks.networks import SIZE_PX, cached, drawn_files, untrained
from benchmarks.timing import Measured, Result, compare
from benchmarks.training import our_epoch
from cxr_core.findings import FINDINGS
from cxr_core.images.cache import Pixels
from cxr_core.network import as_input
from cxr_core.prediction import predict
from cxr_core.settings import Architecture, Recipe

DRAWN = 512
PASSES = 16
BATCH = 64


@dataclass(frozen=True, kw_only=True)
class Resident:
    """Images in the cache, and the same on the device.

    Attributes:
        folder: With the cache.
        hashes: Of the images, some more than once.
        pixels: On the device, shape ``(n, 1, H, W)``, in [0, 1].
        architecture: What is trained.
        device: Where.
    """

    folder: Path
    hashes: tuple[str, ...]
    pixels: torch.Tensor
    architecture: Architecture
    device: torch.device

    @property
    def in_cache(self) -> Pixels:
        """The images as they are read from the cache."""
        return Pixels.open(self.folder / "cache", size_px=SIZE_PX, picture_hashes=self.hashes)


def measure(names: Sequence[str]) -> Iterator[Measured]:
    if not torch.cuda.is_available():
        yield from (Measured(name=name, result=None, said="There is no GPU here.") for name in names)
        return
    with tempfile.TemporaryDirectory() as folder:
        images = resident(Path(folder), drawn=DRAWN, passes=PASSES, device="cuda")
        for name in names:
            yield Measured(name=name, result=AGAINST[name](name, images))


def resident(
    folder: Path, *, drawn: int, passes: int, device: str, architecture: Architecture = "resnet18"
) -> Resident:
    """Draws images, fills a cache and puts them on the device.

    Args:
        folder: An empty one.
        drawn: Different images.
        passes: How often each is taken.
        device: Where.
        architecture: What is to be trained.
    """
    hashes = cached(drawn_files(folder / "images", count=drawn), cache=folder / "cache") * passes
    place = torch.device(device)
    pixels = Pixels.open(folder / "cache", size_px=SIZE_PX, picture_hashes=hashes[:drawn])
    on_device = as_input(pixels.take(np.arange(drawn)), device=place).repeat(passes, 1, 1, 1)
    return Resident(folder=folder, hashes=hashes, pixels=on_device, architecture=architecture, device=place)


def train_against(name: str, images: Resident) -> Result:
    """An epoch of each a round."""
    ours = our_epoch(
        images.folder,
        hashes=images.hashes,
        precision="fp32",
        architecture=images.architecture,
        device=images.device.type,
    )
    return compare(
        name,
        ours=ours,
        theirs=lambda: their_epoch(images),
        what_theirs_is="the same network, batch size and optimizer on tensors that lie on the GPU",
        amount_ours=len(images.hashes),
    )


def predict_against(name: str, images: Resident) -> Result:
    """All images of each a round."""
    network, in_cache = untrained(images.architecture).to(images.device), images.in_cache
    return compare(
        name,
        ours=lambda: predict(network, in_cache, device=images.device, batch_size=BATCH),
        theirs=lambda: their_probabilities(network, images),
        what_theirs_is="the same network forward, probabilities alone, on tensors that lie on the GPU",
        amount_ours=len(images.hashes),
    )


def their_epoch(images: Resident) -> float:
    """Trains a new network for an epoch; gives the last loss, once the device is done."""
    recipe = Recipe()
    network = untrained(images.architecture).to(images.device).train()
    optimizer = torch.optim.SGD(network.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)
    classes = torch.arange(len(images.pixels), device=images.device) % len(FINDINGS)
    loss = torch.zeros(())
    order = torch.randperm(len(images.pixels), device=images.device)
    for start in range(0, len(order), recipe.batch_size):
        rows = order[start : start + recipe.batch_size]
        loss = functional.cross_entropy(network(images.pixels[rows]), classes[rows])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return loss.item()


def their_probabilities(network: torch.nn.Module, images: Resident) -> npt.NDArray[np.float32]:
    """Shape ``(n, k)``."""
    with torch.inference_mode():
        starts = range(0, len(images.pixels), BATCH)
        found = [network(images.pixels[start : start + BATCH]).softmax(dim=1) for start in starts]
        return np.asarray(torch.cat(found).cpu().numpy())


AGAINST: Mapping[str, Callable[[str, Resident], Result]] = {
    "train_gpu": train_against,
    "predict_gpu": predict_against,
}
