"""How far each finding travels: for models that give no single answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.notation import FEWEST, Estimate, counted, plural, told_of
from dashboard.overview.data import findings as data
from dashboard.overview.data.external_sites import has_several
from dashboard.overview.data.finding_means import (
    FindingMeans,
    mean_gap_rows,
    mean_rows,
    of_external_sites,
    of_models,
    of_run,
)
from dashboard.overview.data.findings import FindingScores
from dashboard.overview.data.networks import of_these_networks
from dashboard.overview.figures.findings import findings_figure
from dashboard.overview.page import cards, finding_table, other_runs, ways
from dashboard.overview.text import findings as text
from dashboard.overview.text.answer import for_these_networks, tested_on
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import configurations
from dashboard.results.downloads import Download
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.model import about
from dashboard.results.primary import primary
from dashboard.results.sample_size import SampleSize, sample_size
from dashboard.results.side import Side
from dashboard.text import model
from dashboard.text.configurations import few_images
from dashboard.text.findings import LABELS, unknown
from dashboard.text.intervals import as_counted, over
from dashboard.text.provenance import of_tests
from dashboard.url_choice import url_choice

_HOW_TO_READ = """
**AUROC**: how often an image with the finding scores above one without; 0.5 is chance. **Sensitivity**,
**specificity**: of those with the finding, how many are flagged; of those without, how many are not. Bars and brackets:
95 % intervals {over}.
"""

_GAP = " **Gap**: internal minus external, a loss is positive."

_ROWS = {"findings": "findings", "sites": "external sites"}


@dataclass(frozen=True, kw_only=True)
class _Pictured:
    """What the picture shows: findings, or means over them, of the sites or the runs."""

    rows: tuple[FindingScores, ...]
    means: tuple[FindingMeans, ...] = ()
    of_runs: bool = False

    @property
    def sides(self) -> frozenset[Side]:
        return frozenset(side for row in self.rows for pair in row.scores.values() for side in pair.sides)


def show(comparison: Comparison) -> None:
    """Draws the page."""
    held = holdings(comparison)
    question = "How far does it travel?" if held.is_compared else "How well does it do here?"
    read = told_of(comparison.noun, _HOW_TO_READ).format(over=over(comparison.resampled))
    widgets.title(question, how_to_read=f"{read.strip()}{_GAP if held.is_compared else ''}")
    found = data.findings(comparison)
    if not found:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    st.caption(
        model.described(
            about(comparison),
            classes=len(runs.classes(comparison.run)),
            site=comparison.site,
            has_findings=True,
            noun=comparison.noun,
        )
    )
    models = of_models(comparison)
    means = next((each.means for each in models if each.comparison == comparison), {})
    said = text.answer(found, means, is_compared=held.is_compared, noun=comparison.noun)
    widgets.answer(f"{said} {for_these_networks(_networks(comparison, held))}".strip())
    samples = {side: sample_size(comparison, side) for side in Side if side in held.tests}
    if caution := few_images({side: sample.images for side, sample in samples.items()}, noun=comparison.noun):
        st.markdown(f"**{caution}**")
    others = other_runs.asked_runs(comparison, look=partial(of_run, metrics=held.headline))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(" ".join(side.badge() for side in samples), width="content")
        sites = () if others else _asked_sites(comparison)
        other_runs.draw_control(comparison, [each.comparison for each in others])
    own = tuple(each for each in models if each.comparison == comparison)
    shown = _pictured(found, sites=sites, runs=(*own, *others) if others else ())
    _show_picture(comparison, shown, samples, held)
    if shown.means:
        st.caption(_caption_of_means(shown, samples, comparison=comparison))
    else:
        st.caption(_caption(found, held, samples, comparison=comparison))
        cards.show_findings(comparison, [each.name for each in found])
        ways.show(comparison, found, held)
    if shown.of_runs:
        finding_table.show(comparison, shown.means, title="Run")
        other_runs.show_differences([each.comparison for each in shown.means])
    elif shown.means:
        finding_table.show(comparison, shown.means, title="External site")
    elif len(models) > 1:
        finding_table.show(comparison, models, title="Model")
    _show_more(comparison, shown.means or models, held)


def _networks(comparison: Comparison, held: Holdings) -> Estimate | None:
    """What single networks lose of the first mean, where that is far apart."""
    if primary(comparison) is None:
        return None
    rows = configurations(comparison, metric=f"macro_{held.headline[0]}", task="finding")
    return of_these_networks(rows, model=comparison.model)


def _asked_sites(comparison: Comparison) -> tuple[FindingMeans, ...]:
    """Every external site where the address asks for them; lets the user choose where there are several."""
    if not has_several(comparison) or url_choice("rows", "Rows", _ROWS) != "sites":
        return ()
    return of_external_sites(comparison)


def _pictured(
    found: tuple[FindingScores, ...], *, sites: tuple[FindingMeans, ...], runs: tuple[FindingMeans, ...]
) -> _Pictured:
    named = [(each, text.site_of(each)) for each in sites] or [(each, text.run_of(each)) for each in runs]
    rows = tuple(each.as_scores(name) for each, name in named)
    return _Pictured(rows=rows or found, means=sites or runs, of_runs=bool(runs))


def _show_picture(comparison: Comparison, shown: _Pictured, samples: Mapping[Side, SampleSize], held: Holdings) -> None:
    named = words.listed([LABELS[metric] for metric in held.headline])
    show_figure(
        lambda colors: findings_figure(shown.rows, sides=shown.sides or held.tests, palette=colors),
        key="dumbbells",
        alt=text.described(shown.rows),
        source=of_tests(
            comparison,
            name="overview_findings",
            title=f"{named}, means over findings" if shown.means else f"{named} of each finding",
            n={side: sample.images for side, sample in samples.items()},
            beside=[each.comparison for each in shown.means if each.comparison != comparison],
        ),
    )


def _caption(
    found: tuple[FindingScores, ...],
    held: Holdings,
    samples: Mapping[Side, SampleSize],
    *,
    comparison: Comparison,
) -> str:
    order = "what changed most first" if held.is_compared else "the lowest first"
    both = ", internal before external" if held.is_compared else ""
    metric = held.headline[0]
    without = unknown([each.scores[metric] for each in found if metric in each.scores], sides=held.tests)
    worth = as_counted(has_patients=comparison.has_patients)
    few = f"Not estimable: fewer than {FEWEST} {plural(comparison.noun)}{worth}."
    said = (f"A row a finding, {order}; behind its name the positives{both}. {_tested(samples)}", without, few)
    return f"{' '.join(filter(None, said))} In brackets: 95 % intervals {over(comparison.resampled)}."


def _caption_of_means(shown: _Pictured, samples: Mapping[Side, SampleSize], *, comparison: Comparison) -> str:
    row = "A row a run, as it opens" if shown.of_runs else f"A row each of {counted(len(shown.means), 'external site')}"
    counts = [str(each.findings) for each in shown.means]
    of = f": over {words.listed(counts)} findings, from the top" if len(set(counts)) > 1 else ""
    tested = f" {_tested(samples)}" if shown.of_runs else ""
    return f"{row}, means over findings{of}.{tested} In brackets: 95 % intervals {over(comparison.resampled)}."


def _tested(samples: Mapping[Side, SampleSize]) -> str:
    return " ".join(f"{side.test.capitalize()}: {tested_on(sample)}." for side, sample in samples.items())


def _show_more(comparison: Comparison, means: Sequence[FindingMeans], held: Holdings) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        widgets.download(
            Download(
                run=comparison.run.name,
                name="overview_findings",
                holds="What is said first of each finding, and the means over findings",
                rows=lambda: [*mean_rows(means), *data.finding_rows(comparison)],
                gaps=(lambda: [*mean_gap_rows(means), *data.finding_gap_rows(comparison)])
                if held.is_compared
                else None,
            )
        )
        if notes := runs.notes(comparison.run):
            with st.popover(f"Notes on this run ({len(notes)})", type="tertiary", icon=":material/notes:"):
                st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))
