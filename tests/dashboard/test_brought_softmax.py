"""A brought model that gives one class an image is shown as a trained one is, without what is not known of it."""

import re
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, recall_score
from streamlit.testing.v1 import AppTest

from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, answer, assert_is_whole, figures, numbers, sent, written
from tests.support.results import frame

OF_TRAINING = re.compile(r"split|full\b|single \(mean|single members|training images|○|ensemble")
OF_TWO_SITES = re.compile(r"\bgap\b|internal", re.IGNORECASE)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def _judged(path: Path, *, dataset: str, model: str) -> pd.DataFrame:
    sql = "SELECT model_id, dataset, class, predicted FROM prediction JOIN reference USING (dataset, image_id)"
    found = frame(path, sql)
    return found[(found["dataset"] == dataset) & (found["model_id"] == model)]


def _in_words(app: AppTest) -> str:
    return written(app) + str(figures(app))


def _percents(value: float) -> str:
    return f"{100 * value:.1f}"


def test_overview_has_accuracy_and_recall_of_the_classes(results: Path, open_page: Opened) -> None:
    path = made.write(results, "softmax")
    app = open_page(page="overview", model="softmax")
    assert_is_whole(app)
    for dataset in ("home", "away"):
        judged = _judged(path, dataset=dataset, model="softmax")
        assert _percents(accuracy_score(judged["class"], judged["predicted"])) in numbers(answer(app))
    (table,) = (each.value for each in app.table if "Model" in each.value)
    assert [name.strip("*") for name in table["Model"]] == ["second", "softmax"]
    assert not OF_TRAINING.search(_in_words(app)), OF_TRAINING.findall(_in_words(app))
    assert "Lost most" in app.button(key="images_of_Lost most").label
    assert "trained elsewhere" in written(app)


def test_performance_has_every_metric_of_each_model(results: Path, open_page: Opened, downloads: Downloads) -> None:
    path = made.write(results, "softmax")
    app = open_page(page="performance", model="softmax")
    assert_is_whole(app)
    assert not OF_TRAINING.search(_in_words(app)), OF_TRAINING.findall(_in_words(app))
    rows = {
        (row["model"], row["role"], row["metric"]): float(row["value"])
        for row in downloads.rows("performance_configurations")
    }
    for model in ("softmax", "second"):
        judged = _judged(path, dataset="away", model=model)
        for metric, score in (("accuracy", accuracy_score), ("balanced_accuracy", balanced_accuracy_score)):
            expected = score(judged["class"], judged["predicted"])
            assert rows[model, "external_test", metric] == pytest.approx(expected), (model, metric)


def test_performance_has_recall_class_by_class(results: Path, open_page: Opened, downloads: Downloads) -> None:
    path = made.write(results, "softmax")
    app = open_page(page="performance", model="softmax", part="classes")
    assert_is_whole(app)
    judged = _judged(path, dataset="home", model="softmax")
    found = [
        float(row["value"]) for row in downloads.rows("performance_classes_recall") if row["role"] == "internal_test"
    ]
    assert found == pytest.approx(list(recall_score(judged["class"], judged["predicted"], average=None)))


def test_confusion_has_the_matrix(results: Path, open_page: Opened) -> None:
    path = made.write(results, "softmax")
    grids = sent(open_page(page="confusion", model="softmax", show="counts"), "matrix")["grids"]  # type: ignore[attr-defined, index]
    for grid, dataset in zip(grids, ("home", "away"), strict=True):
        judged = _judged(path, dataset=dataset, model="softmax")
        found = [[int(cell["text"]) for cell in row["cells"]] for row in grid["rows"]]
        assert found == confusion_matrix(judged["class"], judged["predicted"]).tolist()


@pytest.mark.parametrize(
    "address",
    [
        {"page": "overview"},
        {"page": "performance"},
        *({"page": "performance", "part": part} for part in ("classes", "calibration", "subgroups")),
        {"page": "confusion"},
    ],
    ids=lambda address: "-".join(address.values()),
)
def test_one_site_is_never_compared(address: dict[str, str], results: Path, open_page: Opened) -> None:
    made.write(results, "external-softmax")
    app = open_page(**address)
    assert_is_whole(app)
    shown = str(sent(app, "matrix")) if address["page"] == "confusion" else ""
    assert not OF_TWO_SITES.search(_in_words(app) + shown), OF_TWO_SITES.findall(_in_words(app) + shown)
