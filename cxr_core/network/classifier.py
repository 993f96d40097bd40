"""One network: a trunk of feature maps, global average pooling, and one linear layer with an output for each class.

Every architecture has this shape, so that the maps of all classes are a weighted sum of the last feature maps (see
`cxr_core.saliency`), and saliency always reads the same layer: `Classifier.trunk`.
"""

from pathlib import Path

import torch
from torch import nn

from cxr_core.errors import DataError
from cxr_core.network.starting_weights import imagenet_trunk, started_from
from cxr_core.network.tensor_file import check_finite, read
from cxr_core.network.trunks import Trunk, random_trunk
from cxr_core.settings import Network


class Classifier(nn.Module):
    """A logit for each of k classes from gray images, which it standardizes itself.

    Attributes:
        trunk: From standardized images to feature maps ``(b, c, h, w)``, all at least 0: the layer that saliency reads.
        head: From their means over the map, ``(b, c)``, to the logits ``(b, k)``.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, *, trunk: Trunk, n_classes: int) -> None:
        super().__init__()
        self.trunk = trunk.layers
        self.head = nn.Linear(trunk.channels, n_classes)
        self.register_buffer("mean", torch.tensor(trunk.mean).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(trunk.std).view(1, -1, 1, 1), persistent=False)
        # Faster on the CPU; the first convolution brings its input along. torch 2.14.1 crashed in backward with it at a
        # width of 12: all of ours are multiples of 16.
        self.to(memory_format=torch.channels_last)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """A logit per image and class.

        Args:
            images: Gray, shape ``(b, 1, H, W)``, floats in [0, 1], as `cxr_core.network.images.as_input` makes them.

        Returns:
            Shape ``(b, k)``.
        """
        logits: torch.Tensor = self.head(self.features(images).mean(dim=(2, 3)))
        return logits

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """The last feature maps, shape ``(b, c, h, w)``, all at least 0; arguments as in `forward`."""
        maps: torch.Tensor = self.trunk(self.standardize(images))
        return maps

    def standardize(self, images: torch.Tensor) -> torch.Tensor:
        """What the trunk sees: gray repeated to its number of channels, by the statistics that it was made for."""
        return (images - self.mean).div_(self.std)


def build(network: Network, *, n_classes: int, generator_seed: int, weights_folder: Path) -> Classifier:
    """A network that is ready to be trained.

    Args:
        network: What to build, and from where it starts.
        n_classes: How many classes it tells apart.
        generator_seed: Decides every weight that does not come from a file; torch's own generator is left as it was.
        weights_folder: Where ImageNet's weights are looked for, and downloaded to.

    Returns:
        The network, on the CPU.

    Raises:
        SettingsError: If there are no ImageNet weights of this architecture, or they are not at hand and cannot be
            downloaded.
        DataError: If a weights file is missing, damaged, or of another architecture.
    """
    classifier = _random(network, n_classes=n_classes, generator_seed=generator_seed)
    if network.weights == "imagenet":
        classifier.trunk.load_state_dict(imagenet_trunk(network.architecture, folder=weights_folder))
    elif network.weights != "none":
        classifier.load_state_dict(started_from(Path(network.weights), own=classifier.state_dict()))
    return classifier


def load(weights: Path, *, network: Network) -> Classifier:
    """A trained member, on the CPU, for as many classes as it was trained for.

    Args:
        weights: What `cxr_core.training` wrote.
        network: Its settings.

    Raises:
        DataError: If the file is missing, damaged, or not a member of this architecture.
    """
    stored = read(weights, is_ours=True)
    check_finite(weights, stored.tensors)
    try:
        classifier = _random(network, n_classes=len(stored.tensors["head.bias"]), generator_seed=0)
        classifier.load_state_dict(dict(stored.tensors))
    except (KeyError, TypeError, RuntimeError) as error:
        raise DataError(
            f"{weights} does not hold a trained {network.architecture}; by its own account it is of the architecture "
            f"{stored.metadata.get('architecture', 'unknown')!r}. Give the architecture that it was trained with."
        ) from error
    return classifier


def _random(network: Network, *, n_classes: int, generator_seed: int) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(generator_seed)
        return Classifier(trunk=random_trunk(network.architecture), n_classes=n_classes)
