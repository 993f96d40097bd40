"""The settings that the members of a run were trained with, as it wrote them down."""

import json
import math
from collections.abc import Mapping
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


@dataclass(frozen=True)
class Settings:
    """The settings behind a training, under the names that `cxr_core.experiment.Experiment` and its parts give them.

    Runs of any release are shown: what is missing, or of another kind than asked for, is not recorded.

    Attributes:
        values: From name to value, as JSON has it.
    """

    values: Mapping[str, object]

    def text(self, name: str) -> str | None:
        """A name or a choice."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Several of them; empty if they are not recorded."""
        value = self.values.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else ()

    def real(self, name: str) -> float | None:
        """A number."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else None

    def count(self, name: str) -> int | None:
        """A whole number."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None


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
        config: JSON, as the table `run` and the file `run.json` hold it.
    """
    run = _group(_group(_read(config)).get("experiment"))
    return Settings({**run, **_group(run.get("network")), **_group(run.get("recipe"))})


def _group(values: object) -> dict[str, object]:
    return cast("dict[str, object]", values) if isinstance(values, dict) else {}


def _finite(value: Value) -> float:
    found = number(value)
    return found if math.isfinite(found) else math.nan


def _read(config: str) -> object:
    try:
        return json.loads(config)
    except ValueError:
        return None
