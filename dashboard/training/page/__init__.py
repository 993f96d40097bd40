"""Training: did it learn, and did it overfit?"""

import math
from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import widgets, words
from dashboard.figures.template import show_figure
from dashboard.results.baselines import Baselines
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Download
from dashboard.results.holdings import holdings
from dashboard.results.side import Side
from dashboard.text import cells
from dashboard.text.badges import TRAINING
from dashboard.text.provenance import Provenance
from dashboard.training.data import losses, train_test_gap
from dashboard.training.data.recipe import RunRecipe, recipe
from dashboard.training.data.train_test_gap import TrainVersusHeldOut
from dashboard.training.data.training_sets import TrainingSet, training_sets
from dashboard.training.figures.loss_axis import loss_axis
from dashboard.training.figures.losses import losses_figure
from dashboard.training.figures.pace import pace_figure
from dashboard.training.figures.rates import rates_figure
from dashboard.training.figures.train_test_gap import train_test_gap_figure
from dashboard.training.text import answer, described, names, table
from dashboard.training.text.recipe import Line, cost_lines, inherited, recipe_lines
from dashboard.url_choice import url_choice

_LEGEND = f"{TRAINING} {Side.INTERNAL.badge('held-out images: the internal test')}"

_HOW_TO_READ = """
**Loss** is the cross-entropy, a thin line a member; **no skill** always answers with the mix of the training images. A
network that overfits falls on its training images (gray) and rises on held-out ones (blue), from which it never learns.
**Train-test gap**: accuracy on training images, which is no test, minus that on held-out ones.
"""

_HOW_TO_READ_FINDINGS = """
**Loss** is the binary cross-entropy of all findings, a thin line a member; **no skill** always answers with training
prevalences, as class weights have them. A network that overfits falls on training images (gray) and rises on held-out
ones (blue). **Accuracy**: known findings on the right side of the threshold. **Train-test gap**: accuracy on training
images minus on held-out ones.
"""

_AXES = {"linear": "linear", "log": "logarithmic"}


def show(comparison: Comparison) -> None:
    """Draws the page of a complete run."""
    how_to_read = _HOW_TO_READ_FINDINGS if holdings(comparison).has_findings else _HOW_TO_READ
    widgets.title("Did it learn, and did it overfit?", how_to_read)
    shares = training_sets(comparison.run)
    few = {each.regime for each in shares if each.are_few_held_out}
    curves = losses.estimable(losses.curves(comparison.run), few=few)
    rows = train_test_gap.train_versus_held_out(comparison)
    summaries = train_test_gap.summaries(rows)
    lines = train_test_gap.no_skill_lines(comparison, summaries)
    floors = {training_set.regime: training_set.baseline_loss for training_set in shares}
    widgets.answer(f"{answer.answer(summaries, lines=lines)} {answer.course(curves, no_skill=floors)}")
    left, right = st.columns([1.75, 1], gap="medium")
    with left:
        _show_losses(comparison, curves, shares, floors)
    with right:
        _show_train_test_gap(comparison, rows, [each.held_out for each in lines.values()])
    _show_table(rows)
    _show_downloads(comparison, rows)
    how, pace = st.columns(2, gap="large")
    trained = recipe(comparison.run)
    with how:
        _show_recipe(comparison, trained, shares)
    with pace:
        _show_epochs(comparison, curves)
        _show_lines("What it took", cost_lines(trained))


def _show_losses(
    comparison: Comparison,
    curves: Sequence[losses.TrainingCurve],
    shares: Sequence[TrainingSet],
    floors: Mapping[str, float],
) -> None:
    if not any(curve.epochs for curve in curves):
        st.markdown(f"This run holds no epochs, so there is no loss to draw. {words.make_again()}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Loss by epoch {_LEGEND}", width="content")
        is_log = url_choice("axis", "Axis of the loss", _AXES) == "log"
    titles = names.panels(losses.regimes(curves), shares)
    show_figure(
        lambda colors: losses_figure(curves, titles=titles, no_skill=floors, palette=colors, is_log=is_log),
        key="losses",
        alt=described.losses_described(curves),
        source=_source(comparison, name="losses", title="Loss by epoch, training images (○) and held-out images (●)"),
    )
    if said := answer.above(curves, top=loss_axis(curves, floors, is_log=is_log).top):
        st.caption(said)


def _show_train_test_gap(
    comparison: Comparison, rows: Sequence[TrainVersusHeldOut], held_out: Sequence[Baselines | None]
) -> None:
    if not rows:
        return
    st.markdown("Accuracy at the end, and **train-test gap**")
    best = next((line.edge for line in held_out if line is not None and line.edge is not None), None)
    show_figure(
        lambda colors: train_test_gap_figure(rows, best_constant=best, palette=colors),
        key="train_test_gap",
        alt=described.train_test_gap_described(rows),
        source=_source(comparison, name="gap", title="Accuracy on training images (○) and on held-out images (●)"),
    )


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
            "train-test gap": [table.train_test_gap(row) for row in rows],
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
            rows=lambda: train_test_gap.accuracy_rows(comparison, rows),
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


def _show_epochs(comparison: Comparison, curves: Sequence[losses.TrainingCurve]) -> None:
    if not any(curve.epochs for curve in curves):
        return
    if all(math.isnan(rate) for curve in curves for rate in curve.learning_rate):
        st.markdown("The learning rate of each epoch was not recorded.")
    else:
        st.subheader("Learning rate", anchor=False)
        show_figure(
            lambda colors: rates_figure(curves, palette=colors),
            key="rates",
            alt=described.rates_described(curves),
            source=_source(comparison, name="rates", title="Learning rate by epoch"),
        )
    st.subheader("Seconds per epoch", anchor=False)
    show_figure(
        lambda colors: pace_figure(curves, palette=colors),
        key="pace",
        alt=described.pace_described(curves),
        source=_source(comparison, name="pace", title="Seconds per epoch"),
    )


def _source(comparison: Comparison, *, name: str, title: str) -> Provenance:
    """What a picture of the training is of: no test, but what each regime was trained on."""
    run = comparison.run

    def parts() -> list[str]:
        return [names.source(each, site=comparison.site(each.dataset)) for each in training_sets(run)]

    return Provenance(run=run.name, name=f"training_{name}", title=title, parts=parts)
