"""Runs of two, four and thirty classes, with No Finding and without: evaluated, sealed, and shown on every page."""

import functools
import html
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score
from streamlit.testing.v1 import AppTest

from cxr_core.experiment import Experiment
from cxr_core.store.open import open_run
from dashboard.app import PAGES
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.classes import SETS
from tests.support.evaluated import append_numbers
from tests.support.pages import Downloads, Opened, assert_is_whole, figures, plain, sent
from tests.support.results import frame
from tests.support.shared import built_once

Written = Callable[[str], Path]

SIZE = Size(
    name="any",
    internal=250,
    external=200,
    internal_left_out=10,
    external_left_out=20,
    members=2,
    shown=100,
    features=4,
    epochs=2,
)

TESTS = {
    "internal test": {"dataset": "vinbigdata", "role": "internal_test", "policy": "dominant"},
    "external test": {"dataset": "chexpert_train", "role": "external_test", "policy": "u_ignore"},
}
"""What the pages show first."""

PARTS: Mapping[str, tuple[dict[str, str], ...]] = {
    "labels": ({}, {"under": "all"}, {"part": "flow"}, {"part": "names"}, {"part": "images"}),
    "performance": (
        {},
        *({"part": "classes", "metric": metric} for metric in ("recall", "auroc", "average_precision")),
        *({"part": part} for part in ("curves", "calibration", "confidence", "subgroups")),
    ),
    "confusion": ({}, {"show": "counts"}, {"show": "difference"}, {"model": "full"}),
    "image": ({}, {"part": "labels"}, {"part": "about"}),
    "saliency": ({}, {"outcome": "false_alarm"}),
    "shift": ({}, {"scale": "accuracy", "rule": "sensitivity=0.90"}),
}

VIEWS = [(page, part) for page in PAGES for part in PARTS.get(page, ({},))]

SHOWN = [
    *((name, page, part) for name in ("two", "thirty") for page, part in VIEWS),
    *((name, page, {}) for name in ("two-with-no-finding", "four", "thirty-without-no-finding") for page in PAGES),
]
"""Every page, and of the fewest classes and the most every part; hostile names are looked at below."""


def evaluate(connection: duckdb.DuckDBPyConnection) -> None:
    append_numbers(connection, Experiment(replicates=100))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The results file of a run of these classes, evaluated by the library and sealed."""

    def write(name: str) -> Path:
        # Of subgroups each has nine hundred counts again, which takes a minute to evaluate.
        size = replace(SIZE, name=name, classes=SETS[name], is_described=len(SETS[name]) < 30)
        build = functools.partial(write_run, size=size, evaluate=evaluate)
        return built_once(tmp_path_factory, f"any-classes-{name}", build) / name / "results.duckdb"

    return write


@pytest.fixture(params=SETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def on(name: str, written: Written, results: Path, open_page: Opened) -> Opened:
    """Opens a page of the run, which lies alone in the results folder."""
    (results / name).symlink_to(written(name).parent)
    return open_page


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def judged(path: Path, test: str) -> pd.DataFrame:
    """The images of a test with a single class, and what the ensemble makes of them, by pandas alone."""
    asked = TESTS[test]
    prediction = frame(path, "FROM prediction WHERE model_id = 'split'")
    reference = frame(path, "FROM reference WHERE class IS NOT NULL")
    image = frame(path, "FROM image WHERE left_out IS NULL")
    both = prediction.merge(reference, on=["dataset", "image_id"]).merge(image, on=["dataset", "image_id"])
    return both[
        (both["dataset"] == asked["dataset"]) & (both["role"] == asked["role"]) & (both["policy"] == asked["policy"])
    ]


def options(app: AppTest, key: str) -> list[str]:
    """What can be chosen: of few side by side, of many in a list."""
    few = [each for each in app.segmented_control if each.key == key]
    found = few[0].options if few else app.selectbox(key=key).options
    return [option.replace("\\", "").replace("\u2060", "") for option in found] if few else list(found)


@pytest.mark.parametrize(("name", "page", "part"), SHOWN, ids=str)
def test_every_page_is_whole(page: str, part: Mapping[str, str], on: Opened) -> None:
    assert_is_whole(on(page=page, **part))


def test_the_classes_are_those_of_the_run_wherever_they_are_listed(name: str, on: Opened) -> None:
    classes = list(SETS[name])
    located = [finding for finding in classes if finding != "No Finding"]
    assert options(on(page="performance", part="curves"), "choose_finding") == classes
    assert options(on(page="performance", part="subgroups"), "choose_finding") == ["all classes", *classes]
    assert options(on(page="labels", part="images"), "choose_finding") == classes
    assert options(on(page="saliency"), "choose_finding") == located
    names = on(page="labels", part="names").table[0].value["Class"]
    assert [each.replace("\\", "").replace("\u2060", "") for each in names] == classes
    assert [bar["finding"] for bar in sent(on(page="image"), "probabilities")["bars"]] == classes
    assert sent(on(page="image"), "viewer")["findings"] == classes
    for grid in sent(on(page="confusion"), "matrix")["grids"]:
        assert (grid["classes"], [row["name"] for row in grid["rows"]]) == (classes, classes)
        assert {len(row["cells"]) for row in grid["rows"]} <= {0, len(classes)}


def test_pictures_have_a_row_a_class(name: str, on: Opened) -> None:
    classes = SETS[name]
    rows = {
        "labels": figures(on(page="labels"))[0]["layout"]["yaxis"]["ticktext"],
        # Of thirty classes none has enough images with it, and each enough without.
        "performance": figures(on(page="performance", part="classes", metric="specificity"))[0]["layout"]["yaxis"][
            "ticktext"
        ],
    }
    for labels in rows.values():
        assert len(labels) == len(classes)
        for label, finding in zip(labels, classes, strict=True):
            shown = html.unescape(label.partition("<span")[0].replace("<br>", "")).rstrip("\u2026")
            assert finding.replace(" ", "").startswith(shown.replace(" ", ""))


def test_recall_precision_f1_and_auroc_are_those_of_the_file(
    name: str, on: Opened, written: Written, downloads: Downloads
) -> None:
    path, classes = written(name), SETS[name]
    for metric, measured in (("recall", recall_score), ("precision", precision_score), ("f1", f1_score)):
        on(page="performance", part="classes", metric=metric)
        rows = {(row["role"], row["finding"]): row for row in downloads.rows(f"performance_classes_{metric}")}
        assert len(rows) == 2 * len(classes)
        for test in TESTS:
            known = judged(path, test)
            expected = measured(
                known["class"], known["predicted"], labels=range(len(classes)), average=None, zero_division=np.nan
            )
            for index, finding in enumerate(classes):
                assert int(rows[TESTS[test]["role"], finding]["n_positive"]) == (known["class"] == index).sum()
                value = rows[TESTS[test]["role"], finding]["value"]
                assert (float(value) if value else np.nan) == pytest.approx(expected[index], nan_ok=True), (
                    metric,
                    finding,
                )
    on(page="performance", part="classes", metric="auroc")
    rows = {(row["role"], row["finding"]): row["value"] for row in downloads.rows("performance_classes_auroc")}
    for test in TESTS:
        known = judged(path, test)
        scores = np.stack(known["probability"].to_list())
        for index, finding in enumerate(classes):
            present = (known["class"] == index).to_numpy()
            if 0 < present.sum() < len(present):
                assert float(rows[TESTS[test]["role"], finding]) == pytest.approx(
                    roc_auc_score(present, scores[:, index])
                )


def test_cells_are_those_of_the_file(name: str, on: Opened, written: Written, downloads: Downloads) -> None:
    path, classes = written(name), SETS[name]
    on(page="confusion")
    rows = downloads.rows("confusion_matrix")
    assert len(rows) == 2 * len(classes) ** 2
    for test, asked in TESTS.items():
        known = judged(path, test)
        counts = known.groupby(["class", "predicted"]).size()
        cells = {(row["class"], row["predicted"]): row for row in rows if row["role"] == asked["role"]}
        for i, true in enumerate(classes):
            for j, predicted in enumerate(classes):
                cell, n = cells[true, predicted], int((known["class"] == i).sum())
                assert int(cell["count"]) == counts.get((i, j), 0)
                assert (
                    cell["share"] == "" if not n else float(cell["share"]) == pytest.approx(counts.get((i, j), 0) / n)
                )
                assert (cell["low"] == "") == (not n)


def test_a_cell_leads_to_its_images(name: str, on: Opened, written: Written) -> None:
    known = judged(written(name), "external test")
    wrong = known[known["class"] != known["predicted"]].groupby(["class", "predicted"]).size()
    true, predicted = wrong.index[int(wrong.argmax())]
    address = {"true": SETS[name][true], "as": SETS[name][predicted]}
    assert sent(on(page="confusion", **address), "matrix")["picked"] == f"external-{true}-{predicted}"
    cases = on(page="cases", **address)
    assert f"{wrong.max():,} of {len(known):,} external images" in plain(cases)
    assert {key: cases.query_params[key] for key in address} == address


def test_what_a_stranger_calls_a_class_does_nothing(results: Path, written: Written, open_page: Opened) -> None:
    (results / "hostile").symlink_to(written("hostile").parent)
    for page, part in VIEWS:
        app = open_page(page=page, **part)
        assert_is_whole(app)
        texts = [str(each.value) for each in (*app.markdown, *app.caption, *app.title)]
        tables = [str(cell) for table in app.table for column in table.value for cell in (column, *table.value[column])]
        buttons = [each.label for each in app.button] + [str(o) for each in app.segmented_control for o in each.options]
        for text in (*texts, *tables, *buttons):
            assert "<img" not in text.replace(r"\<", "")
            assert "![" not in text
            assert ":red[" not in text
        for figure in figures(app):
            drawn = str(figure["layout"].get("annotations", "")) + str(figure["layout"]) + str(figure["data"])
            assert "<img" not in drawn
            assert "%{fullData" not in drawn


def test_a_run_of_one_class_is_sealed_and_opened_and_no_page_fails_on_it(
    tmp_path: Path, results: Path, open_page: Opened
) -> None:
    size = replace(SIZE, name="one", classes=("Pneumothorax",), internal=40, external=40)
    path = write_run(tmp_path, size=size, evaluate=lambda _: None)
    with open_run(path) as connection:
        assert connection.execute("SELECT index, name FROM finding").fetchall() == [(0, "Pneumothorax")]
        assert connection.execute("SELECT DISTINCT len(probability) FROM prediction").fetchall() == [(1,)]
    (results / "one").symlink_to(path.parent)
    for page, part in VIEWS:
        assert_is_whole(open_page(page=page, **part))


def test_the_papers_numbers_stand_beside_no_other_classes_than_its_own(on: Opened) -> None:
    assert not [heading for heading in on(page="overview").table[0].value if "paper" in heading]
