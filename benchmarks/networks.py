"""Networks and images that several benchmarks share: drawn images as JPEG files, in the cache and in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torchvision
from torch.utils.data import DataLoader, Dataset
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.circumstances import operations_a_second
from benchmarks.timing import Limit
from cxr_core.findings import FINDINGS
from cxr_core.images.cache import Cached, fill
from cxr_core.network import Classifier, as_input, build
from cxr_core.settings import Architecture, Network
from cxr_core.tasks import Local

SIZE_PX = 224
CPU = torch.device("cpu")
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Batch = tuple[torch.Tensor, torch.Tensor]


class JpegFiles(Dataset[tuple[npt.NDArray[np.uint8], int]]):
    """One gray image and its class per file."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = [str(path) for path in files]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.uint8], int]:
        image = np.asarray(cv2.imread(self.files[index], cv2.IMREAD_GRAYSCALE), np.uint8)
        return image, index % len(FINDINGS)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Images in memory, shape ``(n, H, W)``."""

    pixels: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """The images of these rows."""
        return self.pixels[rows]


def loader(files: Sequence[Path], *, batch_size: int, shuffled: bool) -> DataLoader[Batch]:
    """The usual way from files to batches: two workers that stay from epoch to epoch.

    Args:
        files: JPEG files already of 224 px.
        batch_size: Images at a time.
        shuffled: Whether their order is random.
    """
    images = cast("Dataset[Batch]", JpegFiles(files))  # what comes out of the loader is put together as tensors
    return DataLoader(
        images,
        batch_size=batch_size,
        shuffle=shuffled,
        num_workers=2,
        persistent_workers=True,
        multiprocessing_context="spawn",
    )


def untrained(architecture: Architecture) -> Classifier:
    """Ours, with random weights for six classes, switched to evaluation."""
    settings = Network(architecture=architecture, weights="none", size_px=SIZE_PX)
    return build(settings, n_classes=len(FINDINGS), generator_seed=0, weights_folder=Path()).eval()


def plain_resnet18() -> torch.nn.Module:
    """Theirs: torchvision's ResNet-18 as it is, with a last layer for six classes."""
    network: torch.nn.Module = torchvision.models.resnet18(weights=None, num_classes=len(FINDINGS))
    return network


def as_three_channels(images: torch.Tensor) -> torch.Tensor:
    """What torchvision's networks take, shape ``(b, 3, H, W)``, from 8-bit gray images ``(b, H, W)``."""
    colours = images.float().div(255).unsqueeze(1).expand(-1, 3, -1, -1)
    normalized: torch.Tensor = torchvision.transforms.functional.normalize(colours, IMAGENET_MEAN, IMAGENET_STD)
    return normalized


def limit(network: Classifier, *, passes: int, dtype: torch.dtype = torch.float32) -> Limit:
    """Images a second, if every operation were done as fast as large matrices are multiplied on this machine.

    Args:
        network: Whose operations are counted.
        passes: 1 forward; 3 with the way back, which is as long twice.
        dtype: In which it computes.
    """
    image = as_input(drawn(0)[np.newaxis], device=CPU)
    with FlopCounterMode(display=False) as counted, torch.inference_mode():
        network.eval()(image)
    kind = "bf16" if dtype == torch.bfloat16 else "fp32"
    value = operations_a_second(dtype) / (passes * counted.get_total_flops())
    return Limit(value=value, what=f"its operations at the measured {kind} GEMM peak")


def drawn(number: int) -> npt.NDArray[np.uint8]:
    """Soft shapes and grain, equalized: a JPEG of it is as large as one of a radiograph."""
    rng = np.random.default_rng(number)
    soft = cv2.GaussianBlur(rng.normal(size=(SIZE_PX, SIZE_PX)), (0, 0), sigmaX=20)
    grain = rng.normal(size=(SIZE_PX, SIZE_PX)) * soft.std() / 20
    low, high = np.percentile(soft + grain, (0, 100))
    gray = ((soft + grain - low) / (high - low) * 255).astype(np.uint8)
    return np.asarray(cv2.equalizeHist(gray), np.uint8)


def drawn_files(folder: Path, *, count: int) -> list[Path]:
    """So many drawn images as JPEG files in a new folder."""
    folder.mkdir()
    files = [folder / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(files):
        cv2.imwrite(str(path), drawn(number))
    return files


def cached(files: Sequence[Path], *, cache: Path) -> tuple[str, ...]:
    """The picture hashes of files that are now in a cache."""
    results = fill(files, cache=cache, size_px=SIZE_PX, executor=Local(workers=2))
    hashes = tuple(entry.picture_hash for entry in results if isinstance(entry, Cached))
    if len(hashes) != len(files):
        raise ValueError(f"Expected {len(files)} images in the cache, found {len(hashes)}.")
    return hashes
