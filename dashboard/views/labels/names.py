"""What one name means at each site: match, agreement, support devices, and what occurs together."""

import streamlit as st

from dashboard import palette, widgets
from dashboard.charts.labels.together import together as chart
from dashboard.queries import runs
from dashboard.queries.labels import downloads
from dashboard.queries.labels.agreement import agreement
from dashboard.queries.labels.devices import devices
from dashboard.queries.labels.names import names
from dashboard.queries.labels.together import Together, together
from dashboard.queries.predictions import Predictions
from dashboard.sentences.labels import names as sentences
from dashboard.sentences.labels.names import Named
from dashboard.state import Place
from dashboard.views.labels.sites import tests


def answer(place: Place) -> str:
    """Which names do not mean the class."""
    return sentences.how_named(_sites(place))


def show(place: Place) -> None:
    """Draws this part of the page."""
    sites = _sites(place)
    widgets.table(sentences.names_table(sites), alt="What each site calls the classes, and how its labels behave")
    st.caption(sentences.names_legend(sites))
    st.markdown(sentences.reasons(sites, exact=False))
    for column, test in zip(st.columns(2, gap="large"), tests(place), strict=False):
        with column:
            _show_together(place, test)
    st.caption(sentences.TOGETHER_LEGEND)
    _offer(place, sites)


def _sites(place: Place) -> list[Named]:
    return [_named(place, test) for test in tests(place)]


def _found(place: Place, test: Predictions) -> Together:
    return together(place.run, dataset=test.dataset, policy=test.policy)


def _named(place: Place, test: Predictions) -> Named:
    return Named(
        classes=runs.classes(place.run),
        dataset=test.dataset,
        is_home=test.role == "internal_test",
        names=names(place.run, test.dataset),
        agreement=agreement(place.run, test.dataset),
        devices=devices(place.run, test),
    )


def _show_together(place: Place, test: Predictions) -> None:
    colors = palette.current()
    found = _found(place, test)
    st.markdown(sentences.occurring(found, is_home=test.role == "internal_test"))
    color = colors.source if test.role == "internal_test" else colors.external
    figure = chart(found, color=color, palette=colors)
    alt = sentences.together_described(found)
    st.plotly_chart(figure, key=f"together_{test.role}", config={"displayModeBar": False}, alt=alt)


def _offer(place: Place, sites: list[Named]) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.popover("Why the other names are exact", type="tertiary", icon=":material/rule:"):
            st.markdown(sentences.reasons(sites, exact=True) or "None is.")
        widgets.download(
            "Download the names",
            lambda: widgets.csv_of([row for site in sites for row in downloads.of_names(site.dataset, site.names)]),
            file_name=f"{place.run.name}_names.csv",
            key="download_names",
        )
        widgets.download(
            "Download agreement and devices",
            lambda: widgets.csv_of([row for site in sites for row in _rows(site)]),
            file_name=f"{place.run.name}_agreement_devices.csv",
            key="download_agreement",
        )
        widgets.download(
            "Download what occurs together",
            lambda: widgets.csv_of(
                [row for test in tests(place) for row in downloads.of_together(_found(place, test))]
            ),
            file_name=f"{place.run.name}_together.csv",
            key="download_together",
        )


def _rows(site: Named) -> list[downloads.Row]:
    return [
        *downloads.of_shares(site.dataset, "readers agree", site.agreement, classes=site.classes),
        *downloads.of_shares(site.dataset, "support devices", site.devices, classes=site.classes),
    ]
