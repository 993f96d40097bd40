"""How the members of a run were trained: its settings, as it wrote them down."""

import json
import math
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.database import RunKey, Value, ask, number

_SQL = """
    SELECT config, parent, device, seconds,
        (SELECT any_value(parameters) FROM model WHERE member IS NOT NULL),
        (SELECT sum(seconds) FROM epoch)
    FROM run
"""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings behind a training; empty or None for one that is not recorded or, as `cap` and `folds`, was not set.

    Attributes:
        classes: What the network tells apart.
        architecture: Of the network.
        weights: Starting weights: ``imagenet``, ``none``, or a file's name.
        size_px: Side of the square images.
        views: Which projections took part.
        training_policy: The label policy that decided what was trained on, where one was named.
        cap: At most this many images of a class.
        held_out: Share of the images that ``split`` held out, in (0, 1).
        folds: Instead of that, so many folds.
        regimes: ``full``, ``split`` or both.
        members: Networks for each of them (and each fold).
        seed: Of everything that was drawn.
        epochs: Passes over the training images.
        batch_size: Images a step.
        optimizer: ``sgd`` or ``adamw``.
        learning_rate: Step size, or its peak.
        momentum: For ``sgd``.
        weight_decay: L2 penalty.
        schedule: ``constant``, ``cosine`` or ``one_cycle``.
        class_weights: ``none`` or ``balanced``.
        augment: ``none`` or ``light``.
        precision: ``fp32`` or ``bf16``.
        select: How the epoch was chosen whose weights were kept.
    """

    classes: tuple[str, ...]
    architecture: str | None
    weights: str | None
    size_px: int | None
    views: str | None
    training_policy: str | None
    cap: int | None
    held_out: float | None
    folds: int | None
    regimes: tuple[str, ...]
    members: int | None
    seed: int | None
    epochs: int | None
    batch_size: int | None
    optimizer: str | None
    learning_rate: float | None
    momentum: float | None
    weight_decay: float | None
    schedule: str | None
    class_weights: str | None
    augment: str | None
    precision: str | None
    select: str | None


@dataclass(frozen=True, kw_only=True)
class RunRecipe:
    """The settings of a complete run, and what they cost.

    Attributes:
        settings: How it was trained.
        parent: The run that trained the members, if this one only tested them.
        parameters: Of one member; NaN if not recorded.
        device: On what.
        seconds: How long the command took that completed the run; NaN if not recorded.
        training_seconds: All epochs of all members together; NaN if there are none.
    """

    settings: Settings
    parent: str | None
    parameters: float
    device: str
    seconds: float
    training_seconds: float


@st.cache_data(max_entries=64, show_spinner=False)
def recipe(run: RunKey) -> RunRecipe:
    """How the members of a complete run were trained."""
    config, parent, device, seconds, parameters, training = ask(run, _SQL)[0]
    return RunRecipe(
        settings=settings(str(config)),
        parent=None if parent is None else str(parent),
        parameters=number(parameters),
        device=str(device),
        seconds=_finite(seconds),
        training_seconds=_finite(training),
    )


def settings(config: str) -> Settings:
    """The settings in a run's configuration.

    Args:
        config: JSON, as the table `run` and the file `run.json` hold it. What is missing there is None.
    """
    run = _Group(_read(config)).group("experiment")
    network, own = run.group("network"), run.group("recipe")
    return Settings(
        classes=run.texts("findings"),
        architecture=network.text("architecture"),
        weights=network.text("weights"),
        size_px=network.count("size_px"),
        views=run.text("views"),
        training_policy=run.text("training_policy"),
        cap=run.count("cap"),
        held_out=run.real("held_out"),
        folds=run.count("folds"),
        regimes=run.texts("regimes"),
        members=run.count("members"),
        seed=run.count("seed"),
        epochs=own.count("epochs"),
        batch_size=own.count("batch_size"),
        optimizer=own.text("optimizer"),
        learning_rate=own.real("learning_rate"),
        momentum=own.real("momentum"),
        weight_decay=own.real("weight_decay"),
        schedule=own.text("schedule"),
        class_weights=own.text("class_weights"),
        augment=own.text("augment"),
        precision=own.text("precision"),
        select=own.text("select"),
    )


class _Group:
    """A group of settings in JSON from any release: what is missing, or of another kind, is None."""

    def __init__(self, values: object) -> None:
        self._values = cast("dict[str, object]", values) if isinstance(values, dict) else {}

    def group(self, name: str) -> "_Group":
        return _Group(self._values.get(name))

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._values.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else ()

    def real(self, name: str) -> float | None:
        value = self._values.get(name)
        return float(value) if isinstance(value, int | float) else None

    def count(self, name: str) -> int | None:
        value = self._values.get(name)
        return value if isinstance(value, int) else None


def _finite(value: Value) -> float:
    found = number(value)
    return found if math.isfinite(found) else math.nan


def _read(config: str) -> object:
    try:
        return json.loads(config)
    except ValueError:
        return None
