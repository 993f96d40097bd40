"""Feeding and explaining networks: `batches` and `saliency`."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch.utils.data import DataLoader, Dataset

from benchmarks.timing import Result, compare
from cxr_core.images.cache import Cached, Pixels, fill
from cxr_core.network import Classifier, as_input, build
from cxr_core.prediction import predict
from cxr_core.settings import Architecture, Network
from cxr_core.tasks import Local

SIZE_PX = 224
BATCH = 32
STORED_IMAGES = 1024
OUR_PASSES = 4
EXPLAINED_IMAGES = 32
EXPLAINED_BY_THEM = 4
CPU = torch.device("cpu")


class JpegFiles(Dataset[npt.NDArray[np.uint8]]):
    """One gray image per file."""

    def __init__(self, files: list[Path]) -> None:
        self.files = [str(path) for path in files]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> npt.NDArray[np.uint8]:
        return np.asarray(cv2.imread(self.files[index], cv2.IMREAD_GRAYSCALE), np.uint8)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Images in memory, shape ``(n, H, W)``."""

    pixels: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """The images of these rows."""
        return self.pixels[rows]


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        return [_batches(Path(folder)), _saliency()]


def _batches(folder: Path) -> Result:
    """Random batches of 32, from disk to a normalized float tensor of one gray channel."""
    network = untrained("small")
    files = _drawn_files(folder / "images")
    pixels = _cached(files, cache=folder / "cache")
    rng = np.random.default_rng(0)
    loader: DataLoader[npt.NDArray[np.uint8]] = DataLoader(
        JpegFiles(files),
        batch_size=BATCH,
        shuffle=True,
        num_workers=2,
        persistent_workers=True,
        multiprocessing_context="spawn",
    )

    def ours() -> None:
        order = np.concatenate([rng.permutation(len(pixels)) for _ in range(OUR_PASSES)])
        for start in range(0, len(order), BATCH):
            _normalized(network, pixels.take(order[start : start + BATCH]))

    def theirs() -> None:
        for batch in loader:
            _normalized(network, batch.numpy())

    return compare(
        "batches",
        ours=ours,
        theirs=theirs,
        what_theirs_is="JPEG files already of 224 px, OpenCV, DataLoader with 2 workers (the best of the usual ways)",
        amount_ours=OUR_PASSES * STORED_IMAGES,
        amount_theirs=STORED_IMAGES,
    )


def _saliency() -> Result:
    """Maps of all six classes; ours come with the prediction."""
    network = untrained("resnet18")
    shown = Shown(pixels=np.stack([drawn(number) for number in range(EXPLAINED_IMAGES)]))

    def ours() -> None:
        predict(network, shown, device=CPU, batch_size=EXPLAINED_IMAGES)

    def theirs() -> None:
        images = as_input(shown.pixels[:EXPLAINED_BY_THEM], device=CPU)
        with GradCAM(model=network, target_layers=[network.trunk]) as cam:
            for finding in range(6):
                cam(input_tensor=images, targets=[ClassifierOutputTarget(finding)] * len(images))

    return compare(
        "saliency",
        ours=ours,
        theirs=theirs,
        what_theirs_is="pytorch-grad-cam GradCAM, once for each of six classes; ResNet-18",
        amount_ours=EXPLAINED_IMAGES,
        amount_theirs=EXPLAINED_BY_THEM,
    )


def untrained(architecture: Architecture) -> Classifier:
    settings = Network(architecture=architecture, weights="none", size_px=SIZE_PX)
    return build(settings, n_classes=6, generator_seed=0, weights_folder=Path()).eval()


def _normalized(network: Classifier, pixels: npt.NDArray[np.uint8]) -> torch.Tensor:
    return network.standardize(as_input(pixels, device=CPU))


def drawn(number: int) -> npt.NDArray[np.uint8]:
    """Soft shapes and grain, equalized: a JPEG of it is as large as one of a radiograph."""
    rng = np.random.default_rng(number)
    soft = cv2.GaussianBlur(rng.normal(size=(SIZE_PX, SIZE_PX)), (0, 0), sigmaX=20)
    grain = rng.normal(size=(SIZE_PX, SIZE_PX)) * soft.std() / 20
    low, high = np.percentile(soft + grain, (0, 100))
    gray = ((soft + grain - low) / (high - low) * 255).astype(np.uint8)
    return np.asarray(cv2.equalizeHist(gray), np.uint8)


def _drawn_files(folder: Path) -> list[Path]:
    folder.mkdir()
    files = [folder / f"{number}.jpg" for number in range(STORED_IMAGES)]
    for number, path in enumerate(files):
        cv2.imwrite(str(path), drawn(number))
    return files


def _cached(files: list[Path], *, cache: Path) -> Pixels:
    results = fill(files, cache=cache, size_px=SIZE_PX, executor=Local(workers=2))
    hashes = [entry.picture_hash for entry in results if isinstance(entry, Cached)]
    if len(hashes) != len(files):
        raise ValueError(f"Expected {len(files)} images in the cache, found {len(hashes)}.")
    return Pixels.open(cache, size_px=SIZE_PX, picture_hashes=hashes)
