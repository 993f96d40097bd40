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
from tests.support.pages import Downloads, Opened, answer, as_read, numbers, sent, written
from tests.support.results import change

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
    "classes": ({"true": "Cardiomegaly,Nodule/Mass"}, lambda frame: frame["class"].isin([1, 2])),
    "ages": (
        {"age": "20-39,60-79", "sex": "F"},
        lambda frame: frame["band"].isin(["20-39", "60-79"]) & (frame["sex"] == "F"),
    ),
    "several": (
        {"got": "wrong", "true": "No Finding", "view": "PA", "conf": "0-80"},
        lambda frame: ~frame["right"] & (frame["class"] == 0) & (frame["view"] == "PA") & (frame["confidence"] <= 0.8),
    ),
}


def _told(frame: pd.DataFrame, address: dict[str, str]) -> int:
    """The first number behind what is filtered by: those that went wrong, or of these the ones that it was sure of."""
    wrong = frame[~frame["right"]]
    return int((wrong["confidence"] >= 0.9 - _SLACK).sum()) if address.get("got") == "wrong" else len(wrong)


def test_each_filter_holds_exactly_its_images(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    for name, (address, passes) in FILTERS.items():
        app = open_page(page="cases", **address)
        expected = frame[passes(frame)]
        assert 0 < len(expected) < len(frame), name
        assert _shown(app) == _ordered(expected)[:40], name
        held = f"{len(expected)} of {len(frame)} external images ({100 * len(expected) / len(frame):.1f} %): "
        assert answer(app).startswith(held), name
        assert numbers(answer(app).partition(". ")[2])[:1] in ([], [str(_told(expected, address))]), name
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


def test_the_last_part_is_the_rest(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    rest = (len(frame) - 1) // 40 * 40
    assert _shown(open_page(page="cases", part=str(rest // 40 + 1))) == _ordered(frame)[rest:]


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


def test_only_what_images_have_is_offered_with_how_many_that_would_leave(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    external, internal = open_page(page="cases", got="wrong", view="AP"), open_page(page="cases", at="internal")
    boxes = {str(box.key).removeprefix("pick_"): box for box in (*external.multiselect, *external.selectbox)}
    wrong, ap = ~frame["right"], frame["view"] == "AP"
    classes = frame["class"].value_counts()
    assert boxes["true"].options == [
        f"{FINDINGS[i]} ({(frame['class'] == i)[wrong & ap].sum()})" for i in sorted(classes.index)
    ]
    assert boxes["view"].options == [f"frontal AP ({(wrong & ap).sum()})", f"frontal PA ({(wrong & ~ap).sum()})"]
    assert boxes["got"].options == ["any", f"wrong ({(wrong & ap).sum()})", f"right ({(~wrong & ap).sum()})"]
    assert "view" not in [box.label for box in internal.multiselect]
    assert not [option for option in internal.multiselect(key="pick_true").options if "Consolidation" in option]


def test_several_picks_go_to_the_address_and_none_leaves_it(open_page: Opened, results: Path) -> None:
    frame = _frame(write_answers(results))
    app = open_page(page="cases", part="2")
    app.multiselect(key="pick_true").set_value(["Cardiomegaly", "Nodule/Mass"]).run()
    assert (app.query_params["true"], "part" in app.query_params) == ("Cardiomegaly,Nodule/Mass", False)
    assert _shown(app) == _ordered(frame[frame["class"].isin([1, 2])])[:40]
    app.multiselect(key="pick_true").set_value([]).run()
    assert "true" not in app.query_params


def test_an_id_finds_its_image_or_all_images_of_its_patient(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    change(path, "UPDATE image SET patient_id = 'who' WHERE dataset = 'chexpert_train' AND image_id IN ('i7', 'i8')")
    change(path, "UPDATE image SET image_id = 'only' WHERE dataset = 'vinbigdata' AND image_id = 'i1'")
    app = open_page(page="cases", part="2")
    app.text_input(key="find_id").set_value(" i7 ").run()
    assert (app.query_params["id"], "part" in app.query_params) == ("i7", False)
    assert _shown(app) == ["i7"]
    assert "one id" in answer(app)
    assert sorted(_shown(open_page(page="cases", id="who"))) == ["i7", "i8"]
    elsewhere = open_page(page="cases", id="only")
    assert not _shown(elsewhere)
    assert "The run holds this image outside of this list." in written(elsewhere)
    next(button for button in elsewhere.button if button.label == "Open the image").click().run()
    assert (elsewhere.query_params["page"], elsewhere.query_params["img"]) == ("image", "only")


def test_saliency_is_seen_on_all_where_the_address_says_so(open_page: Opened, results: Path) -> None:
    write_answers(results)
    app = open_page(page="cases")
    assert sent(app, "gallery")["saliency"] == "hover"
    app.segmented_control(key="choose_saliency").set_value("always").run()
    assert app.query_params["saliency"] == "always"
    assert sent(app, "gallery")["saliency"] == "always"


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
    app = open_page(page="cases", model="full")
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
    fuji = ((frame["image_id"].map(maker) == "Fuji") & ~frame["right"]).sum()
    offered = app.multiselect(key="pick_attribute.manufacturer").options
    assert offered == [f"Agfa ({len(expected)})", f"Fuji ({fuji})"]
    both = open_page(page="cases", got="wrong", **{"attribute.manufacturer": "Agfa,Fuji"})
    assert answer(both).startswith(f"{len(expected) + fuji} of ")
    app.multiselect(key="pick_attribute.year").set_value(["2020"]).run()
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
    assert app.multiselect(key="pick_attribute.ward").value == ["w148"]
    assert app.multiselect(key="pick_attribute.year").value == ["2019"]
    assert not app.warning


def test_a_value_with_a_comma_is_one_value_in_an_old_address_and_in_a_new_one(open_page: Opened, results: Path) -> None:
    path = write_answers(results)
    model = put(path, EXTERNAL_TEST["dataset"], "model", ["DRX, Evolution", "DRX", "X"]).set_index("image_id")["value"]
    frame = _frame(path)
    old = open_page(page="cases", **{"attribute.model": "DRX, Evolution"})
    assert _shown(old) == _ordered(frame[frame["image_id"].map(model) == "DRX, Evolution"])[:40]
    old.multiselect(key="pick_attribute.model").set_value(["DRX, Evolution", "DRX"]).run()
    assert old.query_params["attribute.model"] == "DRX\\, Evolution,DRX"
    assert _shown(old) == _ordered(frame[frame["image_id"].map(model) != "X"])[:40]


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
    labels = [box.label for box in app.multiselect if box.key.startswith("pick_attribute.")]
    assert sorted(labels) == sorted(words.plain(name) for name in HOSTILE)
    assert not [option for box in app.multiselect for option in box.options if "\n" in option]
    empty = open_page(page="cases", true="Cardiomegaly", conf="0-1", **{f"attribute.{HOSTILE[0]}": HOSTILE[1]})
    assert not empty.exception
    assert not [element for element in empty.markdown if HOSTILE[0] in str(element.value)]
