"""Training: did it learn, and did it overfit?"""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import palette, widgets, words
from dashboard.figures.template import show_figure
from dashboard.results.baselines import Baselines
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.badges import TRAINING
from dashboard.training.data import losses, memorization
from dashboard.training.data.memorization import TrainVersusHeldOut
from dashboard.training.data.recipe import RunRecipe, recipe
from dashboard.training.data.training_sets import TrainingSet, training_sets
from dashboard.training.figures.losses import losses_figure
from dashboard.training.figures.memorization import memorization_figure
from dashboard.training.figures.pace import pace_figure
from dashboard.training.text import answer, names, table
from dashboard.training.text.recipe import Line, cost_lines, inherited, recipe_lines

_LEGEND = f"{TRAINING} {Side.INTERNAL.badge('held-out images: the internal test')}"

_HOW_TO_READ = """
**Loss** (cross-entropy) is low where a network gives much to the true class; 0 would be certain and always right. Each
thin line is a member. Training images are measured while they are learned from, held-out images after each epoch: they
are only followed, nothing is learned from them or chosen by them.

**No skill** is the loss of always answering with the mix of classes, without a look. ▲ lies above the frame.

A network that **learns** falls well below that. One that **overfits** goes on falling on its training images (gray) and
rises again on held-out ones (blue).

**On the right**: accuracy at the end. Training images, ○ and gray, are no test: they say nothing about
new patients. The points between ○ and ● are what it memorized.
"""


def show(comparison: Comparison) -> None:
    """Draws the page of a complete run."""
    widgets.title("Did it learn, and did it overfit?", _HOW_TO_READ)
    curves, shares = losses.curves(comparison.run), training_sets(comparison.run)
    rows = memorization.train_versus_held_out(comparison)
    summaries = memorization.summaries(rows)
    lines = memorization.no_skill_lines(comparison, summaries)
    floors = {training_set.regime: training_set.baseline_loss for training_set in shares}
    widgets.answer(f"{answer.answer(summaries, lines=lines)} {answer.course(curves, no_skill=floors)}")
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _show_losses(curves, shares, floors)
    with right:
        _show_memory(rows, [each.held_out for each in lines.values()])
    _show_table(rows)
    _show_downloads(comparison, rows)
    how, pace = st.columns(2, gap="large")
    trained = recipe(comparison.run)
    with how:
        _show_recipe(comparison, trained, shares)
    with pace:
        _show_pace(curves)
        _show_lines("What it took", cost_lines(trained))


def _show_losses(
    curves: Sequence[losses.TrainingCurve], shares: Sequence[TrainingSet], floors: Mapping[str, float]
) -> None:
    st.markdown(f"Loss by epoch {_LEGEND}")
    if not any(curve.epochs for curve in curves):
        st.markdown(f"This run holds no epochs, so there is no loss to draw. {words.make_again()}")
        return
    figure = losses_figure(
        curves,
        titles=names.panels(losses.regimes(curves), shares),
        no_skill=floors,
        palette=palette.current(),
    )
    show_figure(figure, key="losses", alt=answer.losses_described(curves))


def _show_memory(rows: Sequence[TrainVersusHeldOut], held_out: Sequence[Baselines | None]) -> None:
    if not rows:
        return
    st.markdown("Accuracy at the end, and the **points memorized**")
    best = next((line.edge for line in held_out if line is not None and line.edge is not None), None)
    figure = memorization_figure(rows, best_constant=best, palette=palette.current())
    show_figure(figure, key="memory", alt=answer.memorization_described(rows))


def _show_table(rows: Sequence[TrainVersusHeldOut]) -> None:
    if not rows:
        return
    widgets.table(
        {
            "Model": [table.name(row) for row in rows],
            ":gray-badge[○ training images]": [
                f"{cells.training(row.training)} {cells.small(table.counted(row.training))}" for row in rows
            ],
            Side.INTERNAL.badge(): [
                f"{cells.share(row.held_out, absent='nothing held out')} {cells.small(table.counted(row.held_out))}"
                for row in rows
            ],
            "points memorized": [table.memorized(row) for row in rows],
        },
        alt="Accuracy of each model on its training images and on new ones",
    )


def _show_downloads(comparison: Comparison, rows: Sequence[TrainVersusHeldOut]) -> None:
    run = comparison.run
    widgets.download(
        Download(
            run=run.name,
            name="training_accuracy",
            holds="Accuracy of each model on its training images and in the internal test",
            rows=lambda: memorization.accuracy_rows(comparison, rows),
        ),
        Download(
            run=run.name,
            name="training_epochs",
            holds="Losses of each member, epoch by epoch",
            rows=lambda: losses.epoch_rows(run),
        ),
    )


def _show_recipe(comparison: Comparison, trained: RunRecipe, shares: Sequence[TrainingSet]) -> None:
    site = comparison.site(shares[0].dataset) if shares else ""
    _show_lines("How it was trained", recipe_lines(trained.settings, training_sets=shares, site=site))
    if trained.parent is not None:
        st.markdown(inherited(trained.parent))


def _show_lines(title: str, lines: Sequence[Line]) -> None:
    st.subheader(title, anchor=False)
    st.markdown("\n".join(f"- :gray[{about}:] {said}" for about, said in lines))


def _show_pace(curves: Sequence[losses.TrainingCurve]) -> None:
    if not any(curve.epochs for curve in curves):
        return
    st.subheader("Seconds per epoch", anchor=False)
    figure = pace_figure(curves, palette=palette.current())
    show_figure(figure, key="pace", alt=answer.pace_described(curves))
