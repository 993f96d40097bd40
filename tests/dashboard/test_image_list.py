"""Walking through the list that an image was opened from."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboard import image_list, state
from dashboard.results import case_list, class_cases
from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import Comparison
from dashboard.results.side import Side
from tests.support.made.runs import MadeRun, first_comparison


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
        case.key
        for case in class_cases.cases(comparison.run, test, CaseFilter(true=("Lung Opacity",)), offset=0, limit=100)
    ]
    assert len(order) == 20
    here: image_list.Key | None = order[0]
    seen = []
    while here is not None:
        in_list = image_list.list_position(comparison, here)
        assert in_list is not None
        seen.append(here)
        assert (in_list.position, in_list.total) == (len(seen), 20)
        here = in_list.next
    assert seen == order
    assert in_list.page == "cases"
    assert in_list.keys["true"] == "Lung Opacity"
    assert in_list.label == "Lung Opacity, external"


def test_the_way_back_leads_to_the_part_that_holds_the_image(comparison: Comparison, at: dict[str, str]) -> None:
    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    order = [case.key for case in class_cases.cases(comparison.run, test, CaseFilter(), offset=0, limit=200)]
    parts = {}
    for i in (0, case_list.PER_PAGE - 1, case_list.PER_PAGE, len(order) - 1):
        _go(at, {"from": "cases"})
        in_list = image_list.list_position(comparison, order[i])
        assert in_list is not None
        parts[i] = in_list.keys["part"]
    assert parts == {0: None, 39: None, 40: "2", 119: "3"}


def test_a_cell_is_told_in_words(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "confusion", "at": "internal", "true": "Cardiomegaly", "as": "No Finding", "show": "counts"})
    in_list = image_list.list_position(comparison, ("vinbigdata", "i1"))
    assert in_list is not None
    assert (in_list.label, in_list.page) == ("Cardiomegaly, taken for No Finding, internal", "confusion")
    assert in_list.keys["show"] == "counts"


def test_an_image_that_is_not_in_the_list_has_no_walk(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "cases", "true": "Lung Opacity"})
    assert image_list.list_position(comparison, ("chexpert_train", "i0")) is None
    assert image_list.list_position(comparison, ("vinbigdata", "i3")) is None
    assert image_list.list_position(comparison, ("chexpert_train", "nobody")) is None


def test_without_a_list_it_is_what_was_got_wrong_or_else_the_whole_test(
    comparison: Comparison, at: dict[str, str]
) -> None:
    """The made-up model always answers the first class, which every sixth image has."""
    _go(at, {})
    expected = {
        ("chexpert_train", "i7"): ("wrong, external", 100),
        ("chexpert_train", "i6"): ("all, external", 120),
        ("vinbigdata", "i7"): ("wrong, internal", 30),
        ("vinbigdata", "i6"): ("all, internal", 36),
    }
    for key, said in expected.items():
        in_list = image_list.list_position(comparison, key)
        assert in_list is not None
        assert (in_list.label, in_list.total) == said
    first = image_list.default_image(comparison)
    assert first is not None
    in_list = image_list.list_position(comparison, first)
    assert in_list is not None
    assert (in_list.label, in_list.position) == ("wrong, external", 1)


def test_images_drawn_by_seed_are_walked_as_they_were_drawn(comparison: Comparison, at: dict[str, str]) -> None:
    _go(at, {"from": "labels", "finding": "Consolidation", "draw": "3"})
    from dashboard.results.random_sample import COUNT, random_sample

    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    keys = random_sample(comparison.run, test=test, finding="Consolidation", seed=3, count=COUNT)
    assert len(keys) == COUNT
    in_list = image_list.list_position(comparison, keys[2])
    assert in_list is not None
    assert (in_list.position, in_list.total, in_list.previous, in_list.next) == (3, COUNT, keys[1], keys[3])
    assert in_list.keys == {"finding": "Consolidation", "draw": "3", "part": "images"}


def test_the_way_back_to_the_saliency_page_keeps_what_was_chosen_there(
    comparison: Comparison, at: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.results.sampled_images import SampledImage

    here = ("chexpert_train", "i3")
    one = SampledImage(key=here, sort="missed", predicted="No Finding", share=0.1, readers=float("nan"))
    monkeypatch.setattr(image_list.sampled_images, "sampled_images", lambda *_, **__: (one,))
    _go(at, {"from": "saliency", "finding": "Lung Opacity", "outcome": "missed", "draw": "4"})
    in_list = image_list.list_position(comparison, here)
    assert in_list is not None
    assert in_list.page == "saliency"
    assert in_list.keys == {"finding": "Lung Opacity", "outcome": "missed", "draw": "4", "method": None}


def test_the_first_image_shown_is_the_most_confidently_wrong_external_one(comparison: Comparison) -> None:
    test = comparison.test(Side.EXTERNAL)
    assert test is not None
    (first,) = class_cases.cases(comparison.run, test, CaseFilter(got="wrong"), offset=0, limit=1)
    assert image_list.default_image(comparison) == first.key
    assert (
        image_list.default_image(
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
