"""The prevalence of findings at both sites, where one does not exclude the others."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.distribution import Mix
from dashboard.labels.data.prevalence import changes, most_changed_first, prevalence
from dashboard.labels.figures.prevalence import prevalences
from dashboard.labels.page.sites import source, tests
from dashboard.labels.text.prevalence import described, how_frequent, unlabelled
from dashboard.labels.text.sites import site
from dashboard.notation import Estimate, told_of
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download


def answer(comparison: Comparison) -> str:
    """Which prevalence changed most."""
    return how_frequent(*_found(comparison))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    found, between = _found(comparison)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for test, mix in found.items():
            st.markdown(site(test, is_test=True, images=mix.images), width="content")
    show_figure(
        lambda colors: prevalences(found, between=between, palette=colors),
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
    widgets.download(
        Download(
            run=comparison.run.name,
            name="labels_prevalence",
            holds=told_of(comparison.noun, "The share of each finding among the images where its presence is known"),
            rows=lambda: [
                row for test, mix in found.items() for row in downloads.prevalence_rows(comparison.run, test, mix)
            ],
        )
    )


def _found(comparison: Comparison) -> tuple[dict[TestSet, Mix], dict[str, Estimate]]:
    found = {test: prevalence(comparison.run, test) for test in tests(comparison)}
    mixes = list(found.values())
    between = changes(*mixes) if len(mixes) > 1 else {}
    return {test: most_changed_first(mix, between) for test, mix in found.items()}, between
