"""Saliency: the class activation maps that every prediction brings, and other methods on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import torch

from cxr_core.images.pixels import Images
from cxr_core.network.classifier import Classifier
from cxr_core.network.device import reproducible
from cxr_core.network.images import as_input

if TYPE_CHECKING:
    from pytorch_grad_cam.base_cam import BaseCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

Method = Literal["gradcam++", "layercam", "eigencam"]


@dataclass(frozen=True, kw_only=True)
class Maps:
    """Saliency maps of n images for all k classes, each scaled to its own maximum.

    Attributes:
        maps: Shape ``(n, k, h, w)``, uint8, 255 at the maximum; all 0 where a map is nowhere positive.
        scale: Shape ``(n, k)``, float32, what 255 stands for; 0 where a map is nowhere positive, NaN where undefined.
    """

    maps: npt.NDArray[np.uint8]
    scale: npt.NDArray[np.float32]

    def without(self, classes: Sequence[int]) -> "Maps":
        """The same, but that the maps of some classes, by their indices, are nowhere positive."""
        if not classes:
            return self
        maps, scale = self.maps.copy(), self.scale.copy()
        maps[:, list(classes)], scale[:, list(classes)] = 0, 0
        return Maps(maps=maps, scale=scale)


def class_activation_maps(features: torch.Tensor, *, weight: torch.Tensor) -> torch.Tensor:
    """What each place of the feature maps adds to each class's logit, where that is positive.

    For a network of global average pooling and one linear layer this is Grad-CAM at the pooled layer, times the number
    of places (its gradients are the weights over that number). Before negative values were cut off, the mean of a map
    was the class's logit less its bias.

    Args:
        features: What is pooled, shape ``(n, c, h, w)``.
        weight: Of the linear layer, shape ``(k, c)``.

    Returns:
        Shape ``(n, k, h, w)``, at least 0.

    Source:
        Zhou et al., Learning Deep Features for Discriminative Localization, 2016, equation 2; Selvaraju et al.,
        Grad-CAM, 2017, section 3.1, for the ReLU and the identity.
    """
    return torch.einsum("kc,nchw->nkhw", weight, features).relu()


def encode(maps: npt.NDArray[np.float32]) -> Maps:
    """Maps as they are stored.

    Args:
        maps: Shape ``(n, k, h, w)``, at least 0; a map with NaN is undefined.

    Returns:
        Each scaled to its own maximum, off by at most half of 1/255 of it.
    """
    scale = maps.max(axis=(2, 3), initial=0.0).astype(np.float32)
    safe = np.where(scale > 0, scale, 1)[..., None, None]
    shares = np.where(np.isnan(scale)[..., None, None], 0, maps) / safe
    return Maps(maps=np.rint(shares * 255).astype(np.uint8), scale=scale)


def decode(encoded: Maps) -> npt.NDArray[np.float32]:
    """Maps in the units of their method, shape ``(n, k, h, w)``; NaN where the scale is."""
    return encoded.maps.astype(np.float32) / np.float32(255) * encoded.scale[..., None, None]


def other_method(
    network: Classifier, images: Images, *, method: Method, device: torch.device, batch_size: int = 16
) -> Maps:
    """Maps by another method of the grad-cam package, at the resolution of the feature maps, in the method's own units.

    Args:
        network: Switched to evaluation, moved to `device`.
        images: n images, at least one.
        method: ``eigencam`` knows no classes: the maps of all classes are one. Its sign is arbitrary, and is chosen so
            that the strongest value is positive.
        device: Where.
        batch_size: Images at a time.

    Returns:
        Negative values cut off, then as in `encode`.
    """
    network = network.to(device).eval()
    batches = [np.arange(start, min(start + batch_size, len(images))) for start in range(0, len(images), batch_size)]
    with reproducible(device):
        found = [_batch(network, as_input(images.take(rows), device=device), method=method) for rows in batches]
    return encode(np.concatenate(found))


def _batch(network: Classifier, images: torch.Tensor, *, method: Method) -> npt.NDArray[np.float32]:
    # The package brings matplotlib and scikit-learn along.
    from pytorch_grad_cam import EigenCAM, GradCAMPlusPlus, LayerCAM

    kinds = {"gradcam++": GradCAMPlusPlus, "layercam": LayerCAM, "eigencam": EigenCAM}
    with kinds[method](model=network, target_layers=[network.trunk]) as cam:
        if method == "eigencam":
            cam.activations_and_grads(images)
            projection = _strongest_positive(_map(cam, images, targets=[], gradients=None))
            maps = [projection] * network.head.out_features
        else:
            maps = _by_class(cam, network, images)
    return np.maximum(np.stack(maps, axis=1), 0)


def _by_class(cam: "BaseCAM", network: Classifier, images: torch.Tensor) -> list[npt.NDArray[np.float32]]:
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    seen, maps = cam.activations_and_grads, []
    logits = seen(images)
    for finding in range(network.head.out_features):
        # The package wants one target for each image: with one for a whole batch it would differentiate the first image
        # only (its issue 328).
        targets = [ClassifierOutputTarget(finding)] * len(images)
        scores = [target(output) for target, output in zip(targets, logits, strict=True)]
        torch.autograd.backward(scores, retain_graph=True)
        newest = seen.gradients[0]
        maps.append(_map(cam, images, targets=targets, gradients=newest.numpy()))
    network.zero_grad()
    return maps


def _map(
    cam: "BaseCAM",
    images: torch.Tensor,
    *,
    targets: "list[ClassifierOutputTarget]",
    gradients: npt.NDArray[np.float32] | None,
) -> npt.NDArray[np.float32]:
    activations = cam.activations_and_grads.activations[0].numpy()
    layer = cam.target_layers[0]
    # Its own call would resize each map to the image, and stretch it from its minimum to its maximum.
    found = cam.get_cam_image(images, layer, targets, activations, gradients, eigen_smooth=False)
    return np.asarray(found, np.float32)


def _strongest_positive(maps: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    flipped = maps.max(axis=(1, 2), keepdims=True) < -maps.min(axis=(1, 2), keepdims=True)
    return np.where(flipped, -maps, maps)
