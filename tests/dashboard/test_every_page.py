"""Every page on every kind of results folder and address: a title, no exception, and words instead of codes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.app import PAGES
from tests.support.big_run.small import SMALL, small_run
from tests.support.big_run.writing import write_run
from tests.support.made.runs import INTERNAL, MadeRun
from tests.support.pages import Opened, assert_is_whole, images, said
from tests.support.shared import built_once

COMPARISON_KEYS = ("run", "model", "internal", "internal_policy", "external", "external_policy")
LOCAL_KEYS = (
    "at", "true", "as", "got", "conf", "members", "view", "sex", "age", "sort", "part", "show", "metric", "task",
    "finding", "draw", "method", "outcome", "of", "img", "from", "with", "policies", "curve", "by", "predicted",
    "class", "regime", "page_of", "rows", "bins", "scale", "rule",
)  # fmt: skip
UNMARKED = re.compile(r"(?:VinBigData|CheXpert train)(?! \(synthetic\)).{0,40}")
NONSENSE = ("nope", "", "-1", "99999999999999999999", "1e400-nan", "../../../etc/passwd", "<b>'; DROP TABLE run; --")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Made-up runs, without images: all six classes, five of them."""
    five = built_once(tmp_path_factory, "every-page", _write)
    return {"small": small_run(tmp_path_factory), "five": five / "five"}


def _write(folder: Path) -> None:
    write_run(folder, size=replace(SMALL, name="five", without="Consolidation"))


@pytest.fixture
def on(runs: dict[str, Path], results: Path, open_page: Opened) -> Opened:
    """Opens a page of one of them, which lies alone in the results folder."""

    def opened(folder: str, /, **address: str) -> AppTest:
        if not (results / folder).exists():
            (results / folder).symlink_to(runs[folder])
        return open_page(**address)

    return opened


@pytest.mark.parametrize("page", PAGES)
def test_without_a_run_it_says_what_to_type(page: str, open_page: Opened) -> None:
    app = open_page(page=page)
    assert [title.value for title in app.title] == ["No run yet"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("run", ["small", "five"])
def test_on_a_run_with_and_without_a_missing_class(page: str, run: str, on: Opened) -> None:
    app = on(run, page=page)
    assert_is_whole(app)
    assert "synthetic images" in said(app)
    components = [each.proto.json for each in app.get("bidi_component")]
    shown = said(app), *(each.proto.spec for each in app.get("plotly_chart")), *components
    assert [found for text in shown for found in UNMARKED.findall(text)] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_model_without_an_internal_test(page: str, on: Opened) -> None:
    assert_is_whole(on("small", page=page, model="full"))


@pytest.mark.parametrize("page", PAGES)
def test_a_run_without_another_hospital_and_without_maps(page: str, open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL,)).write(results)
    app = open_page(page=page)
    assert_is_whole(app)
    assert "ynthetic" not in said(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("turn", range(2))
def test_what_a_page_does_not_know_is_passed_over(page: str, turn: int, on: Opened) -> None:
    local = {key: NONSENSE[(i + 3 * turn) % len(NONSENSE)] for i, key in enumerate(LOCAL_KEYS)}
    app = on("small", page=page, **local)
    assert_is_whole(app)


IN_VAIN: dict[str, tuple[dict[str, str], ...]] = {
    "overview": ({"page": "nope"},),
    "labels": (
        {"part": "nope"},
        {"under": "nope"},
        {"part": "images", "finding": "nope"},
        {"part": "images", "draw": "nope"},
    ),
    "performance": (
        {"part": "nope"},
        {"part": "classes", "metric": "nope"},
        {"part": "classes", "metric": "auroc", "task": "nope"},
        {"part": "curves", "finding": "nope"},
        {"part": "subgroups", "finding": "nope"},
        {"part": "calibration", "bins": "nope"},
    ),
    "confusion": (
        *({"true": "Cardiomegaly", "as": "No Finding", key: "nope"} for key in ("at", "true", "as", "show")),
        {"true": "Cardiomegaly"},
    ),
    "cases": (
        *({key: "nope"} for key in ("at", "true", "as", "got", "conf", "members", "sex", "age", "sort", "part", "id")),
        *({key: value} for key, value in (("view", "lateral"), ("conf", "90-20"), ("part", "9999"), ("part", "0"))),
        {"saliency": "nope"},
        {"true": "Cardiomegaly,nope"},
        {"attribute.ward": "nope"},
    ),
    "image": (
        *({key: "nope"} for key in ("of", "img", "part", "from")),
        *({"from": "cases", key: "nope"} for key in ("true", "conf", "sort", "attribute.ward")),
        *({"from": "labels", key: "nope"} for key in ("finding", "draw")),
        {"from": "saliency", "method": "nope"},
    ),
    "saliency": tuple({key: "nope"} for key in ("finding", "outcome", "method", "draw")),
    "shift": ({"scale": "nope"}, {"rule": "nope"}),
}
"""By page: addresses with one part that is not here."""


@pytest.mark.parametrize("page", IN_VAIN)
def test_what_is_not_here_is_said_and_no_image_is_shown(page: str, on: Opened) -> None:
    app = on("small", page=page, **({"part": "images"} if page == "labels" else {}))
    assert bool(images(app)) == (page not in ("overview", "performance", "shift"))
    for wrong in (*IN_VAIN[page], {"external_policy": "nope"}):
        app.query_params.clear()
        for key, value in {"page": page, **wrong}.items():
            app.query_params[key] = value
        app.run()
        assert_is_whole(app)
        assert [str(warning.value).startswith("The address asks for ") for warning in app.warning] == [True], wrong
        assert images(app) == [], wrong
    app.button(key="take_out").click().run()
    assert (list(app.warning), dict(app.query_params)) == ([], {"page": page})


@pytest.mark.parametrize("page", PAGES)
def test_a_comparison_that_is_not_there_is_told_and_another_shown(page: str, on: Opened) -> None:
    app = on("small", page=page, **dict.fromkeys(COMPARISON_KEYS, "nope"))
    assert_is_whole(app)
    assert "not here" in said(app)
    assert images(app) == []


@pytest.mark.parametrize(
    ("page", "nowhere"), [*(("image", page) for page in PAGES), *((page, "cases") for page in PAGES if page != "image")]
)
def test_an_image_and_a_list_that_are_not_there(page: str, nowhere: str, on: Opened) -> None:
    app = on("small", page=page, of="vinbigdata", img="nobody", **{"from": nowhere}, finding="Cardiomegaly")
    assert_is_whole(app)
    if page == "image":
        assert "an image that this run does not hold" in said(app)
        assert images(app) == []
