"""A network with its optimizer: one epoch of it, and all of it as tensors."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from cxr_core.errors import SettingsError
from cxr_core.network.classifier import Classifier, build
from cxr_core.settings import Recipe
from cxr_core.training import augmentation
from cxr_core.training.labelled_images import LabelledImages, in_double, mean_loss, shuffled
from cxr_core.training.objective import class_weights, losses, weights_of
from cxr_core.training.randomness import Purpose, stream, torch_seed
from cxr_core.training.schedule import learning_rate
from cxr_core.training.task import Epoch, MemberTask

_WEIGHT = "weight."
_OPTIMIZER = "optimizer."


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A network in training.

    Attributes:
        task: What it is trained for.
        device: Where.
        network: On that device.
        optimizer: Of its parameters.
    """

    task: MemberTask
    device: torch.device
    network: Classifier
    optimizer: torch.optim.Optimizer

    @classmethod
    def start(cls, task: MemberTask, *, device: torch.device) -> "Learner":
        """A network as it is before the first epoch; raises as `cxr_core.network.build` does."""
        seed = torch_seed(stream(Purpose.START, seed=task.seed, member=task.member, fold=task.fold, epoch=0))
        network = build(
            task.network, n_classes=task.n_classes, generator_seed=seed, weights_folder=task.weights_folder
        ).to(device)
        return cls(task=task, device=device, network=network, optimizer=_optimizer(network, recipe=task.recipe))

    def epoch(
        self, number: int, *, train: LabelledImages, held_out: LabelledImages | None, validation: LabelledImages | None
    ) -> Epoch:
        """Trains for one epoch, then measures.

        Args:
            number: 1, 2, ...; with the task's seeds it decides the order of the images and their augmentation.
            train: Learned from.
            held_out: Only measured.
            validation: Only measured.

        Raises:
            SettingsError: If a loss or a weight is not finite.
        """
        begun = time.perf_counter()
        rate, train_loss = self._learn(number, train)
        if not all(bool(parameter.isfinite().all()) for parameter in self.network.parameters()):
            raise self._diverged(number, "a weight is not finite")
        return Epoch(
            epoch=number,
            train_loss=train_loss,
            held_out_loss=self._measured(held_out, number),
            validation_loss=self._measured(validation, number),
            seconds=time.perf_counter() - begun,
            learning_rate=rate,
        )

    def tensors(self) -> dict[str, torch.Tensor]:
        """Everything that the next epoch depends on, by name."""
        weights = {f"{_WEIGHT}{name}": tensor for name, tensor in self.network.state_dict().items()}
        state = self.optimizer.state_dict()["state"]
        kept = {
            f"{_OPTIMIZER}{parameter}.{name}": tensor
            for parameter, entries in state.items()
            for name, tensor in entries.items()
            if tensor is not None
        }
        return weights | kept

    def restore(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Goes back to where `tensors` was taken."""
        parameters = list(self.network.parameters())
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith(_OPTIMIZER):
                number, _, entry = name.removeprefix(_OPTIMIZER).partition(".")
                state.setdefault(int(number), {})[entry] = _laid_out_like(parameters[int(number)], tensor)
        self.network.load_state_dict(network_tensors(tensors))
        self.optimizer.load_state_dict({"state": state, "param_groups": self.optimizer.state_dict()["param_groups"]})

    def _learn(self, number: int, train: LabelledImages) -> tuple[float, float]:
        task, recipe = self.task, self.task.recipe
        batches = shuffled(len(train.rows), batch_size=recipe.batch_size, generator=self._stream(Purpose.ORDER, number))
        changes = torch.Generator().manual_seed(torch_seed(self._stream(Purpose.AUGMENTATION, number)))
        weights = torch.from_numpy(class_weights(train.labels, n_classes=task.n_classes, recipe=recipe)).to(self.device)
        first_step = (number - 1) * len(batches)
        rates = [
            learning_rate(recipe, step=first_step + step, steps=recipe.epochs * len(batches))
            for step in range(len(batches))
        ]
        total, count = 0.0, 0
        self.network.train()
        label = f"{task.model_id}, epoch {number} of {recipe.epochs}"
        hidden = not task.show_progress
        with tqdm(total=len(train.rows), desc=label, unit=" images", disable=hidden, leave=False) as bar:
            for batch, rate in zip(batches, rates, strict=True):
                images, labels = train.take(batch, device=self.device)
                if recipe.augment == "light":
                    images = augmentation.light(images, generator=changes)
                found = self._step(images, labels, rate=rate, weights=weights)
                total, count = total + self._checked(in_double(found), number), count + found.numel()
                bar.update(len(batch))
        return rates[0], total / count

    def _step(self, images: torch.Tensor, labels: torch.Tensor, *, rate: float, weights: torch.Tensor) -> torch.Tensor:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.task.recipe.precision == "bf16"):
            logits = self.network(images)
        found = losses(logits, labels)
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward((found * weights_of(labels, weights=weights)).mean())
        self.optimizer.step()
        return found.detach()

    def _measured(self, part: LabelledImages | None, number: int) -> float | None:
        return None if part is None else self._checked(mean_loss(self.network, part, device=self.device), number)

    def _stream(self, purpose: Purpose, epoch: int) -> np.random.Generator:
        return stream(purpose, seed=self.task.seed, member=self.task.member, fold=self.task.fold, epoch=epoch)

    def _checked(self, loss: float, number: int) -> float:
        if not math.isfinite(loss):
            raise self._diverged(number, f"the loss is {loss}")
        return loss

    def _diverged(self, number: int, found: str) -> SettingsError:
        return SettingsError(
            f"{self.task.model_id}: training has diverged in epoch {number} ({found}). Try a lower learning rate than "
            f"{self.task.recipe.learning_rate:g}, a larger batch, or fp32 precision."
        )


def network_tensors(tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The network's own tensors among those of a `Learner`."""
    return {name.removeprefix(_WEIGHT): tensor for name, tensor in tensors.items() if name.startswith(_WEIGHT)}


def _laid_out_like(parameter: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    # Files hold tensors in one memory format; in another, a device may choose another kernel and round otherwise.
    return torch.empty_like(parameter).copy_(tensor) if tensor.shape == parameter.shape else tensor


def _optimizer(network: Classifier, *, recipe: Recipe) -> torch.optim.Optimizer:
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    return torch.optim.SGD(
        network.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum, weight_decay=recipe.weight_decay
    )
