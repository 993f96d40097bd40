"""A run that is not complete: how far it is, watched while it goes on; or when it stopped, and what to do."""

import streamlit as st

from dashboard import widgets
from dashboard.figures.template import show_figure
from dashboard.results.side import Side
from dashboard.text.badges import SYNTHETIC, TRAINING
from dashboard.text.provenance import Provenance
from dashboard.training.data import losses
from dashboard.training.data.live import Live, live
from dashboard.training.figures.losses import losses_figure
from dashboard.training.text import described, names
from dashboard.training.text.live import TITLES, said, stage
from dashboard.training.text.recipe import recipe_lines

_EVERY_S = 2

_LEGEND = f"{TRAINING} {Side.INTERNAL.badge('held-out images')}"


_HOW_TO_READ = """
A run has no results before it is complete. The time left is that of the present stage, at its pace so far. **Loss** is
the cross-entropy after each epoch, a thin line a member; dashed: all answers equally likely. A run that was stopped has
lost at most its present epoch, or shard of images.
"""


def show(name: str) -> None:
    """Draws the run of that name, and again every two seconds; opens its results once they are there.

    Args:
        name: The name of its folder below the results folder.
    """
    title = TITLES[live(name).going]
    widgets.title(title, _HOW_TO_READ)
    _watch(name, title)


@st.fragment(run_every=_EVERY_S)
def _watch(name: str, title: str) -> None:
    now = live(name)
    if TITLES[now.going] != title or now.going == "complete":
        st.rerun()
    _draw(name, now)


def _draw(name: str, now: Live) -> None:
    if now.synthetic:
        st.markdown(SYNTHETIC)
    st.markdown(said(now, name=name, timezone=st.context.timezone))
    if now.stages:
        st.markdown(" \u2003 ".join(stage(each, live=now) for each in now.stages))
    if now.total and now.going == "going_on":
        st.progress(min(1.0, now.done / now.total))
    _draw_losses(now, name=name)
    if now.settings is not None:
        with st.expander("How it is trained"):
            lines = recipe_lines(now.settings)
            st.markdown("\n".join(f"- :gray[{about}:] {what}" for about, what in lines))


def _draw_losses(now: Live, *, name: str) -> None:
    if not any(curve.epochs for curve in now.curves):
        return
    st.markdown(f"Loss by epoch {_LEGEND}")
    regimes = losses.regimes(now.curves)
    floors = dict.fromkeys(regimes, now.baseline_loss)
    show_figure(
        lambda colors: losses_figure(now.curves, titles=names.panels(regimes, ()), no_skill=floors, palette=colors),
        key="losses",
        alt=described.losses_described(now.curves),
        source=Provenance(
            run=name,
            name="training_losses",
            title="Loss by epoch of a run that is not complete",
            parts=lambda: ["synthetic images"] if now.synthetic else [],
        ),
    )
