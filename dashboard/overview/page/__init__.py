"""Overview: how far does it travel?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import state, widgets, words
from dashboard.figures.template import show_figure
from dashboard.overview.data import recalls
from dashboard.overview.data.external_sites import at_external_sites, has_several
from dashboard.overview.data.networks import of_these_networks
from dashboard.overview.data.other_runs import (
    RunSummary,
    run_gap_rows,
    run_rows,
    sample_sizes,
    summarize,
    summarize_as_opened,
)
from dashboard.overview.figures import DumbbellRow, dumbbells
from dashboard.overview.page import cards, findings, measures, other_runs, table
from dashboard.overview.text import answer as text
from dashboard.results import runs
from dashboard.results.baselines import LINES, baselines
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration
from dashboard.results.downloads import Download
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.model import about
from dashboard.results.primary import Shown, primary
from dashboard.results.side import Side
from dashboard.text import cells, model
from dashboard.text.badges import legend
from dashboard.text.configurations import configuration_meaning, configuration_name, few_images
from dashboard.text.intervals import over
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_HOW_TO_READ = """
**split**: a part of the source images held out and tested on; **full**: trained on all of them. **ensemble**: members'
probabilities averaged; **single**: the mean of members. Bars and brackets: 95 % intervals {over}, or lowest to
highest member. **Gap**: internal minus external, a loss is positive. Gray band: what always answering one class scores.
"""

_BROUGHT_HOW_TO_READ = """
A row is a model, trained elsewhere; it gives one class an image. Bars and brackets: 95 % intervals {over}.
Gray band: what always answering one class scores.
"""

_GAP = " **Gap**: internal minus external, a loss is positive."

_PICTURE = "Accuracy in both tests (○: on training images)"

_ROWS = {"configurations": "configurations", "sites": "external sites"}


def shown(comparison: Comparison) -> Shown:
    """Which numbers the page shows."""
    held = holdings(comparison)
    if not held.has_findings:
        return Shown(metrics=frozenset({"accuracy", "balanced_accuracy", "macro_auroc"}))
    is_one = len(runs.classes(comparison.run)) == 1
    return Shown(metrics=frozenset({*(f"macro_{name}" for name in held.headline), *(held.headline if is_one else ())}))


def show(comparison: Comparison) -> None:
    """Draws the page."""
    held = holdings(comparison)
    if held.has_findings:
        findings.show(comparison)
        return
    of_brought = f"{_BROUGHT_HOW_TO_READ.strip()}{'' if held.is_alone else _GAP}"
    how_to_read = of_brought if held.is_brought else _HOW_TO_READ
    question = "How well does it do here?" if held.is_alone else "How far does it travel?"
    widgets.title(question, how_to_read=how_to_read.format(over=over(comparison.resampled)))
    own = summarize(comparison)
    if own.row is None:
        st.markdown("This model was not tested under these label policies.")
        return
    _say(comparison, own, own.row, held)
    others = other_runs.asked_runs(comparison, look=summarize_as_opened)
    picture, facts = st.columns([3.4, 1], gap="large")
    with picture:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(legend(held), width="content")
            sites = () if others else _asked_sites(comparison)
            other_runs.draw_control(comparison, [run.comparison for run in others])
        _show_picture(comparison, own, others, sites)
        if not (sites or others):
            measures.show(own)
    with facts:
        cards.show_cause(comparison, finding=None)
        if not held.is_alone:
            cards.show(comparison, recalls.recalls(comparison), of=len(runs.classes(comparison.run)))
        if any(sample.images for sample in sample_sizes(own).values()):
            _show_way(comparison)
    if sites:
        table.show(table.site_rows(sites, shown=comparison.external_dataset), title="External site")
    else:
        title = "Model" if held.is_brought else "Configuration"
        table.show(table.configuration_rows((own, *others)), title=title)
    _say_what_it_rests_on((own, *others))
    if others:
        other_runs.show_differences([run.comparison for run in (own, *others)])
    _show_more(comparison, sites or (own, *others))


def _say(comparison: Comparison, own: RunSummary, row: Configuration, held: Holdings) -> None:
    st.caption(model.described(about(comparison), classes=len(runs.classes(comparison.run)), site=comparison.site))
    widgets.answer(
        text.how_far(
            row,
            ranking=own.ranking(row),
            baselines=own.baselines,
            networks=None
            if primary(comparison) is None
            else of_these_networks(own.configurations, model=row.model or ""),
            is_alone=held.is_alone,
        ),
    )
    caution = few_images({side: sample.images for side, sample in sample_sizes(own).items()})
    if caution:
        st.markdown(f"**{caution}**")


def _say_what_it_rests_on(shown: Sequence[RunSummary]) -> None:
    for run in shown:
        name = f"{words.plain(run.comparison.run.name)}. " if len(shown) > 1 else ""
        intervals, is_brought = over(run.comparison.resampled), run.comparison.is_brought
        st.caption(f"{name}{text.tested(sample_sizes(run), intervals=intervals, is_brought=is_brought)}")


def _asked_sites(comparison: Comparison) -> tuple[RunSummary, ...]:
    """Every external site where the address asks for them; lets the user choose where there are several."""
    if not has_several(comparison) or url_choice("rows", "Rows", _ROWS) != "sites":
        return ()
    return at_external_sites(comparison)


def _show_picture(
    comparison: Comparison, own: RunSummary, others: Sequence[RunSummary], sites: Sequence[RunSummary]
) -> None:
    rows = _site_rows(comparison, sites) if sites else other_runs.dumbbell_rows(own, others)
    if not others and not sites:
        rows = [
            DumbbellRow(
                name=configuration_name(row),
                configuration=row,
                baselines=own.baselines,
                is_picked=row.model == comparison.model,
                tooltip=configuration_meaning(row),
            )
            for row in own.configurations
        ]
    show_figure(
        lambda colors: dumbbells(rows, palette=colors),
        key="dumbbells",
        alt=text.described({row.name: row.configuration for row in rows}),
        source=of_tests(
            comparison,
            name="overview_accuracy",
            title="Accuracy of each model" if comparison.is_brought else _PICTURE,
            beside=[each.comparison for each in sites or others if each.comparison != comparison],
        ),
    )


def _site_rows(comparison: Comparison, sites: Sequence[RunSummary]) -> list[DumbbellRow]:
    return [
        DumbbellRow(
            name=test.site,
            detail=words.policy(test.policy),
            configuration=site.row,
            baselines=site.baselines,
            is_picked=test.dataset == comparison.external_dataset,
        )
        for site in sites
        if site.row is not None and (test := site.comparison.test(Side.EXTERNAL)) is not None
    ]


def _show_way(comparison: Comparison) -> None:
    """One click from the answer to the images behind it."""
    st.button(
        "See the images it got wrong",
        key="wrong_images",
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=state.open_page,
        args=("cases", comparison.address(), {"got": "wrong"}),
    )


def _show_more(comparison: Comparison, shown: Sequence[RunSummary]) -> None:
    is_alone = holdings(comparison).is_alone and len(shown) == 1
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        widgets.download(
            Download(
                run=comparison.run.name,
                name="overview_configurations",
                holds=table.ALT_OF_BROUGHT if comparison.is_brought else table.ALT,
                rows=lambda: run_rows(shown),
                gaps=None if is_alone else lambda: run_gap_rows(shown),
            )
        )
        with st.popover("Answers without skill", type="tertiary", icon=":material/casino:"):
            _show_baselines(comparison)
        notes = runs.notes(comparison.run)
        if notes:
            with st.popover(f"Notes on this run ({len(notes)})", type="tertiary", icon=":material/notes:"):
                st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))


def _show_baselines(comparison: Comparison) -> None:
    lines = {side.test: cells.baselines(baselines(comparison, kind=side.role)) for side in comparison.tests}
    widgets.table(
        {"Answers without looking at the image": list(LINES.values()), **lines},
        alt="What answers without skill reach in both tests",
    )
