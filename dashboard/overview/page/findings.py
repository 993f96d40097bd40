"""How far each finding travels: for models that give no single answer."""

import streamlit as st

from dashboard import state, widgets, words
from dashboard.figures.template import show_figure
from dashboard.notation import FEWEST, Estimate, plural, told_of
from dashboard.overview.data import findings as data
from dashboard.overview.figures.findings import findings_figure
from dashboard.overview.text import findings as text
from dashboard.overview.text.answer import tested_on
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.sample_size import SampleSize, sample_size
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.configurations import few_images
from dashboard.text.findings import LABELS, unknown
from dashboard.text.provenance import of_tests

_HOW_TO_READ = """
**AUROC**: how often an image with the finding scores above one without; 0.5 is chance. **Sensitivity**,
**specificity**: of those with the finding, how many are flagged; of those without, how many are not. Bars and brackets:
95 % intervals over patients.
"""

_GAP = " **Gap**: internal minus external, a loss is positive."


def show(comparison: Comparison) -> None:
    """Draws the page."""
    held = holdings(comparison)
    if state.asked("with") is not None:
        state.miss("with", "other runs beside one of findings")
    question = "How far does it travel?" if held.is_compared else "How well does it do here?"
    how_to_read = told_of(comparison.noun, f"{_HOW_TO_READ.strip()}{_GAP if held.is_compared else ''}")
    widgets.title(question, how_to_read=how_to_read)
    found = data.findings(comparison)
    if not found:
        st.markdown("This model was not tested under these label policies. Pick another policy above.")
        return
    means = data.means(comparison)
    said = text.answer(found, means.get(comparison.model, {}), is_compared=held.is_compared, noun=comparison.noun)
    widgets.answer(said)
    samples = {side: sample_size(comparison, side) for side in Side if side in held.tests}
    if caution := few_images({side: sample.images for side, sample in samples.items()}, noun=comparison.noun):
        st.markdown(f"**{caution}**")
    st.markdown(" ".join(side.badge() for side in samples))
    show_figure(
        lambda colors: findings_figure(found, sides=held.tests, palette=colors),
        key="dumbbells",
        alt=text.described(found),
        source=of_tests(
            comparison,
            name="overview_findings",
            title=f"{words.listed([LABELS[metric] for metric in held.headline])} of each finding",
            n={side: sample.images for side, sample in samples.items()},
        ),
    )
    st.caption(_caption(found, held, samples, comparison=comparison))
    if len(means) > 1:
        _show_models(comparison, means, held)
    _show_more(comparison)


def _caption(
    found: tuple[data.FindingScores, ...],
    held: Holdings,
    samples: dict[Side, SampleSize],
    *,
    comparison: Comparison,
) -> str:
    order = "what changed most first" if held.is_compared else "the lowest first"
    both = ", internal before external" if held.is_compared else ""
    tested = " ".join(f"{side.test.capitalize()}: {tested_on(sample)}." for side, sample in samples.items())
    metric = held.headline[0]
    without = unknown([each.scores[metric] for each in found if metric in each.scores], sides=held.tests)
    few = f"Not estimable: fewer than {FEWEST} {plural(comparison.noun)}, as patients count."
    said = (f"A row a finding, {order}; behind its name the positives{both}. {tested}", without, few)
    return f"{' '.join(filter(None, said))} In brackets: 95 % intervals over patients."


def _show_models(comparison: Comparison, means: dict[str, dict[str, Pair]], held: Holdings) -> None:
    """All models of the run on the same tests, a row a model and a metric."""
    rows = [(model, metric, pair) for model, own in means.items() for metric, pair in own.items()]
    columns = {
        "Model": [
            f"**{words.plain(model)}**" if model == comparison.model else words.plain(model) for model, *_ in rows
        ],
        "Mean over findings": [LABELS[metric] for _, metric, _ in rows],
    }
    for side in Side:
        if side in held.tests:
            columns[side.badge()] = [
                cells.share(_estimate(pair.of(side)), absent="none", is_bold=model == comparison.model)
                for model, _, pair in rows
            ]
    if held.is_compared:
        columns["gap, shares in points"] = [
            cells.gap(pair.lost, absent="no gap", is_bold=model == comparison.model) for model, _, pair in rows
        ]
    widgets.table(columns, alt="The means over findings of each model")


def _estimate(number: Number | None) -> Estimate | None:
    return None if number is None else number.estimate


def _show_more(comparison: Comparison) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button(
            f"See the {plural(comparison.noun)}",
            key="images",
            type="tertiary",
            icon=":material/arrow_forward:",
            icon_position="right",
            on_click=state.open_page,
            args=("cases", comparison.address(), {}),
        )
        widgets.download(
            Download(
                run=comparison.run.name,
                name="overview_findings",
                holds="What is said first of each finding, and the means over findings",
                rows=lambda: data.finding_rows(comparison),
                gaps=(lambda: data.finding_gap_rows(comparison)) if holdings(comparison).is_compared else None,
            )
        )
        if notes := runs.notes(comparison.run):
            with st.popover(f"Notes on this run ({len(notes)})", type="tertiary", icon=":material/notes:"):
                st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))
