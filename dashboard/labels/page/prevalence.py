"""The prevalence of findings at both sites, where one does not exclude the others."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.distribution import Mix
from dashboard.labels.data.prevalence import changes, most_changed_first, prevalence, prevalences
from dashboard.labels.figures.policies import policies
from dashboard.labels.figures.prevalence import prevalence_figure
from dashboard.labels.page.sites import UNDER, source, tests
from dashboard.labels.text.prevalence import described, how_frequent, policies_described, unlabelled
from dashboard.labels.text.sites import site
from dashboard.notation import Estimate, told_of
from dashboard.results import runs
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download
from dashboard.url_choice import url_choice


def answer(comparison: Comparison) -> str:
    """Which prevalence changed most."""
    return how_frequent(*_found(comparison))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    found, between = _found(comparison)
    under = "chosen"
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if any(len(runs.policies(comparison.run, dataset=test.dataset)) > 1 for test in found):
            under = url_choice("under", "Label policies", UNDER)
        if under == "chosen":
            for test, mix in found.items():
                st.markdown(site(test, is_test=True, images=mix.images), width="content")
    if under == "chosen":
        _show_chosen(comparison, found, between)
    else:
        for test in found:
            _show_policies(comparison, test, between)


def _show_chosen(comparison: Comparison, found: Mapping[TestSet, Mix], between: Mapping[str, Estimate]) -> None:
    show_figure(
        lambda colors: prevalence_figure(found, between=between, palette=colors),
        key="prevalence",
        alt=described(found),
        source=source(
            comparison,
            {test: mix.images for test, mix in found.items()},
            name="prevalence",
            title="Prevalence of each finding, where its presence is known",
        ),
    )
    if said := unlabelled(found):
        st.caption(said)
    _offer(comparison, list(found.items()), name="labels_prevalence")


def _show_policies(comparison: Comparison, test: TestSet, between: dict[str, Estimate]) -> None:
    found = [most_changed_first(mix, between) for mix in prevalences(comparison.run, test)]
    st.markdown(site(test, is_test=True))
    show_figure(
        lambda colors: policies(
            found,
            shown=test.policy,
            reach=_reach(comparison),
            color=test.side.color(colors),
            palette=colors,
        ),
        key=f"policies_{test.role}",
        alt=policies_described(found),
        source=source(
            comparison,
            {test: next((each.images for each in found if each.policy == test.policy), 0)},
            name=f"prevalence_by_policy_{test.side}",
            title="Prevalence of each finding under each label policy",
        ),
    )
    _offer(comparison, [(test, each) for each in found], name="labels_prevalence_by_policy", of=test.side)


def _reach(comparison: Comparison) -> float:
    """The greatest share of either site under any of its policies."""
    mixes = (mix for test in tests(comparison) for mix in prevalences(comparison.run, test))
    return max((row.share.value for mix in mixes for row in mix.classes if row.share.is_number), default=0.0)


def _offer(comparison: Comparison, found: Sequence[tuple[TestSet, Mix]], *, name: str, of: str = "") -> None:
    under = ", under each label policy" if of else ""
    widgets.download(
        Download(
            run=comparison.run.name,
            name=name,
            of=of,
            holds=told_of(
                comparison.noun, f"The share of each finding among the images where its presence is known{under}"
            ),
            rows=lambda: [row for test, mix in found for row in downloads.prevalence_rows(comparison.run, test, mix)],
        )
    )


def _found(comparison: Comparison) -> tuple[dict[TestSet, Mix], dict[str, Estimate]]:
    found = {test: prevalence(comparison.run, test) for test in tests(comparison)}
    mixes = list(found.values())
    between = changes(*mixes) if len(mixes) > 1 else {}
    return {test: most_changed_first(mix, between) for test, mix in found.items()}, between
