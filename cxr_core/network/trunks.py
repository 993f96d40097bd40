"""The trunks: from a standardized image to the last feature maps, all of them at least 0."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from cxr_core.settings import Architecture

# Channel statistics of ImageNet, on values in [0, 1], that torchvision's networks were trained with.
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)
# An equalized image has about as many pixels of each gray: mean 1/2, standard deviation 1/sqrt(12).
_EQUALIZED_MEAN = (0.5,)
_EQUALIZED_STD = (0.2887,)


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """A trunk with random weights, and what it wants to see.

    Attributes:
        layers: From ``(b, len(mean), H, W)`` to feature maps ``(b, channels, h, w)``, all at least 0.
        channels: Of the feature maps.
        mean: Subtracted from values in [0, 1], one for each input channel.
        std: Then divided by.
    """

    layers: nn.Module
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Builder:
    """How an architecture is built.

    Attributes:
        trunk: Builds it with random weights, from torch's default generator.
        imagenet: What torchvision calls its ImageNet weights; None: there are none.
    """

    trunk: Callable[[], Trunk]
    imagenet: str | None = None


def random_trunk(architecture: Architecture) -> Trunk:
    """A trunk of that architecture, initialised from torch's default generator."""
    return BUILDERS[architecture].trunk()


# torchvision takes a second to import, which the small network can do without.
def _resnet(name: str) -> Trunk:
    from torchvision import models

    network = models.get_model(name)
    kept = [(name, layer) for name, layer in network.named_children() if name not in {"avgpool", "fc"}]
    return _of_three_channels(OrderedDict(kept), channels=network.fc.in_features)


def _densenet121() -> Trunk:
    from torchvision import models

    network = models.densenet121()
    # torchvision applies this ReLU between its features and its pooling: the maps are what is pooled.
    layers = OrderedDict(features=network.features, relu=nn.ReLU())
    return _of_three_channels(layers, channels=network.classifier.in_features)


def _of_three_channels(layers: OrderedDict[str, nn.Module], *, channels: int) -> Trunk:
    return Trunk(layers=nn.Sequential(layers), channels=channels, mean=_IMAGENET_MEAN, std=_IMAGENET_STD)


def _small() -> Trunk:
    """For images of about 100 px: maps of a quarter of the side, a receptive field of about 45 px.

    A deeper one, whose receptive field exceeded the image, put its saliency peaks anywhere. Kernels are even where they
    stride, so that each cell of a map lies over the middle of what it sees: with odd ones the maps lay half a cell off.
    """
    stem = nn.Sequential(
        nn.Conv2d(1, 16, kernel_size=6, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU()
    )
    layers = nn.Sequential(
        OrderedDict(
            stem=stem,
            block1=_Residual(channels_in=16, channels_out=16, stride=1),
            block2=_Residual(channels_in=16, channels_out=32, stride=2),
            block3=_Residual(channels_in=32, channels_out=64, stride=1),
        )
    )
    return Trunk(layers=layers, channels=64, mean=_EQUALIZED_MEAN, std=_EQUALIZED_STD)


class _Residual(nn.Module):
    """Two convolutions beside a shortcut.

    Source: He et al., Deep Residual Learning for Image Recognition, 2016, figure 2; He et al., Bag of Tricks for Image
    Classification, 2019, figure 2c, for a shortcut that averages before it projects.
    """

    def __init__(self, *, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(channels_in, channels_out, kernel_size=2 + stride, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(channels_out),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride),
                nn.Conv2d(channels_in, channels_out, kernel_size=1, bias=False),
                nn.BatchNorm2d(channels_out),
            )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.path(images) + self.shortcut(images))


BUILDERS: Mapping[Architecture, Builder] = {
    "resnet18": Builder(trunk=partial(_resnet, "resnet18"), imagenet="ResNet18_Weights.IMAGENET1K_V1"),
    "small": Builder(trunk=_small),
    "resnet50": Builder(trunk=partial(_resnet, "resnet50"), imagenet="ResNet50_Weights.IMAGENET1K_V1"),
    "densenet121": Builder(trunk=_densenet121, imagenet="DenseNet121_Weights.IMAGENET1K_V1"),
}
"""Of each architecture of `cxr_core.settings.ARCHITECTURES`."""
