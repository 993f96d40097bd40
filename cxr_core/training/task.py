"""The task of training one member, and the records of its epochs."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cxr_core import files
from cxr_core.errors import DataError, SettingsError
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.network.device import choose_device
from cxr_core.network.tensor_file import read_metadata
from cxr_core.settings import Network, Recipe
from cxr_core.training.objective import Label, has_label

RULES = 1
"""Raised whenever training as written here would give other numbers: no checkpoint of before is then gone on from."""


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """One pass over the training images.

    Attributes:
        epoch: 1, 2, ...
        train_loss: Mean cross-entropy of the training images as they were met, before class weights.
        held_out_loss: Mean cross-entropy of the held-out images after the epoch; None where nothing is held out.
        validation_loss: Likewise of the validation images; None where nothing is chosen during training.
        seconds: Wall time.
        learning_rate: At the epoch's first step.
    """

    epoch: int
    train_loss: float
    held_out_loss: float | None
    validation_loss: float | None
    seconds: float
    learning_rate: float


@dataclass(frozen=True, kw_only=True)
class MemberTask:
    """One member to be trained.

    Attributes:
        model_id: Its name in the results.
        seed: The run's seed, at least 0.
        member: Its number within the regime, at least 0.
        fold: Which fold is held out; None without folds.
        network: What is trained.
        recipe: How.
        n_classes: How many classes it tells apart.
        cache: The image cache.
        train: Picture hashes of the training images.
        train_classes: Their classes, 0 to ``n_classes - 1``; or rows of presence, as in `objective`.
        held_out: Picture hashes of images whose loss is followed, never learned from; may be empty.
        held_out_classes: Their classes; -1 has none and is passed over.
        validation: Picture hashes of the images that choose the epoch; empty unless the recipe selects.
        validation_classes: Their classes; -1 has none and is passed over.
        device: As in `cxr_core.network.device.choose_device`.
        weights_folder: Where ImageNet's weights lie or go.
        folder: For checkpoints; other members may use the same.
        out: The weights file to write, ``.safetensors``.
        show_progress: Whether a bar is drawn on stderr.

    Raises:
        ValueError: If images and classes differ in number, a training image has no class, or a seed is negative.
        SettingsError: If there is no epoch, there are fewer than two training images or a batch holds fewer, or the
            recipe selects without validation images.
    """

    model_id: str
    seed: int
    member: int
    fold: int | None
    network: Network
    recipe: Recipe
    n_classes: int
    cache: Path
    train: tuple[str, ...]
    train_classes: tuple[Label, ...]
    held_out: tuple[str, ...] = ()
    held_out_classes: tuple[Label, ...] = ()
    validation: tuple[str, ...] = ()
    validation_classes: tuple[Label, ...] = ()
    device: str
    weights_folder: Path
    folder: Path
    out: Path
    show_progress: bool = True

    def __post_init__(self) -> None:
        parts = (
            ("train", self.train, self.train_classes, 0),
            ("held_out", self.held_out, self.held_out_classes, -1),
            ("validation", self.validation, self.validation_classes, -1),
        )
        for name, images, classes, lowest in parts:
            _check_part(name, images, classes, lowest=lowest, n_classes=self.n_classes)
        if min(self.seed, self.member, self.fold or 0) < 0:
            raise ValueError(f"Seed, member and fold start at 0, found {self.seed}, {self.member}, {self.fold}.")
        if self.recipe.epochs < 1:
            raise SettingsError(f"{self.model_id}: expected at least one epoch, found {self.recipe.epochs}.")
        if min(len(self.train), self.recipe.batch_size) < 2:
            raise SettingsError(
                f"{self.model_id}: expected at least two training images and batches of at least two, since batch "
                f"normalization has nothing to compare one image with; found {len(self.train)} images and batches of "
                f"{self.recipe.batch_size}. Choose another policy, more images or a larger batch."
            )
        if self.recipe.select != "last" and not any(map(has_label, self.validation_classes)):
            raise SettingsError(
                f"{self.model_id}: {self.recipe.select} chooses by a validation part, and none of its images has a "
                "class. Take a larger part, or select the last epoch."
            )

    def fingerprint(self) -> str:
        """A hash of everything that decides the weights, wherever the files lie; other settings have another."""
        network = asdict(self.network)
        if self.network.weights not in {"imagenet", "none"}:
            network["weights"] = _digest(Path(self.network.weights))
        return files.fingerprint(
            {
                "rules": RULES,
                "torch": torch.__version__,
                "device": choose_device(self.device).type,
                "pixels": pipeline_fingerprint(self.network.size_px),
                "random": (self.seed, self.member, self.fold),
                "network": network,
                "classes": self.n_classes,
                "recipe": asdict(self.recipe),
                "train": (self.train, self.train_classes),
                "held_out": (self.held_out, self.held_out_classes),
                "validation": (self.validation, self.validation_classes),
            }
        )


def epochs_as_json(epochs: Sequence[Epoch]) -> str:
    """Epochs as they are kept beside weights."""
    return json.dumps([asdict(epoch) for epoch in epochs])


def epochs_from_json(text: str) -> tuple[Epoch, ...]:
    """Epochs as `epochs_as_json` wrote them.

    Raises:
        ValueError: If the text is anything else.
    """
    try:
        return tuple(Epoch(**entry) for entry in json.loads(text))
    except TypeError as error:
        raise ValueError(f"Expected a list of epochs, found {text[:80]!r}.") from error


def read_epochs(out: Path) -> tuple[Epoch, ...]:
    """The epochs of a trained member, first to last, from its weights file.

    Raises:
        DataError: If the file is not one that training wrote.
    """
    try:
        return epochs_from_json(read_metadata(out)["epochs"])
    except (KeyError, ValueError):
        raise DataError(f"{out} is not the weights file of a trained member: it tells of no epochs.") from None


def _check_part(name: str, hashes: tuple[str, ...], classes: tuple[Label, ...], *, lowest: int, n_classes: int) -> None:
    if len(hashes) != len(classes):
        raise ValueError(f"{name}: expected a class for each image, found {len(classes)} for {len(hashes)}.")
    rows = [each for each in classes if isinstance(each, tuple)]
    if any(len(row) != n_classes or not {*row} <= {1, 0, -1} or (lowest == 0 and not has_label(row)) for row in rows):
        raise ValueError(f"{name}: expected rows of {n_classes} of 1, 0 and -1, in training with one that is known.")
    wrong = [each for each in classes if not isinstance(each, tuple) and not lowest <= each < n_classes]
    if wrong:
        raise ValueError(f"{name}: expected classes from {lowest} to {n_classes - 1}, found {wrong[0]}.")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        raise DataError(f"No weights file at {path}. Check the path.") from None
