"""The flow of images at each site: from all of them to those of its test."""

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.flow import Flow, flow, rejected
from dashboard.labels.data.outcomes import outcomes
from dashboard.labels.figures.flow import flow_figure
from dashboard.labels.page.sites import source, tests
from dashboard.labels.text.flow import finding_only, flow_described, outcomes_table, who_was_kept, why_rejected
from dashboard.labels.text.sites import site
from dashboard.notation import plural, told_of
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.text.policies import policy_rule


def answer(comparison: Comparison) -> str:
    """How many of all images the tests rest on."""
    return who_was_kept(_flows(comparison))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    flows = _flows(comparison)
    for column, test, found in zip(st.columns(2, gap="large"), tests(comparison), flows, strict=False):
        with column:
            st.markdown(site(test, is_test=True))
            _draw(comparison, test, found)
            if found.kept and not holdings(comparison).has_findings:
                _show_outcomes(comparison, test)
            for said in (
                policy_rule(comparison.run, test),
                finding_only(found),
                why_rejected(rejected(comparison.run, test.dataset), site=test.site),
            ):
                if said:
                    st.caption(said)
    _offer(comparison, has_findings=holdings(comparison).has_findings)


def _offer(comparison: Comparison, *, has_findings: bool) -> None:
    run = comparison.run
    steps = Download(
        run=run.name,
        name="labels_flow",
        holds=told_of(comparison.noun, "Images of each site, step by step from all of them to those of its test"),
        rows=lambda: [
            row for test in tests(comparison) for row in downloads.flow_rows(run, test, has_findings=has_findings)
        ],
    )
    if has_findings:
        widgets.download(steps)
        return
    widgets.download(
        steps,
        Download(
            run=run.name,
            name="labels_policies",
            holds=told_of(
                comparison.noun,
                "Images of each test that each label policy gives a class, and those it gives none, by reason",
            ),
            rows=lambda: [row for test in tests(comparison) for row in downloads.outcome_rows(run, test)],
        ),
    )


def _show_outcomes(comparison: Comparison, test: TestSet) -> None:
    columns = outcomes_table(outcomes(comparison.run, test), shown=test.policy)
    alt = f"What each label policy makes of the {words.role(test.role)}"
    widgets.table(columns, alt=alt)


def _flows(comparison: Comparison) -> list[Flow]:
    has_findings = holdings(comparison).has_findings
    return [flow(comparison.run, test, has_findings=has_findings) for test in tests(comparison)]


def _draw(comparison: Comparison, test: TestSet, found: Flow) -> None:
    show_figure(
        lambda colors: flow_figure(found, palette=colors),
        key=f"flow_{found.role}",
        alt=flow_described(found),
        source=source(
            comparison,
            {test: found.kept},
            name=f"kept_{test.side}",
            title=f"{plural(test.noun).capitalize()} kept for the {test.side.test}",
        ),
    )
