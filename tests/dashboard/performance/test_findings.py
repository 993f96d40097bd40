"""Performance of findings: their calibration, their order, and where their subgroups are."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, answer, assert_is_whole, figures, numbers, written
from tests.support.results import frame


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def _judged(path: Path, *, dataset: str, place: int) -> pd.DataFrame:
    found = frame(path, "SELECT dataset, probability, present FROM prediction JOIN reference USING (dataset, image_id)")
    found = found[found["dataset"] == dataset]
    own = pd.DataFrame({column: [row[place] for row in found[column]] for column in ("probability", "present")})
    return own.dropna()


@pytest.mark.parametrize("bins", ["width", "count"])
def test_calibration_of_a_finding_is_that_of_its_predictions(
    bins: str, results: Path, open_page: Opened, downloads: Downloads
) -> None:
    path = made.write(results, "scores")
    app = open_page(page="performance", part="calibration", finding="Cardiomegaly", bins=bins)
    assert_is_whole(app)
    rows = pd.DataFrame(downloads.rows("performance_calibration_findings_Cardiomegaly"))
    for dataset in ("home", "away"):
        judged, own = _judged(path, dataset=dataset, place=1), rows[rows["dataset"] == dataset]
        tenths = pd.cut(judged["probability"], np.arange(11) / 10, right=False)
        if bins == "width":
            expected = judged.groupby(tenths, observed=True).mean()
            assert own["prevalence"].astype(float).tolist() == pytest.approx(list(expected["present"]))
            assert own["mean_score"].astype(float).tolist() == pytest.approx(list(expected["probability"]))
        n, share, mean = (own[column].astype(float) for column in ("n", "prevalence", "mean_score"))
        assert n.sum() == len(judged)
        error = np.average((share - mean).abs(), weights=n)
        assert f"{100 * error:.1f}" in numbers(answer(app))


def test_a_finding_that_a_site_does_not_label_has_no_calibration_there(results: Path, open_page: Opened) -> None:
    made.write(results, "scores")
    app = open_page(page="performance", part="calibration", finding="Fracture")
    assert_is_whole(app)
    assert "externally" not in answer(app)
    assert "external: not known here" in str(figures(app))


def test_studies_are_called_studies(results: Path, open_page: Opened) -> None:
    made.write(results, "external")
    app = open_page(page="performance", part="calibration")
    assert_is_whole(app)
    assert not re.search(r"[0-9] images|the images|images in each", written(app) + str(figures(app)))


def test_what_changed_most_comes_first(results: Path, open_page: Opened) -> None:
    path = made.write(results, "thirty")
    gaps = frame(path, "FROM gap WHERE metric = 'auroc' AND stratum = 'all' AND NOT not_estimable").set_index("finding")
    expected = list(gaps["value"].abs().sort_values(ascending=False).index)
    (figure,) = figures(open_page(page="performance"))
    names = [tick.rpartition("<br>")[0].replace("<br>", " ") for tick in figure["layout"]["yaxis"]["ticktext"]]  # type: ignore[index, call-overload]
    assert len(names) == 30
    assert names[: len(expected)] == expected
    assert figure["layout"]["height"] < 1600  # type: ignore[index, call-overload]


def test_at_the_threshold_what_changed_most_comes_first(results: Path, open_page: Opened) -> None:
    path = made.write(results, "thirty")
    sql = "FROM gap WHERE metric IN ('recall', 'specificity') AND stratum = 'all' AND NOT not_estimable"
    changed = (
        frame(path, f"{sql} AND operating_point = 'stated'")
        .assign(by=lambda gaps: gaps["value"].abs())
        .groupby("finding")["by"]
        .max()
    )
    table = open_page(page="performance", part="threshold").table[0].value
    first = [name for name in table["Finding"] if name]
    assert len(first) == 30
    shown = changed.reindex([name.replace("\\", "") for name in first])
    assert shown[: len(changed)].is_monotonic_decreasing


def test_it_is_said_under_which_policies_the_subgroups_are(results: Path, open_page: Opened) -> None:
    made.write(results, "eleven")
    said = "No subgroups under this label policy: with more than ten classes"
    app = open_page(page="performance", part="subgroups", external_policy="strict")
    assert_is_whole(app)
    assert written(app).count(said) == 1
    assert "alone, externally “as labelled”." in written(app)
    assert said not in written(open_page(page="performance", part="subgroups"))
