"""The frame around every page: the comparison that the address asks for, checked, and the pickers that change it."""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st

from cxr_core.store.runs import FoundRun
from dashboard import state, widgets, words
from dashboard.results import folds
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey
from dashboard.results.holdings import holdings
from dashboard.results.primary import Shown, differs, primary
from dashboard.results.runs import Choices, DatasetChoice, by_study, studies, synthetic, without_patients
from dashboard.results.side import Side
from dashboard.text.badges import NO_FILES, ROLE_BASES, SYNTHETIC
from dashboard.text.policies import policies_offered
from dashboard.text.primary import mark
from dashboard.url_choice import url_choice

_SAID = {
    "run": "the run",
    "model": "the model",
    "internal": "the internal test",
    "internal_policy": "the internal label policy",
    "external": "the external test",
    "external_policy": "the external label policy",
}

ALL_RUNS = "runs"
"""The page in the address that lists all runs."""

_SYNTHETIC = "A computer drew these images: no patient stands behind any number here."


def leaves_run_open(runs: Sequence[FoundRun]) -> bool:
    """Whether there are several runs, and neither the address names one nor does the browser remember one of them."""
    is_known = state.asked("run") is not None or any(run.name == state.remembered_run() for run in runs)
    return len(runs) > 1 and not is_known


def asked_run(runs: Sequence[FoundRun]) -> FoundRun:
    """The run that the address names; else the one that was opened last, the newest complete one, or the newest."""
    remembered = [run for run in runs if run.name == state.remembered_run()]
    complete = [run for run in runs if run.state == "complete"]
    name = _asked("run", [run.name for run in runs], default=(*remembered, *complete, *runs)[0].name)
    return next(run for run in runs if run.name == name)


def asked_comparison(run: RunKey, choices: Choices) -> Comparison:
    """The comparison that the address asks for, with the first choice wherever it asks in vain."""
    internal, external = _asked_test("internal", choices.internal), _asked_test("external", choices.external)
    model = _asked("model", choices.models, default=choices.models[0])
    return Comparison(
        run=run,
        model=model,
        internal_dataset=internal[0],
        internal_policy=internal[1],
        external_dataset=external[0],
        external_policy=external[1],
        pooled=folds.pooled(run, model=model),
        synthetic=synthetic(run),
        studies=studies(run),
        without_patients=without_patients(run),
        by_study=by_study(run),
        is_brought=model in choices.brought,
    )


def draw_missed() -> None:
    """Says what the address asks for in vain, and offers the address without it; draws nothing where all is here."""
    missed = state.missed()
    if not missed:
        return
    said = words.listed(list(dict.fromkeys(one.said for one in missed.values())))
    widgets.warning(f"The address asks for {said}. That is not here: the page goes on without it and shows no image.")
    st.button(
        "Take it out of the address",
        key="take_out",
        type="tertiary",
        icon=":material/link_off:",
        on_click=state.go,
        args=({key: one.instead for key, one in missed.items()},),
    )


def draw_run_picker(runs: Sequence[FoundRun], run: FoundRun) -> None:
    """Lets the user pick a run; where there is only one, says which."""
    if len(runs) == 1:
        st.markdown(f":gray[{words.plain(run_label(run))}]", width="content")
    _pick("run", "Run", {each.name: f"{run_label(each)}{_extent(each)}" for each in runs}, shown=run.name)
    if len(runs) > 1:
        st.button("All runs", key="all_runs", type="tertiary", on_click=state.open_page, args=(ALL_RUNS, {}))


def draw_comparison_pickers(choices: Choices, comparison: Comparison, *, shown: Collection[str]) -> None:
    """Lets the user pick model, sites and policies, as far as they change something on the page.

    Args:
        choices: What can be picked.
        comparison: What is picked.
        shown: Of ``model``, ``internal`` (dataset and policy there) and ``external``.
    """
    if "model" in shown:
        models = {name: f"Model: {name if name in choices.brought else words.model(name)}" for name in choices.models}
        _pick("model", "Model", models, shown=comparison.model)
    tests = comparison.tests
    if "internal" in shown and Side.INTERNAL in tests:
        _draw_test_pickers(comparison, tests[Side.INTERNAL], choices.internal)
    if "external" in shown and Side.EXTERNAL in tests:
        _draw_test_pickers(comparison, tests[Side.EXTERNAL], choices.external)


def draw_policies(choices: Choices, comparison: Comparison, *, shown: Collection[str]) -> None:
    """Tells on request what the label policies of the sites do.

    Args:
        choices: What can be picked.
        comparison: What is picked.
        shown: Of ``internal`` and ``external``: the sites that matter on the page.
    """
    tests = [test for side, test in comparison.tests.items() if side in shown]
    if not tests:
        return
    offered = {choice.dataset: choice.policies for choice in (*choices.internal, *choices.external)}
    with st.popover("Policies", type="tertiary", width="content"):
        for test in tests:
            st.markdown(policies_offered(comparison.run, test, offered=offered[test.dataset]))


def draw_synthetic_badge(comparison: Comparison) -> None:
    """Says beside the run's name which of the sites shown a computer drew; nothing where all are real."""
    drawn = [side for side, test in comparison.tests.items() if test.is_synthetic]
    if drawn:
        whose = "" if len(drawn) == len(comparison.tests) else f" :gray[{' and '.join(drawn)}]"
        st.markdown(f"{SYNTHETIC}{whose}", width="content", help=_SYNTHETIC)


def draw_held_badges(comparison: Comparison) -> None:
    """Says what the roles of the sites shown rest on, where it is not the run's own split, and what a run lacks."""
    held = holdings(comparison)
    for basis, badge in ROLE_BASES.items():
        sides = [side for side, test in comparison.tests.items() if held.bases.get(test.dataset) == basis]
        if sides:
            whose = "" if len(sides) == len(comparison.tests) else f" :gray[{' and '.join(sides)}]"
            st.markdown(f"{badge.text}{whose}", width="content", help=badge.meaning)
    if held.is_brought and not held.has_files:
        st.markdown(NO_FILES.text, width="content", help=NO_FILES.meaning)


def draw_primary_mark(comparison: Comparison, *, shown: Shown | None, pickers: Collection[str]) -> None:
    """Says whether a page is about the primary comparison that the run declared, or exploratory.

    Args:
        comparison: What is picked.
        shown: What the page shows; None where it is about no metric: then it only says what is exploratory.
        pickers: What matters on the page, of ``model``, ``internal`` and ``external``.
    """
    declared = primary(comparison)
    if declared is None:
        return
    sides = frozenset(side for side in Side if side in pickers)
    reasons = differs(comparison, declared, shown=shown, sides=sides, has_model="model" in pickers)
    if reasons or shown is not None:
        badge = mark(comparison, declared, reasons=reasons)
        st.markdown(badge.text, width="content", help=badge.meaning)


def run_label(run: FoundRun) -> str:
    """A run's name and day, or why there is nothing to see in it."""
    told = {"complete": f"{run.created_at:%-d %b %Y}", "unfinished": "not complete", "damaged": "cannot be read"}
    return f"{run.name}, {told[run.state]}"


def _extent(run: FoundRun) -> str:
    """``, n = 351 + 592, synthetic``: the images of its tests, and whether a computer drew any."""
    if run.outline is None:
        return ""
    tested = " + ".join(f"{test.n:,}" for test in run.outline.tests.values())
    return f"{f', n = {tested}' if tested else ''}{', synthetic' if run.outline.synthetic else ''}"


def _draw_test_pickers(comparison: Comparison, test: TestSet, datasets: Sequence[DatasetChoice]) -> None:
    policies = {choice.dataset: choice.policies for choice in datasets}
    title = test.side.test.capitalize()
    sites = {name: f"{title}: {comparison.site(name)}" for name in policies}
    _pick(test.side, title, sites, shown=test.dataset, clears=(f"{test.side}_policy",))
    of_site = {name: f"{test.site}: {words.policy(name)}" for name in policies[test.dataset]}
    _pick(f"{test.side}_policy", f"{test.side.capitalize()} label policy", of_site, shown=test.policy)


def _pick(key: str, label: str, options: Mapping[str, str], *, shown: str, clears: Sequence[str] = ()) -> None:
    """Draws nothing where there is nothing to choose."""
    if len(options) > 1:
        url_choice(key, label, options, default=shown, clears=clears, look="list")


def _asked_test(side: str, datasets: Sequence[DatasetChoice]) -> tuple[str | None, str | None]:
    """Dataset and policy of a test; None where the run has none."""
    policies = {choice.dataset: choice.policies for choice in datasets}
    dataset = _asked(side, list(policies), default=next(iter(policies), ""))
    here = policies.get(dataset, ())
    policy = _asked(f"{side}_policy", here, default=next(iter(here), ""))
    return dataset or None, policy or None


def _asked(key: str, options: Sequence[str], *, default: str) -> str:
    return state.choose(key, _SAID[key], options, default=default)
