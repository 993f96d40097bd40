"""The settings that differ between runs, as each wrote them down."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from dashboard.results.database import RunKey, ask


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One setting that is not the same in all runs.

    Attributes:
        name: As it is stored.
        values: Of each run, as JSON has it; None also where a run does not have it.
    """

    name: str
    values: tuple[object, ...]


def differences(runs: Sequence[RunKey]) -> tuple[Difference, ...]:
    """The settings that are not the same in all runs, in the order of the first run that has them."""
    recorded = [settings(run) for run in runs]
    names = dict.fromkeys(name for own in recorded for name in own)
    found = (Difference(name=name, values=tuple(own.get(name) for own in recorded)) for name in names)
    return tuple(each for each in found if any(value != each.values[0] for value in each.values))


@st.cache_data(max_entries=64, show_spinner=False)
def settings(run: RunKey) -> dict[str, object]:
    """The settings of a run by their names, those of its parts too; none where they cannot be read."""
    ((config,),) = ask(run, "SELECT config FROM run")
    try:
        read = json.loads(str(config))
    except ValueError:
        return {}
    return dict(_leaves(_group(_group(read).get("experiment"))))


def _leaves(group: Mapping[str, object], *, within: str = "") -> Iterator[tuple[str, object]]:
    for name, value in group.items():
        if isinstance(value, dict):
            yield from _leaves(_group(value), within="" if name in ("network", "recipe") else f"{name}_")
        else:
            yield f"{within}{name}", value


def _group(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
