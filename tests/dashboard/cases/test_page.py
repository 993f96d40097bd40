"""The Cases page on small real files: its list is that of the file, and each filter does what it says."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.findings import FINDINGS
from dashboard import words
from dashboard.cases import text
from dashboard.cases.data import Loosened
from tests.support.made.answers import judged, write_answers
from tests.support.made.attributes import HOSTILE, put
from tests.support.made.runs import INTERNAL, MadeRun
from tests.support.pages import Downloads, Opened, answer, as_read, numbers, written

INTERNAL_TEST = {"model": "split", "dataset": "vinbigdata", "role": "internal_test", "policy": "dominant"}
EXTERNAL_TEST = {"model": "split", "dataset": "chexpert_train", "role": "external_test", "policy": "u_ignore"}

_SLACK = 5e-6


def _links(app: AppTest) -> list[dict[str, str]]:
    found = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "gallery"]
    items = json.loads(found[0].json)["items"] if found else []
    return [{key: values[0] for key, values in parse_qs(item["href"].removeprefix("?")).items()} for item in items]


def _shown(app: AppTest) -> list[str]:
    return [link["img"] for link in _links(app)]


def _frame(path: Path, test: dict[str, str] = EXTERNAL_TEST) -> pd.DataFrame:
    frame = judged(path, **test)
    frame["right"] = frame["class"] == frame["predicted"]
    frame["band"] = pd.cut(
        frame["age_years"], [-1, 19, 39, 59, 79, 200], labels=["0-19", "20-39", "40-59", "60-79", "80+"]
    )
    members = [judged(path, **{**test, "model": f"split-{i}"}).set_index("image_id")["predicted"] for i in range(3)]
    frame["others"] = sum((frame["image_id"].map(each) != frame["predicted"]).astype(int) for each in members)
    return frame


def _ordered(frame: pd.DataFrame, *, by: tuple[str, ...] = ("right",), certain_first: bool = True) -> list[str]:
    columns = [*by, "confidence", "image_id"]
    ascending = [True] * len(by) + [not certain_first, True]
    return list(frame.sort_values(columns, ascending=ascending)["image_id"])


def test_it_opens_on_the_external_images_that_went_most_confidently_wrong(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    app = open_page(page="cases")
    assert _shown(app) == _ordered(frame)[:40]
    wrong = frame[~frame["right"]]
    sure = (wrong["confidence"] >= 0.9 - _SLACK).sum()
    assert numbers(answer(app)) == [f"{len(wrong)}", f"{len(frame)}", f"{sure}", "90"]
    assert f"{len(frame)} images, all of the external test, {len(wrong)} wrong" in written(app)
    assert {(link["page"], link["from"], link["of"]) for link in _links(app)} == {("image", "cases", "chexpert_train")}


FILTERS = {
    "true": ({"true": "Cardiomegaly"}, lambda frame: frame["class"] == 1),
    "answered": ({"as": "Lung Opacity"}, lambda frame: frame["predicted"] == 3),
    "right": ({"got": "right"}, lambda frame: frame["right"]),
    "wrong": ({"got": "wrong"}, lambda frame: ~frame["right"]),
    "confidence": ({"conf": "40-70"}, lambda frame: frame["confidence"].between(0.4 - _SLACK, 0.7 + _SLACK)),
    "agree": ({"members": "agree"}, lambda frame: frame["others"] == 0),
    "differ": ({"members": "differ"}, lambda frame: frame["others"] > 0),
    "view": ({"view": "AP"}, lambda frame: frame["view"] == "AP"),
    "sex": ({"sex": "F"}, lambda frame: frame["sex"] == "F"),
    "age": ({"age": "40-59"}, lambda frame: frame["band"] == "40-59"),
    "several": (
        {"got": "wrong", "true": "No Finding", "view": "PA", "conf": "0-80"},
        lambda frame: ~frame["right"] & (frame["class"] == 0) & (frame["view"] == "PA") & (frame["confidence"] <= 0.8),
    ),
}


def test_each_filter_holds_exactly_its_images(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    for name, (address, passes) in FILTERS.items():
        app = open_page(page="cases", **address)
        expected = frame[passes(frame)]
        assert 0 < len(expected) < len(frame), name
        assert _shown(app) == _ordered(expected)[:40], name
        share, wrong = f"{100 * len(expected) / len(frame):.1f} %", (~expected["right"]).sum()
        assert f"{len(expected)} images, {share} of the external test, {wrong} wrong" in written(app)
        for key, value in address.items():
            assert _links(app)[0][key] == value


def test_each_order(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    assert _shown(open_page(page="cases", sort="most_confident")) == _ordered(frame, by=())[:40]
    assert _shown(open_page(page="cases", sort="least_certain")) == _ordered(frame, by=(), certain_first=False)[:40]
    disputed = _shown(open_page(page="cases", sort="most_disputed"))
    others = frame.set_index("image_id")["others"]
    assert [others[image] for image in disputed] == sorted(others, reverse=True)[:40]


def test_a_later_part_goes_on_where_the_first_ended(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    app = open_page(page="cases", part="3")
    assert _shown(app) == _ordered(frame)[80:120]
    app.selectbox(key="pick_got").set_value("wrong").run()
    assert not app.exception
    assert "part" not in app.query_params
    assert _shown(app) == _ordered(frame[~frame["right"]])[:40]


def test_the_last_part_is_the_rest_and_nonsense_is_the_first(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    rest = (len(frame) - 1) // 40 * 40
    assert _shown(open_page(page="cases", part="99999")) == _ordered(frame)[rest:]
    for part in ("0", "-1", "x", "1e3", "9" * 30, "\u00b2"):
        assert _shown(open_page(page="cases", part=part)) == _ordered(frame)[:40]


def test_the_slider_and_the_pages_write_to_the_address(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    app = open_page(page="cases", part="2")
    app.slider[0].set_range(50, 90).run()
    assert app.query_params["conf"] == "50-90"
    assert "part" not in app.query_params
    expected = frame[frame["confidence"].between(0.5 - _SLACK, 0.9 + _SLACK)]
    assert _shown(app) == _ordered(expected)[:40]
    app.slider[0].set_range(0, 100).run()
    assert "conf" not in app.query_params
    app.get("pagination")[0].set_value(2).run()
    assert app.query_params["part"] == "2"
    assert _shown(app) == _ordered(frame)[40:80]


def test_only_what_images_have_is_offered(open_page: Opened, results: Path) -> None:
    write_answers(results)
    external, internal = open_page(page="cases"), open_page(page="cases", at="internal")
    assert "view" in [box.label for box in external.selectbox]
    assert "view" not in [box.label for box in internal.selectbox]
    (true,) = [box for box in internal.selectbox if box.label == "true class"]
    assert "Pleural Effusion" not in true.options
    assert "Consolidation" not in true.options


def test_what_is_not_offered_filters_nothing(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results), INTERNAL_TEST)
    app = open_page(page="cases", at="internal", true="Consolidation", view="AP", age="80+")
    assert _shown(app) == _ordered(frame)[:40]
    assert _links(app)[0]["at"] == "internal"
    assert "true" not in _links(app)[0]


def test_an_empty_list_says_which_filter_to_loosen(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    app = open_page(page="cases", true="Cardiomegaly", conf="0-1", sort="least_certain")
    assert as_read(text.nothing(Loosened(key="conf", cases=(frame["class"] == 1).sum()))) in written(app)
    assert not _shown(app)
    assert not app.get("download_button")
    (clear,) = [button for button in app.button if button.label == "Clear filters"]
    clear.click().run()
    assert not app.exception
    assert sorted(set(app.query_params) - {"page"}) == ["sort"]
    assert _shown(app) == _ordered(frame, by=(), certain_first=False)[:40]


def test_a_model_trained_on_all_internal_images_is_listed_externally_only(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="cases", model="full", at="internal")
    assert {link["of"] for link in _links(app)} == {"chexpert_train"}
    assert list(app.button_group[0].options) == ["external"]


def test_a_run_without_another_site_lists_the_internal_test(open_page: Opened, results: Path) -> None:
    path = write_answers(results, MadeRun(sites=(INTERNAL,), images={"internal_test": 240, "train": 240}))
    app = open_page(page="cases")
    assert _shown(app) == _ordered(_frame(path, INTERNAL_TEST))[:40]
    assert _links(app)[0]["at"] == "internal"
    assert "internal images" in written(app)


def test_the_download_is_the_whole_list(open_page: Opened, results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = _frame(write_answers(results))
    downloads = Downloads(monkeypatch)
    open_page(page="cases", got="wrong")
    rows = downloads.rows("cases_list_external")
    wrong = frame[~frame["right"]]
    assert [row["image_id"] for row in rows] == _ordered(wrong)
    true = wrong.set_index("image_id")["class"]
    assert all(FINDINGS[true[row["image_id"]]] == row["class"] for row in rows)


def test_a_filter_for_each_attribute_holds_exactly_its_images(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    maker = put(path, EXTERNAL_TEST["dataset"], "manufacturer", ["Agfa", "Fuji", None]).set_index("image_id")["value"]
    put(path, EXTERNAL_TEST["dataset"], "year", ["2019", "2020"])
    frame = _frame(path)
    expected = frame[(frame["image_id"].map(maker) == "Agfa") & ~frame["right"]]
    app = open_page(page="cases", got="wrong", **{"attribute.manufacturer": "Agfa"})
    assert _shown(app) == _ordered(expected)[:40]
    assert _links(app)[0]["attribute.manufacturer"] == "Agfa"
    assert app.selectbox(key="pick_attribute.manufacturer").options == ["any", "Agfa", "Fuji"]
    app.selectbox(key="pick_attribute.year").set_value("2020").run()
    assert app.query_params["attribute.year"] == "2020"
    (clear,) = [button for button in app.button if button.label == "Clear filters"]
    clear.click().run()
    assert set(app.query_params) == {"page"}
    assert _shown(app) == _ordered(frame)[:40]


def test_a_value_beyond_those_that_are_offered_filters_and_stands_in_its_list(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    ward = put(path, EXTERNAL_TEST["dataset"], "ward", [*(f"w{i:03}" for i in range(149)), "x", *["x"] * 150])
    put(path, EXTERNAL_TEST["dataset"], "year", ["2019"])
    frame = _frame(path)
    own = ward.set_index("image_id")["value"]
    app = open_page(page="cases", **{"attribute.ward": "w148", "attribute.year": "2019"})
    assert _shown(app) == _ordered(frame[frame["image_id"].map(own) == "w148"])
    assert app.selectbox(key="pick_attribute.ward").value == "w148"
    assert app.selectbox(key="pick_attribute.year").value == "2019"
    assert not app.warning


@pytest.mark.parametrize("name", ["manufacturer", "no such"])
def test_a_value_that_no_image_has_is_said_and_lets_none_pass(name: str, open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    put(path, EXTERNAL_TEST["dataset"], "manufacturer", ["Agfa", "Fuji", None])
    app = open_page(page="cases", **{f"attribute.{name}": "<b>Canon"})
    assert "The address asks for " in str(app.warning[0].value)
    assert words.plain(f"{name} <b>Canon") in str(app.warning[0].value)
    assert not _shown(app)
    assert f"Set {name} to any, and there are {len(_frame(path))}." in written(app)
    (clear,) = [button for button in app.button if button.label == "Clear filters"]
    clear.click().run()
    assert set(app.query_params) == {"page"}
    assert not app.warning


def test_the_image_page_walks_through_a_list_by_attribute(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    maker = put(path, EXTERNAL_TEST["dataset"], "manufacturer", ["Agfa", "Fuji", None]).set_index("image_id")["value"]
    frame = _frame(path)
    expected = _ordered(frame[frame["image_id"].map(maker) == "Agfa"])
    link = _links(open_page(page="cases", **{"attribute.manufacturer": "Agfa"}))[1]
    app = open_page(**link)
    assert not app.exception
    assert f"2 of {len(expected)}" in written(app)


def test_a_strangers_attributes_are_shown_as_plain_text(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    for name in HOSTILE:
        put(path, EXTERNAL_TEST["dataset"], name, [*HOSTILE, None])
    app = open_page(page="cases", **{f"attribute.{HOSTILE[0]}": HOSTILE[1]})
    assert not app.exception
    assert len(_shown(app)) == 40
    labels = [box.label for box in app.selectbox if box.key.startswith("pick_attribute.")]
    assert sorted(labels) == sorted(words.plain(name) for name in HOSTILE)
    assert not [option for box in app.selectbox for option in box.options if "\n" in option]
    empty = open_page(page="cases", true="Cardiomegaly", conf="0-1", **{f"attribute.{HOSTILE[0]}": HOSTILE[1]})
    assert not empty.exception
    assert not [element for element in empty.markdown if HOSTILE[0] in str(element.value)]
