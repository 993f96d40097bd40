"""Overview: how far does it travel?"""

from collections.abc import Sequence

import streamlit as st

from dashboard import palette, state, widgets, words
from dashboard.figures.template import show_figure
from dashboard.notation import NOT_ESTIMABLE
from dashboard.overview import text
from dashboard.overview.data import recalls
from dashboard.overview.data.other_runs import RunSummary, run_gap_rows, run_rows, sample_sizes, summarize
from dashboard.overview.figures import DumbbellRow, dumbbells
from dashboard.overview.page import other_runs, table
from dashboard.results import runs
from dashboard.results.baselines import LINES, baselines
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.badges import LEGEND
from dashboard.text.configurations import configuration_name, few_images
from dashboard.text.policies import policy_rules

_HOW_TO_READ = """
**Internal test**: images of the site it was trained at that it did not see. **External test**: another site. **Training
images**: those it was trained on; how well it does there says nothing about new patients.

**split** was trained on one part of its site's images and is tested on the rest; **full** was trained on all of them.
An **ensemble** averages the answers of its members; **single** is the mean of its members, each alone.

In brackets, and as a bar through a mark: the 95 % interval over patients, or over images where patients are not
recorded, by bootstrap; in closed form where few are right or few wrong. For single members: from the lowest to the
highest.

With other runs beside it, each run is one row: its ensemble, at the sites and policies it opens with.

The gray band ends at the **best constant answer**: always the class that is most frequent in the external test. None of
the other answers without skill can be higher.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title("How far does it travel?", how_to_read=_HOW_TO_READ, extra=policy_rules(comparison))
    own = summarize(comparison)
    if own.row is None:
        st.markdown("This model was not tested under these label policies.")
        return
    tested = sample_sizes(own)
    widgets.answer(text.how_far(own.row, baselines=own.baselines))
    caution = few_images({side: sample.images for side, sample in tested.items()})
    if caution:
        st.markdown(f"**{caution}**")
    others = other_runs.asked_runs(comparison)
    picture, facts = st.columns([3.4, 1], gap="large")
    with picture:
        _show_picture(comparison, own, others)
    with facts:
        _show_recalls(recalls.recalls(comparison), of=len(runs.classes(comparison.run)))
        if any(sample.images for sample in tested.values()):
            _show_way(comparison)
    table.show((own, *others))
    for run in (own, *others):
        name = f"{words.plain(run.comparison.run.name)}. " if others else ""
        st.caption(f"{name}{text.tested(sample_sizes(run))}")
    _show_more(comparison, own, others)


def _show_picture(comparison: Comparison, own: RunSummary, others: Sequence[RunSummary]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(LEGEND, width="content")
        other_runs.draw_control(comparison, others)
    rows = other_runs.dumbbell_rows(own, others)
    if not others:
        rows = [
            DumbbellRow(name=configuration_name(row), configuration=row, baselines=own.baselines)
            for row in own.configurations
        ]
    figure = dumbbells(rows, palette=palette.current())
    alt = text.described({row.name: row.configuration for row in rows})
    show_figure(figure, key="dumbbells", alt=alt)


def _show_recalls(found: recalls.Recalls, *, of: int) -> None:
    for row, label in zip(found.lost, ("Lost most", "Lost next"), strict=False):
        widgets.stat(label, words.plain(row.name), text.recall_change(row))
    if found.kept is not None:
        widgets.stat("Kept best", words.plain(found.kept.name), text.recall_change(found.kept))
    if found.too_few:
        widgets.stat("Too few images to tell", f"{len(found.too_few)} of {of} classes", text.too_few(found.too_few))
    if not (found.lost or found.kept or found.too_few):
        widgets.stat("Classes lost and kept", NOT_ESTIMABLE, "needs an internal and an external test")


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


def _show_more(comparison: Comparison, own: RunSummary, others: Sequence[RunSummary]) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        widgets.download(
            Download(
                run=comparison.run.name,
                name="overview_configurations",
                holds="Accuracy of each configuration on its training images and in both tests",
                rows=lambda: run_rows((own, *others)),
                gaps=lambda: run_gap_rows((own, *others)),
            )
        )
        with st.popover("Answers without skill", type="tertiary", icon=":material/casino:"):
            _show_baselines(comparison)
        notes = runs.notes(comparison.run)
        if notes:
            with st.popover(f"Notes on this run ({len(notes)})", type="tertiary", icon=":material/notes:"):
                st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))


def _show_baselines(comparison: Comparison) -> None:
    lines = {side.test: cells.baselines(baselines(comparison, kind=side.role)) for side in Side}
    widgets.table(
        {"Answers without looking at the image": list(LINES.values()), **lines},
        alt="What answers without skill reach in both tests",
    )
