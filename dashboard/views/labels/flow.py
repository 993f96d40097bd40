"""Who was kept and who left out, from all images of each site to its test."""

import streamlit as st

from dashboard import palette, widgets, words
from dashboard.charts.labels.flow import flow as chart
from dashboard.queries import runs
from dashboard.queries.labels import downloads
from dashboard.queries.labels.flow import Flow, flow, rejected
from dashboard.queries.labels.outcomes import outcomes
from dashboard.queries.predictions import Predictions
from dashboard.sentences.labels import flow as sentences
from dashboard.sentences.labels.sites import site
from dashboard.sentences.overview import policy_rule
from dashboard.state import Place
from dashboard.views.labels.sites import tests


def answer(place: Place) -> str:
    """How many of all images the tests rest on."""
    return sentences.who_was_kept(_flows(place))


def show(place: Place) -> None:
    """Draws this part of the page."""
    flows = _flows(place)
    for column, test, found in zip(st.columns(2, gap="large"), tests(place), flows, strict=False):
        with column:
            st.markdown(site(test, is_test=True))
            _draw(found)
            if found.kept:
                _show_outcomes(place, test)
            rule = runs.policy_rule(place.run, dataset=test.dataset, policy=test.policy)
            for said in (
                policy_rule(dataset=test.dataset, policy=test.policy, rule=rule) if rule else "",
                sentences.finding_only(found),
                sentences.rejected(rejected(place.run, test.dataset), dataset=test.dataset),
            ):
                if said:
                    st.caption(said)
    with st.container(horizontal=True, gap="medium"):
        widgets.download(
            "Download the steps",
            lambda: widgets.csv_of(downloads.of_flows(flows)),
            file_name=f"{place.run.name}_kept.csv",
            key="download_kept",
        )
        widgets.download(
            "Download the label policies",
            lambda: widgets.csv_of([row for test in tests(place) for row in _outcomes(place, test)]),
            file_name=f"{place.run.name}_kept_by_policy.csv",
            key="download_outcomes",
        )


def _outcomes(place: Place, test: Predictions) -> list[downloads.Row]:
    return downloads.of_outcomes(test.dataset, outcomes(place.run, test))


def _show_outcomes(place: Place, test: Predictions) -> None:
    columns = sentences.outcomes_table(outcomes(place.run, test), shown=test.policy)
    alt = f"What each label policy makes of the {words.role(test.role)}"
    widgets.table(columns, alt=alt)


def _flows(place: Place) -> list[Flow]:
    return [flow(place.run, test) for test in tests(place)]


def _draw(found: Flow) -> None:
    figure = chart(found, palette=palette.current())
    alt = sentences.flow_described(found)
    st.plotly_chart(figure, key=f"flow_{found.role}", config={"displayModeBar": False}, alt=alt)
