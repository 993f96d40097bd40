"""Saliency: does it look at the right place?"""

from collections.abc import Mapping
from itertools import chain

import streamlit as st

from dashboard import state, widgets
from dashboard.results import runs, saliency_test
from dashboard.results.comparison import Comparison
from dashboard.results.hit_rates import Pointing, pointing
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.side import Side
from dashboard.saliency.data.mean_maps import images
from dashboard.saliency.data.worst import worst_class
from dashboard.saliency.page import hit_rates, mean_maps, sampled_images
from dashboard.saliency.subject import SaliencySelection
from dashboard.saliency.text import rates as text
from dashboard.text import saliency_methods
from dashboard.url_choice import url_choice

__all__ = ["show"]

_HOW_TO_READ = """
**Hit rate** (pointing game): on how many images the peak of saliency (cross) lies in a reader's box, averaged over
readers. Dotted: what always pointing at the **usual place** scores, where most boxes lie. Lines on maps: 50 and 80 % of
the peak; dashed: readers' boxes. The page opens on the class that is least above its usual place.
"""


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title("Does it look at the right place?", how_to_read=_HOW_TO_READ)
    tests = _tests(comparison)
    methods = _methods(comparison, tests)
    if not methods:
        st.markdown("This run holds no saliency of this model. Pick another model or another run.")
        return
    classes = _classes(comparison, tests)
    if not classes:
        st.markdown("The only class of this run is No Finding, which lies nowhere.")
        return
    first = _rates(comparison, tests, method=next(iter(methods)))
    worst = worst_class(chain.from_iterable(first.values()))
    answer = st.empty()
    with st.container(horizontal=True, gap="medium"):
        finding = url_choice("finding", "Class", classes, default=worst or _most_images(comparison, tests))
        group = mean_maps.chosen_group()
        method = _ask_method(methods)
    selection = SaliencySelection(comparison=comparison, tests=tests, finding=finding, method=method)
    found = _rates(comparison, tests, method=method)
    answer.markdown(text.right_place(tests, found, finding=finding))
    pictures, chart = st.columns([1.25, 1], gap="large")
    with pictures:
        if not state.missed():
            mean_maps.show(selection, group)
    with chart:
        hit_rates.show(selection, found)
    sampled_images.show(selection)


def _classes(comparison: Comparison, tests: Mapping[Side, SaliencyTest]) -> list[str]:
    """Those that have a place and a score."""
    scored = saliency_test.scored(comparison.run, tuple(test.model for test in tests.values()))
    return [finding for finding in runs.located(comparison.run) if finding in scored]


def _rates(
    comparison: Comparison, tests: Mapping[Side, SaliencyTest], *, method: str
) -> dict[Side, tuple[Pointing, ...]]:
    classes = _classes(comparison, tests)
    return {
        side: tuple(pointing(comparison.run, test, finding=finding, method=method) for finding in classes)
        for side, test in tests.items()
    }


def _tests(comparison: Comparison) -> dict[Side, SaliencyTest]:
    found = {side: saliency_test.saliency_test(comparison.run, test) for side, test in comparison.tests.items()}
    return {side: test for side, test in found.items() if test is not None}


def _methods(comparison: Comparison, tests: Mapping[Side, SaliencyTest]) -> dict[str, str]:
    return {
        method: saliency_methods.method(method)
        for test in tests.values()
        for method in saliency_test.methods(comparison.run, test)
    }


def _ask_method(methods: Mapping[str, str]) -> str:
    """Draws nothing where there is one alone."""
    if len(methods) > 1:
        return url_choice("method", "Saliency method", methods)
    return state.choose("method", "the saliency method", methods, default=next(iter(methods)))


def _most_images(comparison: Comparison, tests: Mapping[Side, SaliencyTest]) -> str:
    counts = [images(comparison.run, test) for test in tests.values()]
    total = {finding: sum(each.get(finding, 0) for each in counts) for finding in _classes(comparison, tests)}
    return max(total, key=total.__getitem__)
