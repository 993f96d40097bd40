"""The meaning of one name at each site: match, agreement, support devices, and what occurs together."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.labels.data import downloads
from dashboard.labels.data.agreement import agreement
from dashboard.labels.data.devices import devices
from dashboard.labels.data.names import names
from dashboard.labels.data.together import Together, together
from dashboard.labels.figures.together import together_figure
from dashboard.labels.page.sites import source, tests
from dashboard.labels.text.names import (
    TOGETHER_LEGEND,
    Named,
    how_named,
    names_legend,
    names_table,
    occurring,
    reasons,
    together_described,
)
from dashboard.notation import MANY
from dashboard.results import runs
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.metrics import CsvRow


def answer(comparison: Comparison) -> str:
    """Which names do not mean the class."""
    return how_named(_sites(comparison))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    sites = _sites(comparison)
    widgets.table(names_table(sites), alt="What each site calls the classes, and how its labels behave")
    st.caption(names_legend(sites))
    st.markdown(reasons(sites, exact=False))
    are_many = len(runs.classes(comparison.run)) > MANY
    places = [st.container(), st.container()] if are_many else st.columns(2, gap="large")
    for place, test in zip(places, tests(comparison), strict=False):
        with place:
            _show_together(comparison, test)
    st.caption(TOGETHER_LEGEND)
    _offer(comparison, sites)


def _sites(comparison: Comparison) -> list[Named]:
    return [_named(comparison, test) for test in tests(comparison)]


def _found(comparison: Comparison, test: TestSet) -> Together:
    return together(comparison.run, dataset=test.dataset, policy=test.policy)


def _named(comparison: Comparison, test: TestSet) -> Named:
    return Named(
        classes=runs.classes(comparison.run),
        dataset=test.dataset,
        site=test.site,
        side=test.side,
        names=names(comparison.run, test.dataset),
        agreement=agreement(comparison.run, test.dataset),
        devices=devices(comparison.run, test),
    )


def _show_together(comparison: Comparison, test: TestSet) -> None:
    table = _found(comparison, test)
    st.markdown(occurring(table, test=test))
    show_figure(
        lambda colors: together_figure(table, color=test.side.color(colors), palette=colors),
        key=f"together_{test.role}",
        alt=together_described(table),
        source=source(
            comparison,
            {test: table.images},
            name=f"together_{test.side}",
            title="Findings that occur together: of the images with the one in the row, how many have the other",
        ),
    )


def _offer(comparison: Comparison, sites: list[Named]) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.popover("Why the other names are exact", type="tertiary", icon=":material/rule:"):
            st.markdown(reasons(sites, exact=True) or "None is.")
        widgets.download(
            "Download the names",
            lambda: widgets.to_csv(
                [row for site in sites for row in downloads.names_to_csv_rows(site.dataset, site.names)]
            ),
            file_name=f"{comparison.run.name}_names.csv",
            key="download_names",
        )
        widgets.download(
            "Download agreement and devices",
            lambda: widgets.to_csv([row for site in sites for row in _rows(site)]),
            file_name=f"{comparison.run.name}_agreement_devices.csv",
            key="download_agreement",
        )
        widgets.download(
            "Download what occurs together",
            lambda: widgets.to_csv(
                [row for test in tests(comparison) for row in downloads.pairs_to_csv_rows(_found(comparison, test))]
            ),
            file_name=f"{comparison.run.name}_together.csv",
            key="download_together",
        )


def _rows(site: Named) -> list[CsvRow]:
    return [
        *downloads.shares_to_csv_rows(site.dataset, "readers agree", site.agreement, classes=site.classes),
        *downloads.shares_to_csv_rows(site.dataset, "support devices", site.devices, classes=site.classes),
    ]
