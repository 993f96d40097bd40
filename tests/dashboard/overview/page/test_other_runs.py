"""The Overview with other runs beside: a row a run, and what cannot be compared in words."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.made.runs import ACCURACY, EXTERNAL, INTERNAL, OWN, MadeRun
from tests.support.pages import Opened, written

BETTER = {**ACCURACY, ("split", "external_test"): 0.31, ("split", "internal_test"): 0.58}


def _spec(app: AppTest) -> dict[str, list[dict[str, object]]]:
    (chart,) = app.get("plotly_chart")
    spec: dict[str, list[dict[str, object]]] = json.loads(chart.proto.spec)
    return spec


def _marks(app: AppTest) -> dict[int, list[float]]:
    marks: dict[int, list[float]] = {}
    for trace in _spec(app)["data"]:
        for x, y in zip(trace["x"], trace["y"], strict=True) if trace["mode"] == "markers+text" else ():
            marks.setdefault(y, []).append(round(x, 1))
    return marks


def _names(app: AppTest) -> list[str]:
    return [str(note["text"]) for note in _spec(app)["layout"]["annotations"] if note["x"] == 0]


def _configurations(app: AppTest) -> list[str]:
    return [str(cell).replace("\\", "").replace("**", "") for cell in app.table[0].value["Configuration"]]


@pytest.fixture
def two(results: Path) -> Path:
    MadeRun().write(results)
    MadeRun(name="other", accuracy=BETTER, created_at=datetime(2026, 11, 20, tzinfo=UTC)).write(results)
    return results


def test_nothing_changes_when_no_other_run_is_chosen(two: Path, open_page: Opened) -> None:
    assert two.is_dir()
    app = open_page(run="paper-0001")
    assert _names(app) == [
        "<b>split, ensemble</b>",
        "split, single (mean of 3)",
        "full, ensemble",
        "full, single (mean of 3)",
    ]
    assert _configurations(app)[0] == "split, ensemble"
    assert app.multiselect[0].value == []


def test_a_row_a_run_in_the_picture_and_four_in_the_table(two: Path, open_page: Opened) -> None:
    assert two.is_dir()
    app = open_page(run="paper-0001", **{"with": "other"})
    assert _names(app) == ["<b>paper-0001: split, ensemble</b>", "other: split, ensemble"]
    assert _marks(app) == {0: [63.3, 25.3], 1: [58.0, 31.0]}
    rows = _configurations(app)
    assert len(rows) == 8
    assert (rows[0], rows[4]) == ("paper-0001: split, ensemble", "other: split, ensemble")
    assert "58.0" in app.table[0].value.iloc[4].to_string()
    assert app.multiselect[0].value == ["other"]
    (chart,) = app.get("plotly_chart")
    assert "other: split, ensemble: internal test 58.0" in chart.proto.alt
    assert "other. Internal test: 641 images" in written(app)
    assert "The recorded settings of these runs are the same." in written(app)


def test_a_pick_goes_to_the_address(two: Path, open_page: Opened) -> None:
    assert two.is_dir()
    app = open_page(run="paper-0001")
    app.multiselect[0].select("other").run()
    assert app.query_params["with"] in ("other", ["other"])
    assert len(_names(app)) == 2
    app.multiselect[0].unselect("other").run()
    assert "with" not in app.query_params
    assert len(_names(app)) == 4


def test_other_sites_are_named_and_have_their_own_line(results: Path, open_page: Opened) -> None:
    MadeRun(sites=(INTERNAL, EXTERNAL)).write(results)
    MadeRun(name="own", sites=(INTERNAL, OWN), created_at=datetime(2026, 11, 20, tzinfo=UTC)).write(results)
    first, second = _names(open_page(run="paper-0001", **{"with": "own"}))
    assert "VinBigData" not in first
    assert "VinBigData, most-marked class, to st_elsewhere, uncertain is negative" in second


def test_what_cannot_be_compared_is_told(two: Path, open_page: Opened) -> None:
    (two / "half").mkdir()
    (two / "broken").mkdir()
    (two / "broken" / "results.duckdb").write_bytes(b"x" * 5000)
    app = open_page(run="paper-0001", **{"with": "half,other,broken,nope,sixth,,other,paper-0001"})
    assert (
        "Left out of the comparison: “half”, “broken”, “nope” (not here, not complete, or cannot be read); "
        "“sixth” (more than four)."
    ) in written(app)
    assert _names(app) == ["<b>paper-0001: split, ensemble</b>", "other: split, ensemble"]


def test_a_run_that_rests_on_few_images_has_no_marks(results: Path, open_page: Opened) -> None:
    few = {"internal_test": 10, "external_test": 25, "train": 37}
    MadeRun().write(results)
    MadeRun(name="few", images=few, not_estimable=True, created_at=datetime(2026, 11, 20, tzinfo=UTC)).write(results)
    app = open_page(run="paper-0001", **{"with": "few"})
    assert list(_marks(app)) == [0]
    assert "both tests not estimable" in json.dumps(_spec(app))


def test_a_run_alone_has_nothing_to_be_compared_with(results: Path, open_page: Opened) -> None:
    MadeRun().write(results)
    assert len(open_page().multiselect) == 0


def test_a_strangers_run_is_no_markup(results: Path, open_page: Opened) -> None:
    MadeRun().write(results)
    name = "<a href=x>![x](y)"
    MadeRun(name=name, created_at=datetime(2026, 11, 20, tzinfo=UTC)).write(results)
    app = open_page(run="paper-0001", **{"with": name})
    assert "<a href" not in json.dumps(_spec(app)["layout"]["annotations"])
    assert not any("![x](y)" in str(text.value) for text in (*app.markdown, *app.caption))
    assert "![x](y)" not in str(app.table[0].value["Configuration"].tolist())
