"""The dashboard: which pages there are, in which order, in one frame; expected errors are told in words."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import dashboard.cases.page
import dashboard.confusion.page
import dashboard.image.page
import dashboard.labels.page
import dashboard.overview.page
import dashboard.performance.page
import dashboard.saliency.page
import dashboard.shift.page
import dashboard.start.page
import dashboard.training.page
import dashboard.training.page.live
from cxr_core.errors import CxrError
from cxr_core.store.runs import FoundRun
from dashboard import empty, header, palette, reach, state, widgets
from dashboard.components.frame_style import frame_style
from dashboard.components.page_links import page_links
from dashboard.components.theme_watch import theme_watch
from dashboard.results import runs
from dashboard.results.comparison import Comparison
from dashboard.results.holdings import Holdings, holdings
from dashboard.results.primary import Shown
from dashboard.text.folds import one_answer_an_image

_DRAWN = "drawn_page"
_SEND_SECONDS = 0.02
_FOOTER = "Research only, not a medical device."
_EVERYTHING = frozenset({"model", "internal", "external"})


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, as the row of links names it and as it is drawn.

    Attributes:
        title: In the row of links.
        show: Draws it.
        pickers: What can be picked on it beside the run: what changes nothing is not shown.
        is_by_image: Whether it is about single images and their answers.
        is_offered: Whether a run that holds so much has anything to show on it.
        shown: Which numbers it shows at the address as it is; gives None where it is about none.
    """

    title: str
    show: Callable[[Comparison], None]
    pickers: frozenset[str] = _EVERYTHING
    is_by_image: bool = False
    is_offered: Callable[[Holdings], bool] = lambda _: True
    shown: Callable[[Comparison], Shown | None] = lambda _: None


def _has_training(held: Holdings) -> bool:
    return not held.is_brought


def _has_maps(held: Holdings) -> bool:
    return held.has_saliency or not held.is_brought


def _has_two_tests(held: Holdings) -> bool:
    return not held.is_alone


PAGES = {
    "overview": Page(title="Overview", show=dashboard.overview.page.show, shown=dashboard.overview.page.shown),
    "labels": Page(title="Labels", show=dashboard.labels.page.show, pickers=frozenset({"internal", "external"})),
    "training": Page(
        title="Training", show=dashboard.training.page.show, pickers=frozenset({"internal"}), is_offered=_has_training
    ),
    "performance": Page(
        title="Performance", show=dashboard.performance.page.show, shown=dashboard.performance.page.shown
    ),
    "confusion": Page(title="Confusion", show=dashboard.confusion.page.show, is_by_image=True),
    "cases": Page(title="Cases", show=dashboard.cases.page.show, is_by_image=True),
    "image": Page(title="Image", show=dashboard.image.page.show, is_by_image=True),
    "saliency": Page(title="Saliency", show=dashboard.saliency.page.show, is_by_image=True, is_offered=_has_maps),
    "shift": Page(title="Shift", show=dashboard.shift.page.show, is_offered=_has_two_tests),
}


def main() -> None:
    """Draws the page that the address asks for; one sentence where strangers could read it."""
    if (refusal := reach.refusal()) is not None:
        st.set_page_config(page_title="Second Site", page_icon="🩻")
        widgets.warning(refusal)
        return
    state.begin()
    first = next(iter(PAGES))
    page = first if state.asked("page") == header.ALL_RUNS else state.choose("page", "the page", PAGES, default=first)
    st.set_page_config(page_title=f"{PAGES[page].title} · Second Site", page_icon="🩻", layout="wide")
    theme_watch(ground=palette.current().ground)
    frame_style()
    try:
        _draw(page)
    except CxrError as error:
        widgets.warning(str(error))
    st.caption(_FOOTER)


def _draw(page: str) -> None:
    found = runs.found_runs()
    if not found:
        _draw_links(page, comparison={})
        empty.no_runs()
        return
    if state.asked("page") == header.ALL_RUNS or header.leaves_run_open(found):
        page_links({}, current=state.asked("page") or header.ALL_RUNS, comparison={}, on_open=lambda _: None)
        dashboard.start.page.show(page=page)
        return
    run = header.asked_run(found)
    if run.state == "complete":
        _draw_complete(page, found, run)
    else:
        _draw_links(page, comparison={"run": run.name})
        with _picker_row():
            header.draw_run_picker(found, run)
        header.draw_missed()
        _tell_why(run)


def _draw_complete(page: str, found: Sequence[FoundRun], run: FoundRun) -> None:
    key = runs.run_key(run)
    choices = runs.choices(key)
    if not choices.has_tested_model:
        _draw_links(page, comparison={"run": run.name})
        with _picker_row():
            header.draw_run_picker(found, run)
        header.draw_missed()
        empty.no_models()
        return
    comparison = header.asked_comparison(key, choices)
    held = holdings(comparison)
    offered = [name for name, each in PAGES.items() if each.is_offered(held)]
    if page not in offered:
        state.miss("page", f"the page {PAGES[page].title}, on which this model has nothing to show")
        page = offered[0]
    _draw_links(page, comparison=comparison.address(), offered=offered)
    with _picker_row():
        header.draw_run_picker(found, run)
        header.draw_synthetic_badge(comparison)
        header.draw_held_badges(comparison)
        header.draw_comparison_pickers(choices, comparison, shown=PAGES[page].pickers)
        header.draw_policies(choices, comparison, shown=PAGES[page].pickers)
        header.draw_primary_mark(comparison, shown=PAGES[page].shown(comparison), pickers=PAGES[page].pickers)
    above = st.empty()
    with _fresh(page):
        PAGES[page].show(comparison)
        if PAGES[page].is_by_image and (said := one_answer_an_image(comparison.model, sites=comparison.pooled_sites)):
            st.caption(said)
    if state.missed():  # what a page looks for in vain is known once it is drawn
        with above.container():
            header.draw_missed()


def _picker_row() -> DeltaGenerator:
    return st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="pickers")


def _fresh(page: str) -> DeltaGenerator:
    """Where a page is drawn. What is left of another page is cleared at once: a slow page never stands in it."""
    slot = st.empty()
    if st.session_state.get(_DRAWN) != page:
        st.session_state[_DRAWN] = page
        slot.empty()
        time.sleep(_SEND_SECONDS)  # the browser gets it before the page is computed
    return slot.container()


def _draw_links(page: str, *, comparison: Mapping[str, str], offered: Sequence[str] = tuple(PAGES)) -> None:
    titles = {name: PAGES[name].title for name in offered}
    page_links(titles, current=page, comparison=comparison, on_open=lambda name: state.open_page(name, comparison))


def _tell_why(run: FoundRun) -> None:
    if run.state == "unfinished":
        dashboard.training.page.live.show(run.name)
    else:
        empty.damaged(run.name, problem=run.problem or "")


if __name__ == "__main__":
    main()
