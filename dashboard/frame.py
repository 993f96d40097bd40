"""The frame around every page: the place that the address asks for, checked, and the row of pickers that changes it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from cxr_core.store.runs import FoundRun
from dashboard import state, widgets, words
from dashboard.queries import folds
from dashboard.queries.runs import Choices, DatasetChoice, RunKey

_SAID = {
    "run": "the run",
    "model": "the model",
    "internal": "the internal test",
    "home": "the label policy at home",
    "site": "the external test",
    "abroad": "the label policy abroad",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the address asks for, as far as it exists.

    Attributes:
        place: What is shown.
        missing: What the address asks for in vain, in words.
    """

    place: state.Place
    missing: tuple[str, ...]


def asked_run(found: Sequence[FoundRun]) -> FoundRun:
    """The run that the address names; else the newest complete one; else the newest."""
    named = [run for run in found if run.name == state.asked("run")]
    complete = [run for run in found if run.state == "complete"]
    return (*named, *complete, *found)[0]


def asked_place(run: RunKey, choices: Choices) -> Checked:
    """The place that the address asks for, with the first choice wherever it asks for nothing that exists."""
    internal = _asked_dataset("internal", choices.homes)
    site = _asked_dataset("site", choices.sites) if choices.sites else None
    model = _asked("model", choices.models)
    place = state.Place(
        run=run,
        model=model,
        internal=internal.dataset,
        home=_asked("home", internal.policies),
        site=site.dataset if site else None,
        abroad=_asked("abroad", site.policies) if site else None,
        pooled=folds.pooled(run, model=model),
    )
    shown = place.address()
    missing = [
        f"{said} “{asked}”"
        for key, said in _SAID.items()
        if (asked := state.asked(key)) is not None and asked != shown.get(key)
    ]
    return Checked(place=place, missing=tuple(missing))


def draw_run_picker(found: Sequence[FoundRun], run: FoundRun) -> None:
    """Lets the user pick a run; where there is only one, says which."""
    labels = {each.name: run_label(each) for each in found}
    if len(found) == 1:
        st.markdown(f":gray[{words.plain(labels[run.name])}]", width="content")
    widgets.picker("run", "Run", tuple(labels), shown=run.name, written=labels.__getitem__)


def draw_place_pickers(choices: Choices, place: state.Place, *, shown: Collection[str]) -> None:
    """Lets the user pick model, sites and policies, as far as they change something on the page.

    Args:
        choices: What can be picked.
        place: What is picked.
        shown: Of ``model``, ``home`` (dataset and policy there) and ``abroad``.
    """
    if "model" in shown:
        widgets.picker(
            "model", "Model", choices.models, shown=place.model, written=lambda name: f"Model: {words.model(name)}"
        )
    if "home" in shown:
        _draw_site_pickers(
            ("internal", "home"), ("Internal test", "at home"), choices.homes, shown=(place.internal, place.home)
        )
    if "abroad" in shown and place.site is not None and place.abroad is not None:
        _draw_site_pickers(
            ("site", "abroad"), ("External test", "abroad"), choices.sites, shown=(place.site, place.abroad)
        )


def run_label(run: FoundRun) -> str:
    """A run's name and day, or why there is nothing to see in it."""
    told = {"complete": f"{run.created_at:%-d %b %Y}", "unfinished": "not complete", "damaged": "cannot be read"}
    return f"{run.name}, {told[run.state]}"


def _draw_site_pickers(
    keys: tuple[str, str], said: tuple[str, str], datasets: Sequence[DatasetChoice], *, shown: tuple[str, str]
) -> None:
    policies = {choice.dataset: choice.policies for choice in datasets}
    dataset, policy = shown
    widgets.picker(
        keys[0],
        said[0],
        tuple(policies),
        shown=dataset,
        written=lambda name: f"{said[0]}: {words.dataset(name)}",
        clears=(keys[1],),
    )
    widgets.picker(
        keys[1],
        f"Label policy {said[1]}",
        policies[dataset],
        shown=policy,
        written=lambda name: f"{words.dataset(dataset)}: {words.policy(name)}",
    )


def _asked(key: str, options: Sequence[str]) -> str:
    asked = state.asked(key)
    return asked if asked is not None and asked in options else options[0]


def _asked_dataset(key: str, options: Sequence[DatasetChoice]) -> DatasetChoice:
    name = _asked(key, [option.dataset for option in options])
    return next(option for option in options if option.dataset == name)
