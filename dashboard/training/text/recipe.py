"""The recipe of a training, in words."""

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


def recipe_lines(settings: Settings, *, training_sets: Sequence[TrainingSet] = (), site: str = "") -> tuple[Line, ...]:
    """What was trained, on what and how; a line a subject, in Markdown.

    Args:
        settings: Of the run.
        training_sets: What the regimes were trained on; empty where that is not known yet.
        site: Their dataset as pages name it, plain text.
    """
    return (
        ("Network", _network(settings)),
        ("Starts from", _start(settings)),
        ("Sees", _sees(settings)),
        ("Trained on", _trained_on(settings, training_sets, site=site)),
        ("Members", _members(settings)),
        ("Steps", _steps(settings)),
        ("Learning rate", _rate(settings)),
        ("Regularization", _regularization(settings)),
        ("Weights kept", _named(settings.text("select"), _SELECTIONS)),
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
    return _named(settings.text("architecture"), ARCHITECTURES)


def _start(settings: Settings) -> str:
    weights = settings.text("weights")
    if weights is None:
        return _NOT_RECORDED
    known = {"imagenet": "weights trained on ImageNet", "none": "random weights"}
    return known.get(weights, f"the weights file {plain(weights)}")


def _sees(settings: Settings) -> str:
    size_px = settings.count("size_px")
    size = _NOT_RECORDED if size_px is None else f"{size_px} by {size_px} pixels"
    return _joined(size, _optional(settings.text("views"), _VIEWS))


def _trained_on(settings: Settings, training_sets: Sequence[TrainingSet], *, site: str) -> str:
    most, asked = settings.count("cap"), settings.text("training_policy")
    cap = most and f"at most {most:,} of a class"
    if not training_sets:
        policy = asked and f"label policy “{plain(words.policy(asked))}”"
        return _joined(policy or "default label policy", cap)
    by_regime = ", ".join(
        f"{images(training_set.training)} ({plain(training_set.regime)})"
        for training_set in training_sets
        if training_set.training
    )
    first = training_sets[0]
    return _joined(f"{plain(site)}: {by_regime}", f"label policy “{plain(words.policy(first.policy))}”", cap)


def _members(settings: Settings) -> str:
    members, regimes = settings.count("members"), settings.texts("regimes")
    if members is None:
        return _NOT_RECORDED
    networks = counted(members, "network")
    seed = settings.count("seed")
    return _joined(
        f"{networks} for each of {' and '.join(map(plain, sorted(regimes, reverse=True)))}" if regimes else networks,
        _held_out(settings, networks) if "split" in regimes else None,
        None if seed is None else f"seed {seed}",
    )


def _held_out(settings: Settings, networks: str) -> str | None:
    folds, share = settings.count("folds"), settings.real("held_out")
    if folds is not None:
        return f"split: {folds} folds, each held out by {networks} of its own"
    return f"{percent(share).replace('.0', '')} held out for split" if share else None


def _steps(settings: Settings) -> str:
    optimizer, momentum = settings.text("optimizer"), settings.real("momentum")
    epochs, batch_size = settings.count("epochs"), settings.count("batch_size")
    with_momentum = f" with momentum {momentum:g}" if optimizer == "sgd" and momentum is not None else ""
    return _joined(
        epochs and counted(epochs, "epoch"),
        batch_size and f"batches of {batch_size}",
        _named(optimizer, _OPTIMIZERS) + with_momentum,
        _optional(settings.text("precision"), _PRECISIONS),
    )


def _rate(settings: Settings) -> str:
    rate = settings.real("learning_rate")
    return _NOT_RECORDED if rate is None else _joined(f"{rate:g}", _optional(settings.text("schedule"), _SCHEDULES))


def _regularization(settings: Settings) -> str:
    decay, augment = settings.real("weight_decay"), settings.text("augment")
    if decay is None and augment is None:
        return _NOT_RECORDED
    return _joined(
        f"weight decay {decay:g}" if decay else "no weight decay",
        "images shifted, rotated and changed in contrast a little, never mirrored"
        if augment == "light"
        else "images shown as they are",
        "rare classes weigh more" if settings.text("class_weights") == "balanced" else "all images weigh the same",
    )


def _optional(value: str | None, names: dict[str, str]) -> str | None:
    return _named(value, names) if value else None


def _named(value: str | None, names: Mapping[str, str]) -> str:
    return _NOT_RECORDED if value is None else names.get(value, plain(value.replace("_", " ")))


def _joined(*parts: str | float | None) -> str:
    return ", ".join(str(part) for part in parts if part)
