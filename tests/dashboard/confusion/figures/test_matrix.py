"""What a click on a cell tells Python, and what Python believes."""

from types import SimpleNamespace

import pytest
import streamlit as st

from dashboard.confusion.data.pick import Pick
from dashboard.confusion.figures import cells
from dashboard.confusion.figures import matrix as component
from dashboard.palette import LIGHT
from dashboard.results.side import Side
from tests.support.matrices import matrix

FOUND = matrix((5,) * 6)


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the browser is given."""
    given: dict[str, object] = {}
    monkeypatch.setattr(component, "load", lambda *_, **__: lambda **settings: given.update(settings))
    return given


def _clicked(mounted: dict[str, object], monkeypatch: pytest.MonkeyPatch, target: object) -> list[Pick]:
    picks: list[Pick] = []
    grid = cells.counts(FOUND, side=Side.INTERNAL, dataset="VinBigData", palette=LIGHT)
    component.matrix([grid], key="m", picked=Pick(side=Side.INTERNAL, true=0, predicted=2), on_pick=picks.append)
    monkeypatch.setattr(st, "session_state", {"m": SimpleNamespace(picked=target)})
    mounted["on_picked_change"]()
    return picks


def test_a_click_picks_its_cell(mounted: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _clicked(mounted, monkeypatch, "internal-0-4") == [Pick(side=Side.INTERNAL, true=0, predicted=4)]
    assert mounted["data"]["picked"] == "internal-0-2"


@pytest.mark.parametrize("target", [None, "external-0-4", "internal-1-4", "internal-0-6", "internal-0--1", "x"])
def test_what_is_not_drawn_cannot_be_picked(
    mounted: dict[str, object], monkeypatch: pytest.MonkeyPatch, target: object
) -> None:
    assert _clicked(mounted, monkeypatch, target) == []
