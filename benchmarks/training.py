"""One epoch of the paper's recipe on 256 images: `train_member`, against the plain PyTorch loop of the paper.

Ours begins with the fingerprint and ends with checkpoint and weights on disk; theirs with its weights on disk. Both
take the same images in batches of 32, ResNet-18 of random weights, SGD, cross-entropy, and as many threads.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import torch
from torch.nn import functional
from torch.utils.data import DataLoader

from benchmarks.circumstances import has_bf16
from benchmarks.networks import SIZE_PX, Batch, as_three_channels, cached, drawn_files, limit, loader, plain_resnet18
from benchmarks.networks import untrained as ours_untrained
from benchmarks.timing import Measured, compare
from cxr_core.findings import FINDINGS
from cxr_core.settings import Architecture, Network, Recipe
from cxr_core.training import MemberTask, train_member

IMAGES = 256
WHAT = "the plain PyTorch loop in fp32, torchvision ResNet-18, JPEG files of 224 px, DataLoader with 2 workers"

Precision = Literal["fp32", "bf16"]


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name in names:
        precision: Precision = "bf16" if name == "train_bf16" else "fp32"
        if precision == "bf16" and not has_bf16():
            yield Measured(name=name, result=None, said="This processor has no bf16 instructions.")
            continue
        with tempfile.TemporaryDirectory() as folder:
            yield against(name, Path(folder), images=IMAGES, precision=precision)


def against(name: str, folder: Path, *, images: int, precision: Precision) -> Measured:
    """Both, an epoch a round.

    Args:
        name: Of the row.
        folder: An empty one.
        images: How many an epoch has.
        precision: Of ours; theirs is fp32.
    """
    files = drawn_files(folder / "images", count=images)
    train = our_epoch(folder, hashes=cached(files, cache=folder / "cache"), precision=precision)
    batches = loader(files, batch_size=Recipe().batch_size, shuffled=True)
    result = compare(
        name,
        ours=train,
        theirs=lambda: their_epoch(batches, out=folder / "theirs.pt"),
        what_theirs_is=WHAT,
        amount_ours=images,
    )
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    return Measured(name=name, result=result, limit=limit(ours_untrained("resnet18"), passes=3, dtype=dtype))


def our_epoch(
    folder: Path,
    *,
    hashes: Sequence[str],
    precision: Precision,
    architecture: Architecture = "resnet18",
    device: str = "cpu",
) -> Callable[[], Path]:
    """A call trains a new member for an epoch and gives its weights.

    Args:
        folder: With the cache.
        hashes: Of the images, of which each has one of the classes in turn.
        precision: As in `Recipe`.
        architecture: As in `Network`.
        device: As in `MemberTask`.
    """
    numbers = itertools.count()

    def train() -> Path:
        place = folder / f"member-{next(numbers)}"
        place.mkdir()
        task = MemberTask(
            model_id="member",
            seed=0,
            member=0,
            fold=None,
            network=Network(architecture=architecture, weights="none", size_px=SIZE_PX),
            recipe=Recipe(epochs=1, precision=precision),
            n_classes=len(FINDINGS),
            cache=folder / "cache",
            train=tuple(hashes),
            train_classes=tuple(number % len(FINDINGS) for number in range(len(hashes))),
            device=device,
            weights_folder=place,
            folder=place,
            out=place / "member.safetensors",
            show_progress=False,
        )
        return train_member(task)

    return train


def their_epoch(batches: DataLoader[Batch], *, out: Path) -> list[float]:
    """Trains a new network for an epoch, keeps its weights, and gives the loss of each batch."""
    recipe = Recipe()
    network = plain_resnet18().train()
    optimizer = torch.optim.SGD(network.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum)
    losses = []
    for gray, classes in batches:
        optimizer.zero_grad()
        loss = functional.cross_entropy(network(as_three_channels(gray)), classes)
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    torch.save(network.state_dict(), out)
    return losses
