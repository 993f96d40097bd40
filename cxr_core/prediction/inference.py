"""One pass of a member through images: probabilities, features and the saliency of all classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from cxr_core.errors import DataError
from cxr_core.images.pixels import Images
from cxr_core.network.classifier import Classifier
from cxr_core.network.device import reproducible
from cxr_core.network.images import as_input
from cxr_core.saliency import Maps, class_activation_maps, encode
from cxr_core.settings import Outputs


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a member says of n images.

    Attributes:
        probability: Softmax or sigmoid, shape ``(n, k)``, float32; NaN of findings that were not trained.
        features: What the last layer reads, shape ``(n, d)``, float32.
        maps: Class activation maps, shape ``(n, k, h, w)``, uint8, each scaled to its own maximum.
        scale: What 255 stands for in each map, shape ``(n, k)``, float32; 0 where a map is nowhere positive.
    """

    probability: npt.NDArray[np.float32]
    features: npt.NDArray[np.float32]
    maps: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float32]

    def without(self, not_trained: Sequence[int]) -> "Predictions":
        """The same, but that nothing is said of some findings, by their indices: no score, and an empty map."""
        if not not_trained:
            return self
        probability = self.probability.copy()
        probability[:, list(not_trained)] = np.nan
        maps = Maps(maps=self.maps, scale=self.scale).without(not_trained)
        return replace(self, probability=probability, maps=maps.maps, scale=maps.scale)


def predict(
    network: Classifier,
    images: Images,
    *,
    outputs: Outputs = "softmax",
    device: torch.device,
    batch_size: int = 64,
    on_batch: Callable[[int], None] | None = None,
) -> Predictions:
    """Everything that one forward pass per image gives, in fp32.

    Args:
        network: Switched to evaluation, moved to `device`.
        images: n images.
        outputs: Whether one class excludes the others.
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
            logits = network.head(pooled)
            given = logits.softmax(dim=1) if outputs == "softmax" else logits.sigmoid()
            probability.append(given.cpu().numpy())
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
