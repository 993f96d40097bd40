"""Recall by view, sex, age and attribute."""

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.performance.data import subgroups
from dashboard.performance.data.regime import regime
from dashboard.performance.figures.subgroups import subgroups_figure
from dashboard.performance.page.findings import ask_metric
from dashboard.performance.text import alt_text, captions, headlines
from dashboard.performance.text.names import no_internal
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.results.side import Side
from dashboard.text.findings import LABELS
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_ALL = ""
"""In the address; no class is called so."""


def show(comparison: Comparison) -> None:
    """Draws the part."""
    held = holdings(comparison)
    options = {
        _ALL: "mean over findings" if held.has_findings else "all classes",
        **{finding: finding for finding in runs.classes(comparison.run)},
    }
    with st.container(horizontal=True, gap="medium"):
        metric = ask_metric(held) if held.has_findings else None
        picked = url_choice("finding", "Class", options)
    finding = None if picked == _ALL else picked
    groups = subgroups.subgroups(comparison, finding=finding, metric=metric)
    if not groups:
        st.markdown(captions.no_groups(finding=finding))
        return
    label = f"Recall of {words.plain(finding)}" if finding else "Accuracy"
    what = f"Recall of {finding}" if finding else "Share of images that are right"
    if metric is not None:
        measured = LABELS[metric][:1].upper() + LABELS[metric][1:]
        label = f"{measured} of {words.plain(finding)}" if finding else f"Mean {LABELS[metric]}"
        what = f"{measured} of {finding}" if finding else f"{measured}, mean over findings"
    widgets.answer(headlines.subgroups(groups, label=label, is_alone=held.is_alone))
    if any(group.scores.has_number for group in groups):
        why = no_internal(regime(comparison.run, comparison.model))
        show_figure(
            lambda colors: subgroups_figure(
                groups, no_internal=why, sides=held.tests if held.is_alone else tuple(Side), palette=colors
            ),
            key="subgroups",
            alt=alt_text.groups(groups, what=what),
            source=of_tests(
                comparison,
                name=f"performance_subgroups{f'_{finding}' if finding else ''}",
                title=f"{what}, by subgroup",
            ),
        )
    st.caption(
        " ".join(
            filter(
                None,
                (
                    captions.groups_elsewhere(subgroups.policies_with_groups(comparison)),
                    captions.hidden_groups(groups, noun=comparison.noun, has_patients=comparison.has_patients),
                    captions.caption_of_groups(
                        groups, finding=finding, what=None if metric is None else what, noun=comparison.noun
                    ),
                ),
            )
        )
    )
    widgets.download(
        Download(
            run=comparison.run.name,
            name="performance_subgroups",
            of="_".join(filter(None, (metric, picked))),
            holds=f"{what} by view, sex, age and attribute",
            rows=lambda: subgroups.subgroup_rows(comparison, finding=finding, metric=metric),
            gaps=None
            if held.is_alone
            else lambda: subgroups.subgroup_gap_rows(comparison, finding=finding, metric=metric),
        )
    )
