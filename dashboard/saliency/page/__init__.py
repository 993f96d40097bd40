"""Saliency: does it look at the right place?"""

from collections.abc import Mapping

import streamlit as st

from dashboard import state, widgets
from dashboard.results import runs, saliency_test
from dashboard.results.comparison import Comparison
from dashboard.results.hit_rates import pointing
from dashboard.results.saliency_test import SaliencyTest
from dashboard.results.side import Side
from dashboard.saliency import data, text
from dashboard.saliency.page import hit_rates, mean_maps, sampled_images
from dashboard.saliency.subject import SaliencySelection
from dashboard.text import saliency_methods
from dashboard.url_choice import url_choice

__all__ = ["show"]

_HOW_TO_READ = """
Saliency shows which places of an image spoke for a class. Its **peak** is the place that spoke most, once the map is
smoothed a little. Readers drew boxes around what they found: an image counts as the share of its readers in one of
whose boxes the peak lies, and the **hit rate** is the mean over the images that have this single class and a box.
In brackets, and as a bar through the mark: the 95 % interval over patients, or over images where patients are not
recorded, in closed form as on Labels. Under 30 images, as patients count, a rate is not estimable.

The dotted line is what always pointing at the **usual place** scores, without a look at the image: where most boxes
lie. A model whose interval does not lie above it has not shown that it looks.

The **mean map** averages the maps of many images, each scaled to its own maximum, over their mean image; both sites
share one scale. A mean of fewer than ten images would show a patient and stays black. The mean of the boxes of a
finding that lies on either side falls between the sides.

The images below are drawn by chance, not picked. Each shows the class's saliency as strong as it is beside the other
classes', and all readers' boxes. Maps of a ResNet-18 have 7 x 7 cells, and what a cell sees lies half a cell off: so
may its peak.
"""

_FIRST_CLASS = "Pleural Effusion"


def show(comparison: Comparison) -> None:
    """Draws the page."""
    widgets.title("Does it look at the right place?", how_to_read=_HOW_TO_READ)
    tests = _tests(comparison)
    methods = _methods(comparison, tests)
    if not methods:
        st.markdown("This run holds no saliency of this model. Pick another model or another run.")
        return
    classes = runs.located(comparison.run)
    if not classes:
        st.markdown("The only class of this run is No Finding, which lies nowhere.")
        return
    answer = st.empty()
    with st.container(horizontal=True, gap="medium"):
        finding = url_choice("finding", "Class", classes, default=_first_class(comparison, tests))
        group = mean_maps.chosen_group()
        method = _ask_method(methods)
    selection = SaliencySelection(comparison=comparison, tests=tests, finding=finding, method=method)
    found = {
        side: tuple(pointing(comparison.run, test, finding=one, method=method) for one in classes)
        for side, test in tests.items()
    }
    answer.markdown(text.right_place(tests, found, finding=finding))
    pictures, chart = st.columns([1.25, 1], gap="large")
    with pictures:
        if not state.missed():
            mean_maps.show(selection, group)
    with chart:
        hit_rates.show(selection, found)
    sampled_images.show(selection)


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


def _first_class(comparison: Comparison, tests: Mapping[Side, SaliencyTest]) -> str:
    """The class that is shown when none is asked for: one with images."""
    counts = [data.images(comparison.run, test) for test in tests.values()]
    total = {finding: sum(each.get(finding, 0) for each in counts) for finding in runs.located(comparison.run)}
    return _FIRST_CLASS if total.get(_FIRST_CLASS) else max(total, key=total.__getitem__)
