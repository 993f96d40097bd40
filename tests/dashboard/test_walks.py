"""Walking through the list that an image was opened from."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboard import state, walks
from dashboard.queries.cases import listed
from dashboard.queries.cases.filter import CaseFilter
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side
from tests.dashboard.made_runs import MadeRun, first_comparison


@pytest.fixture
def comparison(results: Path) -> Comparison:
    path = MadeRun(images={"internal_test": 36, "external_test": 120, "train": 12}).write(results)
    return first_comparison(path)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The address, to be filled in."""
    address: dict[str, str] = {}
    monkeypatch.setattr(state, "asked", address.get)
    return address


def _go(address: dict[str, str], keys: Mapping[str, str]) -> None:
    address.clear()
    address.update(keys)


def test_a_list_of_cases_is_walked_in_its_order(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "cases", "true": "Lung Opacity"})
    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    order = [
        case.key for case in listed.cases(comparison.run, test, CaseFilter(true="Lung Opacity"), offset=0, limit=100)
    ]
    assert len(order) == 20
    here: walks.Key | None = order[0]
    seen = []
    while here is not None:
        walk = walks.walk(comparison, here)
        assert walk is not None
        seen.append(here)
        assert (walk.position, walk.total) == (len(seen), 20)
        here = walk.next
    assert seen == order
    assert walk.page == "cases"
    assert walk.keys["true"] == "Lung Opacity"
    assert walk.label == "Lung Opacity, external test"


def test_the_way_back_leads_to_the_part_that_holds_the_image(comparison: Comparison, at: dict[str, str]) -> None:
    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    order = [case.key for case in listed.cases(comparison.run, test, CaseFilter(), offset=0, limit=200)]
    parts = {}
    for i in (0, listed.PER_PAGE - 1, listed.PER_PAGE, len(order) - 1):
        _go(at, {"from": "cases"})
        walk = walks.walk(comparison, order[i])
        assert walk is not None
        parts[i] = walk.keys["part"]
    assert parts == {0: None, 39: None, 40: "2", 119: "3"}


def test_a_cell_is_told_in_words(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "confusion", "at": "internal", "true": "Cardiomegaly", "as": "No Finding", "show": "counts"})
    walk = walks.walk(comparison, ("vinbigdata", "i1"))
    assert walk is not None
    assert (walk.label, walk.page) == ("Cardiomegaly taken for No Finding, internal test", "confusion")
    assert walk.keys["show"] == "counts"


def test_an_image_that_is_not_in_the_list_has_no_walk(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "cases", "true": "Lung Opacity"})
    assert walks.walk(comparison, ("chexpert_train", "i0")) is None
    assert walks.walk(comparison, ("vinbigdata", "i3")) is None
    assert walks.walk(comparison, ("chexpert_train", "nobody")) is None


def test_without_a_list_it_is_what_was_got_wrong_or_else_the_whole_test(
    comparison: Comparison, at: dict[str, str]
) -> None:
    """The made-up model always answers the first class, which every sixth image has."""
    _go(at, {})
    expected = {
        ("chexpert_train", "i7"): ("Wrong in the external test", 100),
        ("chexpert_train", "i6"): ("All in the external test", 120),
        ("vinbigdata", "i7"): ("Wrong in the internal test", 30),
        ("vinbigdata", "i6"): ("All in the internal test", 36),
    }
    for key, said in expected.items():
        walk = walks.walk(comparison, key)
        assert walk is not None
        assert (walk.label, walk.total) == said
    first = walks.opening(comparison)
    assert first is not None
    walk = walks.walk(comparison, first)
    assert walk is not None
    assert (walk.label, walk.position) == ("Wrong in the external test", 1)


def test_images_drawn_by_seed_are_walked_as_they_were_drawn(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "labels", "finding": "Consolidation", "draw": "3"})
    from dashboard.queries.labels.drawn import COUNT, drawn

    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    keys = drawn(comparison.run, test=test, finding="Consolidation", seed=3, count=COUNT)
    assert len(keys) == COUNT
    walk = walks.walk(comparison, keys[2])
    assert walk is not None
    assert (walk.position, walk.total, walk.previous, walk.next) == (3, COUNT, keys[1], keys[3])
    assert walk.keys == {"finding": "Consolidation", "draw": "3", "part": "images"}


def test_the_way_back_to_the_saliency_page_keeps_what_was_chosen_there(
    comparison: Comparison, at: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.queries.saliency.drawn import Drawn

    here = ("chexpert_train", "i3")
    one = Drawn(key=here, sort="missed", predicted="No Finding", share=0.1, readers=float("nan"))
    monkeypatch.setattr(walks.saliency, "drawn", lambda *_, **__: (one,))
    _go(at, {"from": "saliency", "finding": "Lung Opacity", "outcome": "missed", "draw": "4"})
    walk = walks.walk(comparison, here)
    assert walk is not None
    assert walk.page == "saliency"
    assert walk.keys == {"finding": "Lung Opacity", "outcome": "missed", "draw": "4", "method": None}


def test_the_first_image_shown_is_the_most_confidently_wrong_external_one(comparison: Comparison) -> None:
    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    (first,) = listed.cases(comparison.run, test, CaseFilter(got="wrong"), offset=0, limit=1)
    assert walks.opening(comparison) == first.key
    assert (
        walks.opening(
            Comparison(
                run=comparison.run,
                model="split",
                internal_dataset="vinbigdata",
                internal_policy="dominant",
                external_dataset=None,
                external_policy=None,
            )
        )
        is None
    )
