"""A shard of images, predicted by one member and kept in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from cxr_core import files
from cxr_core.errors import DataError, UnreadableError
from cxr_core.images.cache import Pixels
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.network.classifier import load as load_network
from cxr_core.network.device import choose_device
from cxr_core.network.images import OpenImages
from cxr_core.network.tensor_file import read, read_metadata, write
from cxr_core.prediction.inference import Predictions, predict
from cxr_core.settings import Network, Outputs

RULES = 1
"""Raised whenever prediction as written here would give other numbers: files of before are then made again."""


@dataclass(frozen=True, kw_only=True)
class PredictionTask:
    """A member and a shard of images.

    Attributes:
        model_id: The member's name in the results.
        weights: Its weights file.
        network: Its settings.
        outputs: Whether one class excludes the others.
        cache: The image cache.
        picture_hashes: The images.
        device: As in `cxr_core.network.device.choose_device`.
        out: The file to write.
    """

    model_id: str
    weights: Path
    network: Network
    outputs: Outputs = "softmax"
    cache: Path
    picture_hashes: tuple[str, ...]
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
                "images": self.picture_hashes,
            }
            | ({} if self.outputs == "softmax" else {"outputs": self.outputs})
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
    images = open_images(task.cache, size_px=task.network.size_px, picture_hashes=task.picture_hashes)
    network = load_network(task.weights, network=task.network)
    predictions = predict(network, images, outputs=task.outputs, device=choose_device(task.device), on_batch=on_batch)
    columns = {
        "probability": predictions.probability,
        "features": predictions.features,
        "maps": predictions.maps,
        "scale": predictions.scale,
    }
    tensors = {name: torch.from_numpy(column) for name, column in columns.items()}
    write(task.out, tensors=tensors, metadata={"fingerprint": fingerprint})
    return task.out


def load(path: Path) -> Predictions:
    """What `predict_shard` wrote.

    Raises:
        DataError: If the file is missing, damaged or something else.
    """
    tensors = read(path, is_ours=True).tensors
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
        read(out, is_ours=True)
    except UnreadableError:
        raise
    except DataError:
        return False
    return True
