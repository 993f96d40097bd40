"""Confusion, Cases, Image and Labels of findings on small real files: counts are those of the file."""

import re
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.results.downloads import BEGINNING, NUMBER
from tests.support.brought import THRESHOLDS
from tests.support.made.findings import write
from tests.support.pages import Downloads, Opened, answer, sent, written

DOCS = (Path(__file__).parents[3] / "docs" / "downloads.md").read_text(encoding="utf-8")
OUTCOMES = ("true positive", "missed", "false alarm", "true negative")


def judged(path: Path, *, dataset: str, model: str, finding: str) -> pd.DataFrame:
    """Images where it is known whether they have a finding, with what the model says of it, in plain pandas."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM finding ORDER BY index").fetchall()]
        frame = connection.execute(
            "SELECT image_id, present, probability, flagged FROM prediction JOIN reference USING (dataset, image_id)"
            " WHERE dataset = ? AND model_id = ?",
            [dataset, model],
        ).df()
    place = names.index(finding)
    frame["present"] = [values[place] for values in frame["present"]]
    column = "probability" if model == "scores" else "flagged"
    frame["score"] = [values[place] for values in frame[column]]
    frame = frame[frame["present"].notna()].copy()
    limit = np.float32(THRESHOLDS.get(finding, 0.5)) if model == "scores" else 1
    frame["flag"] = frame["score"].astype(np.float32) >= limit
    has_it = frame["present"] == 1
    frame["outcome"] = np.select(
        [has_it & frame["flag"], has_it & ~frame["flag"], ~has_it & frame["flag"]], OUTCOMES[:3], OUTCOMES[3]
    )
    return frame


def _counts(app: AppTest, grid: int) -> dict[str, list[int]]:
    rows = sent(app, "matrix")["grids"][grid]["rows"]
    return {row["name"]: [int(cell["text"].replace(",", "")) for cell in row["cells"]] for row in rows}


@pytest.mark.parametrize(("kind", "model"), [("scores", "scores"), ("flags", "flags")])
def test_two_by_twos_are_those_of_the_file_and_a_cell_brings_its_images(
    open_page: Opened, results: Path, kind: str, model: str
) -> None:
    path = write(results, kind)
    app = open_page(page="confusion", show="counts", finding="Edema", outcome="false_alarm")
    for grid, dataset in enumerate(("home", "away")):
        for finding, counts in _counts(app, grid).items():
            frame = judged(path, dataset=dataset, model=model, finding=finding)
            assert counts == ([(frame["outcome"] == name).sum() for name in OUTCOMES] if len(frame) else [])
    assert [row["absent"] for row in sent(app, "matrix")["grids"][1]["rows"] if not row["cells"]]
    frame = judged(path, dataset="away", model=model, finding="Edema")
    wanted = frame[frame["outcome"] == "false alarm"].sort_values(["score", "image_id"], ascending=[False, True])
    links = [parse_qs(item["href"].removeprefix("?")) for item in sent(app, "gallery")["items"]]
    assert [link["img"][0] for link in links] == list(wanted["image_id"])[:10]
    app.button(key="all_in_cases").click().run()
    assert (app.query_params["page"], app.query_params["finding"]) == ("cases", "Edema")
    assert answer(app).endswith(f"{len(wanted)} of them all: false alarm.")


def test_the_difference_is_the_gap_of_recall_and_of_specificity(open_page: Opened, results: Path) -> None:
    path = write(results, "scores")
    with duckdb.connect(str(path), read_only=True) as connection:
        gaps = connection.execute(
            "SELECT finding, metric, value, low, high FROM gap"
            " WHERE metric IN ('recall', 'specificity') AND stratum = 'all' AND value IS NOT NULL"
            " AND operating_point = 'stated'"
        ).df()
    (grid,) = sent(open_page(page="confusion", show="difference"), "matrix")["grids"]
    shown = {row["name"]: row["cells"] for row in grid["rows"] if row["cells"]}
    assert [row["absent"] for row in grid["rows"] if not row["cells"]] == ["not known in both tests"]
    assert set(shown) == set(gaps["finding"])
    for gap in gaps.itertuples():
        right, wrong = (0, 1) if gap.metric == "recall" else (3, 2)
        for place, value in ((right, 100 * gap.value), (wrong, -100 * gap.value)):
            cell = shown[gap.finding][place]
            assert float(cell["text"].replace("\u2212", "-")) == pytest.approx(value, abs=0.051)
            assert ("which may be chance" in cell["title"]) == (gap.low <= 0 <= gap.high)
        low, high = (f"{100 * end:.1f}".replace("-", "\u2212") for end in (gap.low, gap.high))
        assert f"[{low}, {high}]" in shown[gap.finding][right]["title"]


def test_one_site_is_offered_no_difference(open_page: Opened, results: Path) -> None:
    write(results, "external")
    app = open_page(page="confusion", show="difference")
    assert "“difference”" in written(app)
    assert "difference" not in [str(option) for option in app.button_group[0].options]


def test_thirty_findings_and_one_site_are_drawn_whole(open_page: Opened, results: Path) -> None:
    write(results, "thirty")
    write(results, "external")
    app = open_page(page="confusion", run="thirty")
    assert [len(grid["rows"]) for grid in sent(app, "matrix")["grids"]] == [30, 30]
    app = open_page(page="confusion", run="external")
    (grid,) = sent(app, "matrix")["grids"]
    assert grid["n_heads"] == ["with it", "studies"]
    assert "internally" not in answer(app)


def test_cases_of_a_finding_are_filtered_by_outcome_and_sorted_by_score(open_page: Opened, results: Path) -> None:
    path = write(results, "scores")
    frame = judged(path, dataset="away", model="scores", finding="Cardiomegaly")
    wrong = frame["outcome"].isin(["missed", "false alarm"])
    app = open_page(page="cases", finding="Cardiomegaly", sort="nearest", outcome="missed,false_alarm")
    frame["off"] = (frame["score"].astype(np.float32) - np.float32(0.3)).abs()
    expected = frame[wrong].sort_values(["off", "image_id"])["image_id"]
    items = sent(app, "gallery")["items"]
    assert [parse_qs(item["href"].removeprefix("?"))["img"][0] for item in items] == list(expected)[:40]
    assert f"wrong on {wrong.sum()} of {len(frame)} external images" in answer(app)
    assert sent(app, "gallery")["captionsAlone"]
    asked = open_page(page="cases", finding="Hernia", outcome="certain")
    assert "“Hernia”" in written(asked)
    assert not asked.get("gallery")


def test_an_image_tells_each_finding_with_its_threshold(open_page: Opened, results: Path) -> None:
    path = write(results, "scores")
    app = open_page(page="image", of="away", img="away010")
    bars = {bar["finding"]: bar for bar in sent(app, "probabilities")["bars"]}
    assert {name: bar["threshold"] for name, bar in bars.items()} == pytest.approx(THRESHOLDS, abs=1e-6)
    for finding in ("Edema", "Cardiomegaly"):
        frame = judged(path, dataset="away", model="scores", finding=finding).set_index("image_id")
        if "away010" in frame.index:
            assert bars[finding]["share"] == pytest.approx(frame["score"]["away010"], abs=1e-6)
    assert bars["Fracture"]["said"] == "not known here"
    assert not [each for each in app.get("bidi_component") if each.proto.component_name == "viewer"]


def test_labels_have_the_prevalence_of_each_finding(open_page: Opened, results: Path) -> None:
    path = write(results, "scores")
    app = open_page(page="labels")
    said = answer(app)
    for dataset in ("home", "away"):
        frame = judged(path, dataset=dataset, model="scores", finding="Cardiomegaly")
        assert f"{100 * (frame['present'] == 1).mean():.1f} %" in said
    assert "External test: Fracture not labelled." in written(app)
    assert "The external test holds" in answer(open_page(page="labels", part="flow"))
    assert "nothing is called Fracture" in answer(open_page(page="labels", part="names"))


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("labels", "labels_prevalence"),
        ("confusion", "confusion_findings"),
        ("cases", "cases_finding"),
        ("image", "image_findings"),
    ],
)
def test_downloads_have_the_columns_of_the_docs(
    open_page: Opened, results: Path, monkeypatch: pytest.MonkeyPatch, page: str, name: str
) -> None:
    path, downloads = write(results, "scores"), Downloads(monkeypatch)
    open_page(page=page)
    (table,) = (each for each in downloads.tables if each.startswith(name))
    rows = pd.DataFrame(downloads.rows(table))
    (columns,) = re.findall(rf"^\| `{name}`[^|]*\|[^|]*\| ([^|]*?) \|$", DOCS, re.MULTILINE)
    listed = [*NUMBER] if columns == "*numbers*" else columns.split(", ")
    assert [*rows] == [*BEGINNING, *listed]
    if name == "cases_finding":
        assert len(rows) == len(judged(path, dataset="away", model="scores", finding="Edema"))
