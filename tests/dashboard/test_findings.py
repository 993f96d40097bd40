"""Runs of findings that do not exclude each other: each kind is offered what it has, and told what it lacks."""

import math
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.results.downloads import BEGINNING, GAP_BEGINNING, NUMBER
from tests.dashboard.test_downloads import LISTED, OF_FINDINGS
from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, answer, assert_is_whole, figures, numbers, sent, written
from tests.support.results import change, frame

OF_ONE_ANSWER = re.compile(r"best constant|no single answer|split|full|single \(mean|Gray band|accuracy in both")
OF_TWO_SITES = re.compile(r"\bgap\b|internal", re.IGNORECASE)


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def _stored(path: Path, sql: str) -> list[str]:
    """Numbers of the file as pages write them: three digits, or a share of percent."""
    rows = frame(path, sql).to_numpy().ravel()
    return [f"{value:.3f}" for value in rows]


def _names(app: AppTest) -> list[str]:
    """The rows of the picture, from the top."""
    (figure,) = figures(app)
    ticks: list[str] = figure["layout"]["yaxis"]["ticktext"]  # type: ignore[index, call-overload]
    return [re.sub(r"\s*<.*", "", tick) for tick in ticks]


def _links(app: AppTest) -> list[str]:
    return [each["id"] for each in sent(app, "page_links")["pages"]]  # type: ignore[attr-defined, union-attr, index]


def _in_words(app: AppTest) -> str:
    """What is said, drawn and described."""
    return written(app) + str(figures(app))


def test_overview_of_scores_has_auroc_of_each_finding_and_what_changed_most_first(
    results: Path, open_page: Opened, downloads: Downloads
) -> None:
    path = made.write(results, "scores")
    app = open_page(page="overview")
    assert_is_whole(app)
    gaps = frame(path, "FROM gap WHERE metric = 'auroc' AND stratum = 'all'").set_index("finding")
    order = gaps["value"].abs().sort_values(ascending=False, na_position="last").index
    assert _names(app) == list(order)
    both = "FROM metric WHERE metric = 'macro_auroc' AND stratum = 'all' ORDER BY role DESC"
    lost = "FROM gap WHERE metric = 'macro_auroc' AND stratum = 'all'"
    assert set(
        _stored(path, f"SELECT value, low, high {both}") + _stored(path, f"SELECT value, low, high {lost}")
    ) <= set(numbers(answer(app)))
    assert "Not known externally, and so without a gap: Fracture." in written(app)
    assert "240 images of" in written(app)
    assert not OF_ONE_ANSWER.search(_in_words(app))
    rows = {(row["finding"], row["role"], row["metric"]): row["value"] for row in downloads.rows("overview_findings")}
    stored = frame(path, "FROM metric WHERE metric IN ('auroc', 'macro_auroc') AND stratum = 'all'")
    assert len(rows) == len(stored) == 8
    for row in stored.itertuples():
        value = rows[str(row.finding) if isinstance(row.finding, str) else "", str(row.role), str(row.metric)]
        assert value == "" if row.value != row.value else float(value) == row.value


def test_badges_say_what_roles_rest_on_and_what_is_missing_once(results: Path, open_page: Opened) -> None:
    for kind in ("scores", "flags", "trained"):
        made.write(results, kind)
    texts = {kind: written(open_page(page="overview", run=kind)) for kind in ("scores", "flags", "trained")}
    assert [text.count("held out by declaration") for text in texts.values()] == [1, 0, 0]
    assert [text.count("training data not known") for text in texts.values()] == [0, 1, 0]
    assert [text.count("no image files") for text in texts.values()] == [1, 1, 0]


def test_overview_of_flags_has_sensitivity_and_specificity(results: Path, open_page: Opened) -> None:
    path = made.write(results, "flags")
    app = open_page(page="overview")
    assert_is_whole(app)
    said = frame(path, "FROM metric WHERE metric IN ('macro_recall', 'macro_specificity') AND stratum = 'all'")
    assert {f"{100 * value:.1f}" for value in said["value"]} <= set(numbers(answer(app)))
    assert "AUROC" not in answer(app) + str(figures(app))
    (figure,) = figures(app)
    assert {"xaxis", "xaxis2"} <= set(figure["layout"])  # type: ignore[call-overload]


@pytest.mark.parametrize("kind", ["external", "external-flags"])
def test_one_site_is_never_compared(kind: str, results: Path, open_page: Opened, downloads: Downloads) -> None:
    made.write(results, kind)
    parts = ("classes", "threshold", "subgroups", *(("curves",) if kind == "external" else ()))
    apps = [open_page(page="overview"), *(open_page(page="performance", part=part) for part in parts)]
    for app in apps:
        assert_is_whole(app)
        assert not app.warning
        assert not OF_TWO_SITES.search(_in_words(app)), OF_TWO_SITES.findall(_in_words(app))
        assert not re.search(r"[1-9] images", written(app)) or kind == "external-flags"
    assert all(table.gaps is None for table in downloads.tables.values())
    assert {row["role"] for row in downloads.rows("performance_threshold")} == {"external_test"}
    if kind == "external":
        assert "238 studies of" in written(apps[0])


def test_one_finding_has_no_mean(results: Path, open_page: Opened) -> None:
    made.write(results, "one")
    app = open_page(page="overview")
    assert_is_whole(app)
    assert answer(app).startswith("AUROC of Edema 0.")
    assert "mean" not in answer(app)
    assert "studies of" in written(app)


def test_thirty_findings_stand_in_one_picture(results: Path, open_page: Opened) -> None:
    path = made.write(results, "thirty")
    app = open_page(page="overview")
    (figure,) = figures(app)
    assert len(_names(app)) == 30
    assert figure["layout"]["height"] < 1000  # type: ignore[index, call-overload]
    gaps = frame(path, "FROM gap WHERE metric = 'auroc' AND stratum = 'all' AND NOT not_estimable").set_index("finding")
    assert _names(app)[: len(gaps)] == list(gaps["value"].abs().sort_values(ascending=False).index)


def test_several_models_stand_side_by_side(results: Path, open_page: Opened) -> None:
    path = made.write(results, "both")
    app = open_page(page="overview")
    (table,) = (app.table[i].value for i in range(len(app.table)))
    assert list(table["Model"]) == ["**flags**"] * 2 + ["scores"] or list(table["Model"])[-1] == "scores"
    (value,) = frame(
        path, "FROM metric WHERE model_id = 'scores' AND metric = 'macro_auroc' AND stratum = 'all' AND role LIKE 'ex%'"
    )["value"]
    assert f"{value:.3f}" in table.to_string()


def test_links_lead_to_pages_that_have_something_to_show(results: Path, open_page: Opened) -> None:
    for kind in ("scores", "trained"):
        made.write(results, kind)
    app = open_page(page="training", run="scores")
    assert _links(app) == ["overview", "labels", "performance", "confusion", "cases", "image", "shift"]
    assert "The address asks for the page Training, on which this model has nothing to show." in written(app)
    assert app.title[0].value == "How far does it travel?"
    trained = open_page(page="training", run="trained")
    assert {"training", "saliency"} <= set(_links(trained))
    assert not trained.warning
    assert_is_whole(trained)


def test_values_at_the_threshold_are_those_of_the_file(results: Path, open_page: Opened, downloads: Downloads) -> None:
    path = made.write(results, "scores")
    app = open_page(page="performance", part="threshold")
    assert_is_whole(app)
    (table,) = (app.table[i].value for i in range(len(app.table)))
    assert list(table["threshold"]) == ["0.5", "", "0.3", "", "0.6", ""]
    stored = frame(
        path,
        "FROM metric WHERE role = 'internal_test' AND finding = 'Edema' AND stratum = 'all'"
        " AND model_id = 'scores' AND coalesce(operating_point, 'stated') = 'stated'",
    ).set_index("metric")
    first = table.iloc[0]
    assert "78 of 212" in first["positives"]
    for metric, label in (
        ("recall", "sensitivity"), ("specificity", "specificity"), ("precision", "PPV"), ("npv", "NPV"),
        ("accuracy", "accuracy"),
    ):  # fmt: skip
        assert first[label].startswith(f"{100 * stored.loc[metric, 'value']:.1f}")
    assert first["AUROC"].startswith(f"{stored.loc['auroc', 'value']:.3f}")
    assert set(table.iloc[5]["AUROC":]) == {":gray[:small[not known]]"}
    points = {row["metric"]: row["operating_point"] for row in downloads.rows("performance_threshold")}
    assert list(downloads.rows("performance_threshold")[0]) == [*BEGINNING, *NUMBER]
    assert list(downloads.rows("performance_threshold", "CSV of the gaps")[0]) == [*GAP_BEGINNING, *NUMBER]
    assert points == {"auroc": "", **dict.fromkeys(("recall", "specificity", "precision", "npv", "accuracy"), "stated")}


def test_the_threshold_is_a_ring_on_both_curves(results: Path, open_page: Opened) -> None:
    path = made.write(results, "scores")
    app = open_page(page="performance", part="curves", finding="Cardiomegaly")
    assert_is_whole(app)
    judged = frame(
        path,
        "SELECT probability[2] >= 0.3::FLOAT AS flagged, present[2] = 1 AS present "
        "FROM prediction JOIN reference USING (dataset, image_id) WHERE dataset = 'away' AND NOT isnan(present[2])",
    )
    recall = judged["flagged"][judged["present"]].mean()
    alarms = judged["flagged"][~judged["present"]].mean()
    (figure,) = figures(app)
    rings = [each for each in figure["data"] if "at the threshold 0.3" in str(each.get("hovertext"))]  # type: ignore[attr-defined]
    assert len(rings) == 4
    assert [rings[2]["x"][0], rings[2]["y"][0]] == pytest.approx([100 * alarms, 100 * recall])


def test_parts_without_anything_to_show_are_not_offered(results: Path, open_page: Opened) -> None:
    for kind in ("scores", "flags"):
        made.write(results, kind)
    offered = {
        kind: [str(option) for option in open_page(page="performance", run=kind).button_group[0].options]
        for kind in ("scores", "flags")
    }
    assert offered["scores"] == ["Finding by finding", "At the threshold", "Curves", "Calibration", "Subgroups"]
    assert offered["flags"] == ["Finding by finding", "At the threshold", "Subgroups"]
    app = open_page(page="performance", run="flags", part="curves")
    assert "The address asks for the part of the page “curves”" in written(app)


def test_the_list_of_runs_says_what_each_is_headed_by(results: Path, open_page: Opened) -> None:
    for kind in ("scores", "external-flags"):
        made.write(results, kind)
    rows = {row["id"]: row for row in sent(open_page(page="runs"), "run_list")["rows"]}  # type: ignore[attr-defined, union-attr]
    assert rows["scores"]["headline"].startswith("macro AUROC 0.")
    assert rows["external-flags"]["headline"].startswith("macro sensitivity ")


def test_each_table_of_findings_is_offered_as_the_docs_list_it(
    results: Path, open_page: Opened, downloads: Downloads
) -> None:
    made.write(results, "scores")
    for address in (
        {"page": "overview"},
        {"page": "performance", "part": "threshold"},
        {"page": "performance", "part": "threshold", "rule": "youden"},
        {"page": "performance", "part": "calibration"},
        {"page": "confusion"},
        {"page": "cases"},
        {"page": "image"},
        {"page": "labels"},
    ):
        open_page(**address)
    offered = {
        next((each for each in sorted(OF_FINDINGS) if name.startswith(each)), ""): name for name in downloads.tables
    }
    assert set(offered) - {""} == OF_FINDINGS
    for listed in OF_FINDINGS:
        assert [*downloads.rows(offered[listed])[0]] == [*BEGINNING, *LISTED[listed]], listed


def test_a_trained_model_says_on_how_many_images_and_which_of_them_count(results: Path, open_page: Opened) -> None:
    path = made.write(results, "trained")
    change(
        path,
        "UPDATE dataset SET training_policy = 'as_labelled' WHERE dataset = 'home';"
        "INSERT INTO metric BY NAME SELECT * REPLACE ('split-0' AS model_id, 'train' AS role, 480 AS n) FROM metric "
        "WHERE metric = 'macro_accuracy' AND operating_point = 'stated' AND role = 'internal_test'",
    )
    known = frame(path, "SELECT present FROM reference WHERE dataset = 'away'")["present"]
    share = sum(any(not math.isnan(value) for value in present) for present in known) / len(known)
    said = written(open_page(page="overview"))
    assert "split: 1 network (ResNet-18), trained on 480 home images. Images where any finding is known count: " in said
    assert f"{100 * share:.1f} % of 240 labelled of away." in said
