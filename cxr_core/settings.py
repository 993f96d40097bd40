"""The settings of each component of a run, with the paper's values as defaults; nothing heavy is imported."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import tyro

Architecture = Literal["resnet18", "small", "resnet50", "densenet121"]
ARCHITECTURES: Mapping[str, str] = {
    "resnet18": "ResNet-18",
    "small": "small residual network",
    "resnet50": "ResNet-50",
    "densenet121": "DenseNet-121",
}
"""The architectures, and what each is called in words; `cxr_core.network.trunks` builds them."""

SaliencyMethod = Literal["gradcam++", "layercam", "eigencam"]
Regime = Literal["full", "split"]
Outputs = Literal["softmax", "sigmoid"]
PRESENT_FROM = 0.5
"""The score from which a finding is called present where no threshold is stated."""

Role = Literal["train", "validation", "internal_test", "external_test", "external_adapted", "unused"]


@dataclass(frozen=True, kw_only=True)
class Network:
    """What is trained, and from where it starts.

    Attributes:
        architecture: ``small`` is a residual network for images of about 100 px.
        weights: Starting weights: ``imagenet`` (torchvision's), ``none`` (random), or a safetensors or torch file.
        size_px: Side of the square images that it sees.
    """

    architecture: Architecture = "resnet18"
    weights: str = "imagenet"
    size_px: int = 224


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one member is trained: the paper's recipe unless said otherwise.

    Attributes:
        epochs: Passes over the training images.
        batch_size: Images per step.
        optimizer: ``sgd`` with momentum, as in the paper, or ``adamw``.
        learning_rate: Step size; the peak of it where a schedule varies it.
        momentum: For ``sgd``.
        weight_decay: L2 penalty. The paper's "L2 penalty without weight decay" is read as 0.
        schedule: ``constant``, ``cosine`` (down to 0) or ``one_cycle`` (up, then down to 0).
        class_weights: ``balanced`` weighs the loss by inverse class frequency in the training images.
        augment: ``light``: small shifts, rotations and changes of contrast, never a mirror image.
        precision: ``bf16`` trains in mixed precision; prediction is always fp32.
        select: ``last`` chooses nothing. ``best_epoch`` and ``early_stopping`` choose by the loss on a validation part
            taken out of the training patients.
        patience: For ``early_stopping``: epochs without a better validation loss before stopping.
    """

    epochs: int = 5
    batch_size: int = 32
    optimizer: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine", "one_cycle"] = "constant"
    class_weights: Literal["none", "balanced"] = "none"
    augment: Literal["none", "light"] = "none"
    precision: Literal["fp32", "bf16"] = "fp32"
    select: Literal["last", "best_epoch", "early_stopping"] = "last"
    patience: int = 3


@dataclass(frozen=True, kw_only=True)
class Saliency:
    """Saliency beyond the class activation maps that every prediction brings.

    Attributes:
        methods: Further methods from the grad-cam package.
        images: For how many images of each dataset, drawn by seed.
    """

    methods: Annotated[tuple[SaliencyMethod, ...], tyro.conf.arg(name="saliency-method")] = ()
    images: Annotated[int, tyro.conf.arg(name="saliency-images")] = 100
