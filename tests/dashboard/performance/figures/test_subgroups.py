"""Groups: rows with a space between kinds, n beside every number."""

from itertools import pairwise

import plotly.graph_objects as go
import pytest

from dashboard.palette import LIGHT
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.figures.subgroups import subgroups_figure
from dashboard.results.metrics import Number
from tests.support.made.attributes import HOSTILE
from tests.support.made.numbers import number, pair
from tests.support.pages import notes


def _group(stratum: str, internal: Number | None, external: Number | None = None) -> Subgroup:
    constants = pair(stratum, number(0.3, finding=None, positives=None), number(0.3, finding=None, positives=None))
    return Subgroup(scores=pair(stratum, internal, external), constants=constants)


def _score(value: float, *, n: int = 400, estimable: bool = True, positives: int | None = None) -> Number:
    return number(value, finding=None, n=n, estimable=estimable, positives=positives)


def _figure(*found: Subgroup) -> go.Figure:
    return subgroups_figure(found, no_internal="none: trained on all", palette=LIGHT)


def test_rows_are_named_and_kinds_stand_apart() -> None:
    names = ("all", "sex=F", "sex=M")
    figure = _figure(*(_group(name, _score(0.6), _score(0.2)) for name in names))
    assert list(figure.layout.yaxis.ticktext) == ["all images", "women", "men"]
    first, second, third = figure.layout.yaxis.tickvals
    assert second - first > 1.2
    assert third - second == pytest.approx(1)
    assert "n = 400" in " ".join(notes(figure))
    # A tick a number: what the best constant answer scores there.
    assert [shape.x0 for shape in figure.layout.shapes] == [30.0] * 6


def test_few_images_are_words_counted_as_what_they_are() -> None:
    few = _group("age=80+", _score(0.6, n=13, estimable=False), None)
    one = _group("age=80+", _score(0.6, n=90, positives=12, estimable=False), _score(0.2))
    assert "not estimable: 13 images" in " ".join(notes(_figure(few)))
    assert "no external test" in " ".join(notes(_figure(few)))
    assert "not estimable: 12 positives" in " ".join(notes(_figure(one)))
    assert all(len(trace.x) == 0 for trace in _figure(few).data if trace.mode == "markers+text")


def test_a_group_without_images_is_told_from_no_test() -> None:
    both = _group("view=PA", _score(0.6), _score(0.2))
    figure = _figure(both, _group("view=AP", None, _score(0.2)))
    assert "no images" in " ".join(notes(figure))
    assert "trained on all" not in " ".join(notes(figure))
    assert "none: trained on all" in " ".join(notes(_figure(_group("view=AP", None, _score(0.2)))))


def test_attributes_stand_apart_and_a_missing_one_is_no_claim_about_images() -> None:
    names = ("sex=F", "manufacturer=Agfa", "manufacturer=Fuji", "year=2019")
    figure = _figure(*(_group(name, _score(0.6), None) for name in names))
    assert list(figure.layout.yaxis.ticktext) == ["women", "manufacturer Agfa", "manufacturer Fuji", "year 2019"]
    at = figure.layout.yaxis.tickvals
    assert [after - before > 1.2 for before, after in pairwise(at)] == [True, False, True]
    both = _group("all", _score(0.6), _score(0.2))
    words = " ".join(notes(_figure(both, _group("manufacturer=Agfa", _score(0.6), None))))
    assert "no such group" in words
    assert "no images" not in words


def test_a_strangers_attributes_are_shown_as_they_are_and_at_a_length_that_leaves_room() -> None:
    figure = _figure(*(_group(f"{name}={name}", _score(0.6), None) for name in (*HOSTILE, "x" * 200)))
    shown = list(figure.layout.yaxis.ticktext)
    assert not [text for text in shown if "<" in text or "$" in text or "%{" in text or "\n" in text]
    assert shown[-1] == "x" * 31 + "\u2026"
