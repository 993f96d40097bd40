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
    TOGETHER_LEGEND_OF_FINDINGS,
    Named,
    how_named,
    names_legend,
    names_table,
    occurring,
    reasons,
    together_described,
    unlabelled,
)
from dashboard.notation import MANY, told_of
from dashboard.results import runs
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.downloads import CrossTable, Download
from dashboard.results.holdings import holdings


def answer(comparison: Comparison) -> str:
    """Which names do not mean the class."""
    return how_named(_sites(comparison))


def show(comparison: Comparison) -> None:
    """Draws this part of the page."""
    sites = _sites(comparison)
    widgets.table(names_table(sites), alt="What each site calls the classes, and how its labels behave")
    if legend := names_legend(sites, noun=comparison.noun).strip():
        st.caption(legend)
    st.markdown(reasons(sites, exact=False))
    are_many = len(runs.classes(comparison.run)) > MANY
    places = [st.container(), st.container()] if are_many else st.columns(2, gap="large")
    for place, test in zip(places, tests(comparison), strict=False):
        with place:
            _show_together(comparison, test)
    legend = TOGETHER_LEGEND_OF_FINDINGS if holdings(comparison).has_findings else TOGETHER_LEGEND
    st.caption(told_of(comparison.noun, legend))
    if said := unlabelled([(test, _found(comparison, test)) for test in tests(comparison)]):
        st.caption(said)
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
        has_findings=holdings(comparison).has_findings,
        devices=None if holdings(comparison).has_findings else devices(comparison.run, test),
    )


def _show_together(comparison: Comparison, test: TestSet) -> None:
    table = _found(comparison, test)
    st.markdown(occurring(table, test=test))
    show_figure(
        lambda colors: together_figure(table, noun=test.noun, color=test.side.color(colors), palette=colors),
        key=f"together_{test.role}",
        alt=together_described(table, noun=test.noun),
        source=source(
            comparison,
            {test: table.images},
            name=f"together_{test.side}",
            title=told_of(
                test.noun,
                "Findings that occur together: of the images with the one in the row, how many have the other",
            ),
        ),
    )


def _offer(comparison: Comparison, sites: list[Named]) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.popover("Why the other names are exact", type="tertiary", icon=":material/rule:"):
            st.markdown(reasons(sites, exact=True) or "None is.")
        run, shown = comparison.run, tests(comparison)
        widgets.download(
            Download(
                run=run.name,
                name="labels_names",
                holds="What each site calls the classes, and how well that name means the class",
                rows=lambda: [row for test in shown for row in downloads.name_rows(run, test.dataset)],
            ),
            Download(
                run=run.name,
                name="labels_agreement_devices",
                holds=told_of(
                    comparison.noun,
                    "How often readers agree, and how many images show support devices, class by class",
                ),
                rows=lambda: [row for test in shown for row in downloads.share_rows(run, test)],
            ),
            Download(
                run=run.name,
                name="labels_together",
                holds=told_of(comparison.noun, "Of the images with one finding, the share with another"),
                rows=lambda: [row for test in shown for row in downloads.pair_rows(run, test)],
                layout=CrossTable(down=("dataset", "finding"), across="other_finding", cell="share"),
            ),
        )
