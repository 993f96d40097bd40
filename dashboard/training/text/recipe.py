"""How it was trained, in words."""

import math
from collections.abc import Mapping, Sequence

from cxr_core.settings import ARCHITECTURES
from dashboard import words
from dashboard.notation import counted, percent
from dashboard.training.data.recipe import RunRecipe, Settings
from dashboard.training.data.training_sets import TrainingSet
from dashboard.training.text.names import images, seconds
from dashboard.words import plain

Line = tuple[str, str]
"""What it is about, and how it was."""

_VIEWS = {
    "frontal": "frontal views",
    "PA": "frontal PA views only",
    "AP": "frontal AP views only",
    "all": "all views",
}
_OPTIMIZERS = {"sgd": "stochastic gradient descent", "adamw": "AdamW"}
_SCHEDULES = {
    "constant": "constant",
    "cosine": "falling to 0 along a cosine",
    "one_cycle": "rising to it, then falling to 0 (one cycle)",
}
_SELECTIONS = {
    "last": "those after the last epoch: nothing was chosen",
    "best_epoch": "those of the epoch with the lowest loss on a validation part of the training images",
    "early_stopping": "those of the best epoch, stopped when the loss on a validation part fell no more",
}
_PRECISIONS = {"fp32": "single precision", "bf16": "mixed precision (bf16)"}
_DEVICES = {"cpu": "a processor (CPU)", "cuda": "an NVIDIA GPU", "mps": "an Apple GPU"}

_NOT_RECORDED = "not recorded"


def recipe_lines(settings: Settings, *, training_sets: Sequence[TrainingSet] = ()) -> tuple[Line, ...]:
    """What was trained, on what and how; a line a subject, in Markdown.

    Args:
        settings: Of the run.
        training_sets: What the regimes were trained on; empty where that is not known yet.
    """
    return (
        ("Network", _network(settings)),
        ("Starts from", _start(settings)),
        ("Sees", _sees(settings)),
        ("Trained on", _trained_on(settings, training_sets)),
        ("Members", _members(settings)),
        ("Steps", _steps(settings)),
        ("Learning rate", _rate(settings)),
        ("Against memorizing", _against_memorizing(settings)),
        ("Weights kept", _named(settings.select, _SELECTIONS)),
    )


def cost_lines(recipe: RunRecipe) -> tuple[Line, ...]:
    """What the training took, and where."""
    kind = recipe.device.partition(":")[0]
    device = _DEVICES.get(kind, plain(recipe.device))
    lines = [("Ran on", device)]
    if not math.isnan(recipe.parameters):
        lines.append(("Parameters", f"{recipe.parameters:,.0f} in each network"))
    if not math.isnan(recipe.training_seconds):
        lines.append(("Epochs took", f"{seconds(recipe.training_seconds)}, all members added up"))
    if not math.isnan(recipe.seconds):
        lines.append(("The last command took", f"{seconds(recipe.seconds)}, from its start to the finished results"))
    return tuple(lines)


def inherited(parent: str) -> str:
    """That the members come from another run."""
    return f"These members were trained in the run **{plain(parent)}**; this run tested them elsewhere."


def _network(settings: Settings) -> str:
    return _named(settings.architecture, ARCHITECTURES)


def _start(settings: Settings) -> str:
    if settings.weights is None:
        return _NOT_RECORDED
    known = {"imagenet": "weights trained on ImageNet", "none": "random weights"}
    return known.get(settings.weights, f"the weights file {plain(settings.weights)}")


def _sees(settings: Settings) -> str:
    size = _NOT_RECORDED if settings.size_px is None else f"{settings.size_px} by {settings.size_px} pixels"
    return _joined(size, settings.views and _named(settings.views, _VIEWS))


def _trained_on(settings: Settings, training_sets: Sequence[TrainingSet]) -> str:
    cap = settings.cap and f"at most {settings.cap:,} of a class"
    if not training_sets:
        policy = settings.training_policy and f"classes by {plain(words.policy(settings.training_policy))}"
        return _joined(policy or "classes by the default policy", cap)
    by_regime = ", ".join(
        f"{images(training_set.training)} ({plain(training_set.regime)})"
        for training_set in training_sets
        if training_set.training
    )
    first = training_sets[0]
    return _joined(
        f"{plain(words.dataset(first.dataset))}: {by_regime}", f"classes by {plain(words.policy(first.policy))}", cap
    )


def _members(settings: Settings) -> str:
    if settings.members is None:
        return _NOT_RECORDED
    networks = counted(settings.members, "network")
    held_out = settings.held_out and f"{percent(settings.held_out).replace('.0', '')} held out for split"
    if settings.folds is not None:
        held_out = f"split: {settings.folds} folds, each held out by {networks} of its own"
    seed = None if settings.seed is None else f"seed {settings.seed}"
    return _joined(
        f"{networks} for each of {' and '.join(map(plain, sorted(settings.regimes, reverse=True)))}"
        if settings.regimes
        else networks,
        held_out if "split" in settings.regimes else None,
        seed,
    )


def _steps(settings: Settings) -> str:
    optimizer = _named(settings.optimizer, _OPTIMIZERS)
    if settings.optimizer == "sgd" and settings.momentum is not None:
        optimizer += f" with momentum {settings.momentum:g}"
    return _joined(
        settings.epochs and counted(settings.epochs, "epoch"),
        settings.batch_size and f"batches of {settings.batch_size}",
        optimizer,
        settings.precision and _named(settings.precision, _PRECISIONS),
    )


def _rate(settings: Settings) -> str:
    if settings.learning_rate is None:
        return _NOT_RECORDED
    return _joined(f"{settings.learning_rate:g}", settings.schedule and _named(settings.schedule, _SCHEDULES))


def _against_memorizing(settings: Settings) -> str:
    if settings.weight_decay is None and settings.augment is None:
        return _NOT_RECORDED
    decay = f"weight decay {settings.weight_decay:g}" if settings.weight_decay else "no weight decay"
    light = "images shifted, rotated and changed in contrast a little, never mirrored"
    balanced = "rare classes weigh more" if settings.class_weights == "balanced" else "all images weigh the same"
    return _joined(decay, light if settings.augment == "light" else "images shown as they are", balanced)


def _named(value: str | None, names: Mapping[str, str]) -> str:
    return _NOT_RECORDED if value is None else names.get(value, plain(value.replace("_", " ")))


def _joined(*parts: str | float | None) -> str:
    return ", ".join(str(part) for part in parts if part)
