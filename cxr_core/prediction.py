"""One walk of a member through images: probabilities, features and the saliency of all six classes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from cxr_core import files
from cxr_core.errors import DataError
from cxr_core.images.cache import Pixels
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.network.classifier import Classifier
from cxr_core.network.classifier import load as load_network
from cxr_core.network.device import choose_device, reproducible
from cxr_core.network.images import Images, OpenImages, as_input
from cxr_core.network.tensor_file import read, read_metadata, write
from cxr_core.saliency import class_activation_maps, encode
from cxr_core.settings import Network

RULES = 1
"""Raised whenever prediction as written here would give other numbers: files of before are then made again."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a member says of n images.

    Attributes:
        probability: Softmax, shape ``(n, 6)``, float32.
        features: What the last layer reads, shape ``(n, d)``, float32.
        maps: Class activation maps, shape ``(n, 6, h, w)``, uint8, each scaled to its own maximum.
        scale: What 255 stands for in each map, shape ``(n, 6)``, float32; 0 where a map is nowhere positive.
    """

    probability: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]
    maps: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class PredictionTask:
    """A member and a shard of images.

    Attributes:
        model_id: The member's name in the results.
        weights: Its weights file.
        network: Its settings.
        cache: The image cache.
        content_hashes: The images.
        device: As in `cxr_core.network.device.choose_device`.
        out: The file to write.
    """

    model_id: str
    weights: Path
    network: Network
    cache: Path
    content_hashes: tuple[str, ...]
    device: str
    out: Path

    def fingerprint(self) -> str:
        """A hash of everything that decides the predictions, wherever the files lie.

        Raises:
            DataError: If the weights are not a member's.
        """
        digest = read_metadata(self.weights).get("digest")
        if digest is None:
            raise DataError(f"{self.weights} is not the weights file of a trained member. Train it again.")
        return files.fingerprint(
            {
                "rules": RULES,
                "torch": torch.__version__,
                "device": choose_device(self.device).type,
                "pixels": pipeline_fingerprint(self.network.size_px),
                "architecture": self.network.architecture,
                "weights": digest,
                "images": self.content_hashes,
            }
        )


def predict(
    network: Classifier,
    images: Images,
    *,
    device: torch.device,
    batch_size: int = 64,
    on_batch: Callable[[int], None] | None = None,
) -> Predictions:
    """Everything that one forward pass per image gives, in fp32.

    Args:
        network: Switched to evaluation, moved to `device`.
        images: n images.
        device: Where.
        batch_size: Images at a time.
        on_batch: Called after each batch with its number of images.

    Returns:
        In the order of the images.

    Raises:
        ValueError: If there are no images.
        DataError: If the network answers with numbers that are not finite.
    """
    if not len(images):
        raise ValueError("Expected at least one image to predict.")
    network = network.to(device).eval()
    probability, features, maps = [], [], []
    with torch.inference_mode(), reproducible(device):
        for start in range(0, len(images), batch_size):
            rows = np.arange(start, min(start + batch_size, len(images)))
            trunk = network.features(as_input(images.take(rows), device=device))
            pooled = trunk.mean(dim=(2, 3))
            probability.append(network.head(pooled).softmax(dim=1).cpu().numpy())
            features.append(pooled.cpu().numpy())
            maps.append(encode(class_activation_maps(trunk, weight=network.head.weight).cpu().numpy()))
            if not np.isfinite(probability[-1]).all():
                raise DataError(
                    "The network answers with numbers that are not finite: its weights are unusable. Train it again."
                )
            if on_batch is not None:
                on_batch(len(rows))
    return Predictions(
        probability=np.concatenate(probability),
        features=np.concatenate(features),
        maps=np.concatenate([batch.maps for batch in maps]),
        scale=np.concatenate([batch.scale for batch in maps]),
    )


def predict_shard(
    task: PredictionTask, *, on_batch: Callable[[int], None] | None = None, open_images: OpenImages = Pixels.open
) -> Path:
    """Predicts a shard of images and writes the predictions whole.

    Args:
        task: Which member, which images. Nothing is computed if ``task.out`` is there, whole, and of its fingerprint.
        on_batch: Called after each batch with its number of images.
        open_images: Opens images of the cache.

    Returns:
        ``task.out``.

    Raises:
        SettingsError: If the device is not there.
        DataError: If an image is not in the cache, or the weights do not fit or are unusable.
    """
    fingerprint = task.fingerprint()
    if _is_whole(task.out, fingerprint=fingerprint):
        return task.out
    files.sweep(task.out.parent)
    images = open_images(task.cache, size_px=task.network.size_px, content_hashes=task.content_hashes)
    network = load_network(task.weights, network=task.network)
    found = predict(network, images, device=choose_device(task.device), on_batch=on_batch)
    columns = {
        "probability": found.probability,
        "features": found.features,
        "maps": found.maps,
        "scale": found.scale,
    }
    tensors = {name: torch.from_numpy(column) for name, column in columns.items()}
    write(task.out, tensors=tensors, metadata={"fingerprint": fingerprint})
    return task.out


def load(path: Path) -> Predictions:
    """What `predict_shard` wrote.

    Raises:
        DataError: If the file is missing, damaged or something else.
    """
    tensors = read(path).tensors
    try:
        return Predictions(
            probability=tensors["probability"].numpy(),
            features=tensors["features"].numpy(),
            maps=tensors["maps"].numpy(),
            scale=tensors["scale"].numpy(),
        )
    except KeyError as error:
        raise DataError(
            f"{path} holds no predictions: {error} is missing. Delete it, so that it is made again."
        ) from None


def _is_whole(out: Path, *, fingerprint: str) -> bool:
    if read_metadata(out).get("fingerprint") != fingerprint:
        return False
    try:
        read(out)
    except DataError:
        return False
    return True
