"""The Labels page on a small real file: its numbers are those of the file; what cannot be known is said in words."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.findings import FINDINGS
from dashboard import image_grid
from dashboard.components.gallery import Item
from dashboard.palette import LIGHT
from dashboard.results.random_sample import COUNT, random_sample
from tests.support.made import labels as labelled
from tests.support.made.labels import OUR_TEST, THEIR_TEST
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun
from tests.support.pages import Opened, answer, as_read, figures, numbers, written
from tests.support.results import frame, key_of

QUESTION = "What do the two sites call by the same name?"
MAJORITY = {"internal_policy": "majority"}


def _table(app: AppTest, index: int = 0) -> pd.DataFrame:
    return app.table[index].value.rename(columns=as_read).map(as_read)


def _words(chart: dict[str, object]) -> list[str]:
    return [as_read(note["text"]) for note in chart["layout"]["annotations"]]


def _open(open_page: Opened, **address: str) -> AppTest:
    app = open_page(page="labels", **{**MAJORITY, **address})
    assert app.title[0].value == QUESTION
    return app


def _counts(path: Path, test: object) -> list[int]:
    counts = labelled.members(path, test)["class"].value_counts()
    return [int(counts.get(index, 0)) for index in range(6)]


def test_the_mixes_in_the_picture_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    app = _open(open_page)
    (chart,) = figures(app)
    ours, theirs = _counts(path, OUR_TEST), _counts(path, THEIR_TEST)
    shares = [100 * count / sum(counts) for counts in (ours, theirs) for count in counts]
    assert [trace["x"][0] for trace in chart["data"]] == pytest.approx(shares)
    words = " ".join(_words(chart))
    for count, share in zip([*ours, *theirs], shares, strict=True):
        assert re.search(rf"{share:.1f} %.{{0,60}}>{count} image", words)
    said = written(app)
    assert f"● internal test VinBigData: {sum(ours)} images" in said
    assert f"◆ external test CheXpert train: {sum(theirs)} images" in said


def test_the_answer_is_the_largest_difference(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    ours, theirs = (pd.Series(_counts(path, test)) for test in (OUR_TEST, THEIR_TEST))
    ours, theirs = ours / ours.sum(), theirs / theirs.sum()
    largest = int((theirs - ours).abs().idxmax())
    said = answer(_open(open_page))
    assert said.startswith(FINDINGS[largest])
    assert numbers(said)[:2] == [f"{100 * ours[largest]:.1f}", f"{100 * theirs[largest]:.1f}"]
    assert f"{50 * (theirs - ours).abs().sum():.1f}" in numbers(said)[2:]


def test_every_policy_has_a_panel(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    internal, external = figures(_open(open_page, under="all"))
    for chart, test, policies in (
        (internal, OUR_TEST, labelled.INTERNAL_POLICIES),
        (external, THEIR_TEST, labelled.EXTERNAL_POLICIES),
    ):
        known = [
            policy for policy in sorted(policies, key=lambda name: (name != test.policy, name)) if policy != "explicit"
        ]
        for trace, policy in zip(chart["data"], known, strict=True):
            counts = _counts(path, replace(test, policy=policy))
            assert trace["x"] == pytest.approx([100 * count / sum(counts) for count in counts])
    assert "<i>gives no single class</i>" in _words(external)
    for chart, color in ((internal, LIGHT.internal), (external, LIGHT.external)):
        assert chart["data"][0]["marker"]["color"] == color
    (training, _) = figures(_open(open_page, under="all", model="full"))
    assert training["data"][0]["marker"]["color"] == LIGHT.training


def test_the_flow_is_that_of_the_file(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    app = _open(open_page, part="flow")
    kept = [sum(_counts(path, test)) for test in (OUR_TEST, THEIR_TEST)]
    said = written(app)
    assert f"The internal test holds {kept[0]} of 600 images ({kept[0] / 6:.1f} %)." in said
    assert f"The external test holds {kept[1]} of 503 images ({100 * kept[1] / 503:.1f} %)." in said
    assert "no pixels (2 files); cut short (1 file)" in said
    for chart, count in zip(figures(app), kept, strict=True):
        assert any(f"<b>{count}</b>" in text for text in _words(chart))
    for index, test in enumerate((OUR_TEST, THEIR_TEST)):
        table = _table(app, index)
        row = table[
            table["Label policy"] == {"majority": "over half of readers", "u_ignore": "uncertain left out"}[test.policy]
        ]
        assert list(row["in test"]) == [str(kept[index])]


def test_what_the_names_mean(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    app = _open(open_page, part="names")
    said = written(app)
    for doubtful in ("Nodule/Mass", "Lung Opacity", "Consolidation"):
        assert doubtful in answer(app)
    assert "Nodule/Mass, external “Lung Lesion”, weak: The reason for Lung Lesion." in said
    table = _table(app)
    assert list(table["Class"]) == list(FINDINGS)
    assert list(table["◆ external name"])[2] == "Lung Lesion weak"
    labels = frame(path, "FROM raw_label WHERE finding = 'Support Devices' AND value = 1")
    test = labelled.members(path, THEIR_TEST)
    own = test[test["class"] == 0]
    share = own["image_id"].isin(labels["image_id"]).mean()
    cell = table["◆ external support devices"][0]
    assert cell.startswith(f"{100 * share:.1f} %")
    assert cell.endswith(f"n = {len(own)}")
    assert set(table["● internal support devices"]) == {"not recorded"}
    assert len(figures(app)) == 2


@pytest.fixture
def tiles_drawn(monkeypatch: pytest.MonkeyPatch) -> list[Item]:
    """The tiles of both galleries, the internal one first."""
    given: list[Item] = []
    monkeypatch.setattr(image_grid, "gallery", lambda items, **_: given.extend(items))
    return given


def test_images_are_those_drawn_and_lead_to_their_page(
    open_page: Opened, results: Path, tiles_drawn: list[Item]
) -> None:
    key = key_of(labelled.write(results))
    _open(open_page, part="images", finding="Cardiomegaly", draw="3")
    expected = [
        image
        for test in (OUR_TEST, THEIR_TEST)
        for image in random_sample(key, test=test, finding="Cardiomegaly", seed=3, count=COUNT)
    ]
    links = [dict(parse_qsl(item.href[1:])) for item in tiles_drawn]
    assert [(link["of"], link["img"]) for link in links] == expected
    assert len(expected) == 2 * COUNT
    assert {(link["page"], link["from"], link["finding"], link["draw"]) for link in links} == {
        ("image", "labels", "Cardiomegaly", "3")
    }


def test_others_are_drawn_in_one_step(open_page: Opened, results: Path) -> None:
    labelled.write(results)
    app = _open(open_page, part="images", finding="Cardiomegaly")
    assert "Cardiomegaly: 8 of" in written(app)
    for draw in ("1", "2"):
        app.button(key="draw").click().run()
        assert app.query_params["draw"] == draw
    assert app.query_params["finding"] == "Cardiomegaly"


@pytest.mark.parametrize("draw", ["-1", "x", "1e3", "٣", "99999999999999999999"])
def test_a_wrong_seed_or_class_falls_back(open_page: Opened, results: Path, draw: str) -> None:
    labelled.write(results)
    app = _open(open_page, part="images", finding="Fracture", draw=draw)
    assert "No Finding: 8 of" in written(app)
    app.button(key="draw").click().run()
    assert app.query_params["draw"] == "1"


def test_a_class_without_images_says_so(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE reference SET class = 0 WHERE class = 5")
    app = _open(open_page, part="images", finding="Consolidation")
    assert written(app).count("No image here has Consolidation as its single class.") == 2
    (chart,) = figures(_open(open_page))
    assert chart["data"][5]["x"] == [0]


@pytest.mark.parametrize("part", ["distribution", "flow", "names", "images"])
def test_a_model_trained_on_all_internal_images_has_no_internal_test(
    open_page: Opened, results: Path, part: str
) -> None:
    labelled.write(results)
    app = _open(open_page, model="full", part=part)
    if part in ("distribution", "images"):
        assert "○ training images, no test VinBigData" in written(app)
    if part == "flow":
        assert "none is left" in answer(app)


@pytest.mark.parametrize("part", ["distribution", "flow", "names", "images"])
def test_without_an_external_test_the_internal_one_is_shown_alone(open_page: Opened, results: Path, part: str) -> None:
    MadeRun(sites=(INTERNAL,)).write(results)
    app = open_page(page="labels", part=part)
    assert app.title[0].value == QUESTION
    assert "◆" not in written(app)
    assert ("There is no external test" in written(app)) == (part in {"distribution", "flow"})
    assert len(figures(app)) == (part != "images")


@pytest.mark.parametrize("part", ["distribution", "flow", "names", "images"])
def test_a_run_that_says_nothing_about_names_and_readers(open_page: Opened, results: Path, part: str) -> None:
    MadeRun(sites=(INTERNAL, EXTERNAL)).write(results)
    app = open_page(page="labels", part=part)
    if part == "names":
        assert set(_table(app)["● internal name"]) == {"no such name"}
        assert "● internal reader agreement" not in _table(app)


@pytest.mark.parametrize("under", ["chosen", "all"])
def test_few_images_are_counts_and_no_shares(open_page: Opened, results: Path, under: str) -> None:
    labelled.write(results, internal=40, external=30)
    app = _open(open_page, under=under)
    assert "not estimable" in answer(app)
    for chart in figures(app):
        assert not any("%" in text for text in _words(chart))
        assert any(" of " in text for text in _words(chart))


def test_names_from_a_strangers_file_are_plain_text(open_page: Opened, results: Path) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE name_match SET finding = '<img src=x>', reason = '![](http://x)', grade = 'weak'")
        connection.execute("UPDATE rejected SET reason = '![](http://x)'")
    for part in ("names", "flow"):
        app = _open(open_page, part=part)
        texts = [str(element.value) for element in (*app.markdown, *app.caption)]
        texts += [cell for table in app.table for column in table.value for cell in table.value[column]]
        assert not any(re.search(r"(?<!\\)(<img|!\[\]\(http)", text) for text in texts)


@pytest.mark.parametrize("part", ["distribution", "flow", "names", "images"])
def test_pictures_have_words_and_downloads(open_page: Opened, results: Path, part: str) -> None:
    labelled.write(results)
    app = _open(open_page, part=part)
    assert all(chart.proto.alt for chart in app.get("plotly_chart"))
    assert app.get("download_button")
