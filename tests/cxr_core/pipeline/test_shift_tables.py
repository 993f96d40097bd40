"""Why a gap is there, as a results file says it, against counts of its own predictions."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from cxr_core.pipeline import operating_points, stored_answers
from cxr_core.shift import answers, class_mix, local_patients, thresholds
from cxr_core.shift.answers import SiteAnswers
from cxr_core.shift.thresholds import RULES
from cxr_core.shift.waterfall import LEVELS, TERMS, Scale, waterfall
from cxr_core.statistics.resampling import resample
from cxr_core.store.open import open_run
from tests.support.brought import write_brought
from tests.support.softmax import CLASSES, write_softmax

Connection = duckdb.DuckDBPyConnection
FINDINGS = ("Edema", "Cardiomegaly")
"""Of the run of findings, those that both sites label and the model says something of."""


@pytest.fixture(scope="module")
def softmax(softmax_run: Path) -> Iterator[Connection]:
    with open_run(softmax_run) as connection:
        yield connection


@pytest.fixture(scope="module")
def sigmoid(sigmoid_run: Path) -> Iterator[Connection]:
    with open_run(sigmoid_run) as connection:
        yield connection


def _images(connection: Connection, dataset: str, *, model: str) -> pd.DataFrame:
    """What a model says of a site's images, in the order of their ids, with the patients as evaluation numbers them."""
    rows = connection.execute(
        """
        SELECT image_id, class, present, probability, prediction.predicted, view, sex
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        WHERE model_id = ? AND dataset = ? ORDER BY image_id
        """,
        [model, dataset],
    ).df()
    (site,) = (site for site in stored_answers.read(connection)[0] if site.dataset == dataset)
    return rows.assign(patient=site.patients)


def _answers(rows: pd.DataFrame, dataset: str, *, finding: int | None = None, threshold: float = 0.5) -> SiteAnswers:
    drawn = resample(rows["patient"].to_numpy(), seed=0, dataset=dataset, replicates=100)
    if finding is None:
        kept = rows["class"].notna().to_numpy()
        return answers.of_classes(
            np.stack(rows["probability"][kept]).astype(np.float32),
            classes=rows["class"][kept].to_numpy().astype(np.int8),
            clusters=drawn.clusters[kept],
            weights=drawn.weights,
        )
    present = np.stack(rows["present"])[:, finding]
    kept = np.isfinite(present)
    return answers.of_finding(
        np.stack(rows["probability"])[kept, finding].astype(np.float32),
        present=present[kept] == 1,
        threshold=threshold,
        clusters=drawn.clusters[kept],
        weights=drawn.weights,
    )


def _waterfall(connection: Connection, **place: object) -> pd.DataFrame:
    where = " AND ".join(f"{column} IS NOT DISTINCT FROM ${column}" for column in place)
    rows = connection.execute(f"SELECT * FROM waterfall WHERE {where}", place).df()  # noqa: S608
    return rows.set_index(["part", "name"])


def test_a_waterfall_of_classes_is_that_of_its_predictions_counted(softmax: Connection) -> None:
    inner, outer = (_images(softmax, dataset, model="net").dropna(subset="class") for dataset in ("home", "away"))
    mixes = [rows["class"].value_counts(normalize=True).sort_index() for rows in (inner, outer)]
    recalls = [(rows["class"] == rows["predicted"]).groupby(rows["class"]).mean() for rows in (inner, outer)]
    own, theirs = (float((rows["class"] == rows["predicted"]).mean()) for rows in (inner, outer))
    found = _waterfall(softmax, scale="accuracy", cause="view", finding=None)["value"]
    assert found["gap", "gap"] == pytest.approx(own - theirs)
    at_target = float((mixes[1] * recalls[0]).sum())
    assert found["term", "class_mix"] == pytest.approx(own - at_target)
    assert found["other_order", "class_mix"] == pytest.approx(float((mixes[0] * recalls[1]).sum()) - theirs)
    levels = {"internal": own, "internal_at_target": at_target, "external_at_target": theirs, "external": theirs}
    assert {name: found["level", name] for name in levels} == pytest.approx(levels)
    known = outer[outer["view"] == "PA"]
    of_known = (known["class"] == known["predicted"]).groupby(known["class"]).mean()
    cost = float((mixes[1] * of_known).sum()) - theirs
    assert found["term", "cause_not_won_back"] + found["term", "cause_won_back"] == pytest.approx(cost)
    balanced = _waterfall(softmax, scale="balanced_accuracy", cause="view", finding=None)["value"]
    assert balanced["gap", "gap"] == pytest.approx(float(recalls[0].mean() - recalls[1].mean()))
    assert balanced["term", "class_mix"] == pytest.approx(0, abs=1e-9)
    stored = dict(
        softmax.execute(
            "SELECT metric, value FROM gap WHERE metric IN ('accuracy', 'balanced_accuracy') AND stratum = 'all' "
            "AND task = 'single_class'"
        ).fetchall()
    )
    assert stored == pytest.approx({"accuracy": found["gap", "gap"], "balanced_accuracy": balanced["gap", "gap"]})


@pytest.mark.parametrize("scale", ["accuracy", "balanced_accuracy"])
@pytest.mark.parametrize("index", [None, 0, 1])
def test_every_row_of_a_waterfall_is_the_library_s_of_the_stored_predictions(
    softmax: Connection, sigmoid: Connection, scale: Scale, index: int | None
) -> None:
    connection, model = (softmax, "net") if index is None else (sigmoid, "scores")
    threshold = {0: 0.5, 1: 0.3}.get(index or 0, 0.5)
    sides = [(dataset, _images(connection, dataset, model=model)) for dataset in ("home", "away")]
    inner, outer = (_answers(rows, dataset, finding=index, threshold=threshold) for dataset, rows in sides)
    rows = sides[1][1]
    kept = rows["class"].notna() if index is None else np.isfinite(np.stack(rows["present"])[:, index])
    known = (rows["view"] == "PA") | (index is not None)
    expected = waterfall(inner, outer, scale=scale, cause=known[kept].to_numpy(), seed=0)
    assert expected is not None
    assert expected.reason is None
    name = None if index is None else FINDINGS[index]
    found = _waterfall(connection, scale=scale, cause="view", finding=name, model_id=model)
    wanted = {("gap", "gap"): expected.gap, ("other_order", "class_mix"): expected.other_order}
    wanted |= {("term", term): values for term, values in expected.terms.items() if values is not None}
    wanted |= {("level", level): values for level, values in expected.levels.items()}
    assert set(found.index) == set(wanted) == {
        ("gap", "gap"), ("other_order", "class_mix"), *(("term", term) for term in TERMS),
        *(("level", level) for level in LEVELS),
    }  # fmt: skip
    for key, values in wanted.items():
        row = found.loc[key]
        assert row["value"] == pytest.approx(values[0], abs=1e-12)
        if np.ptp(values[1:]) > 1e-9:
            assert [row["low"], row["high"]] == pytest.approx(np.percentile(values[1:], [2.5, 97.5]), abs=1e-12)
        else:
            assert math.isnan(row["low"])
    terms = [found.loc["term", term]["value"] for term in TERMS]
    assert sum(terms) == pytest.approx(found.loc["gap", "gap"]["value"])


def test_only_what_a_site_lacks_has_a_waterfall_of_its_own_and_the_view_always(
    softmax: Connection, sigmoid: Connection
) -> None:
    """No internal image of the run of classes is of a man; neither site records an age."""
    asked = "SELECT DISTINCT model_id, cause FROM waterfall WHERE scale <> 'youden' ORDER BY ALL"
    assert softmax.execute(asked).fetchall() == [("net", "sex"), ("net", "view")]
    assert sigmoid.execute(asked).fetchall() == [("scores", "view")]
    by_sex, by_view = (
        _waterfall(softmax, scale="accuracy", cause=cause, finding=None)["value"] for cause in ("sex", "view")
    )
    assert by_sex["gap", "gap"] == by_view["gap", "gap"]
    assert by_sex["term", "class_mix"] == by_view["term", "class_mix"]
    assert by_sex["term"].sum() == pytest.approx(by_view["term"].sum())
    rows = _images(softmax, "away", model="net").dropna(subset="class")
    women = rows[rows["sex"] == "F"]
    recalls = (women["class"] == women["predicted"]).groupby(women["class"]).mean()
    mix = rows["class"].value_counts(normalize=True).sort_index()
    cost = float((mix * recalls).sum()) - float((rows["class"] == rows["predicted"]).mean())
    assert by_sex["term", "cause_won_back"] + by_sex["term", "cause_not_won_back"] == pytest.approx(cost)


@pytest.mark.parametrize(("which", "model", "names"), [("softmax", "net", CLASSES), ("sigmoid", "scores", FINDINGS)])
def test_youdens_terms_and_the_verdict_follow_from_the_stored_values(
    request: pytest.FixtureRequest, which: str, model: str, names: Sequence[str]
) -> None:
    connection: Connection = request.getfixturevalue(which)
    values = {
        tuple(key): value
        for *key, value in connection.execute(
            "SELECT finding, role, metric, value FROM metric WHERE operating_point = 'youden' AND stratum = 'all' "
            "AND task = 'finding' AND finding IS NOT NULL"
        ).fetchall()
    }
    gaps = connection.execute(
        "SELECT finding, low, high FROM gap WHERE model_id = ? AND task = 'finding' AND metric = 'auroc' "
        "AND stratum = 'all'",
        [model],
    ).df()
    said = connection.execute("SELECT finding, ranking, threshold FROM verdict").df().set_index("finding")
    for name in names:
        inner, carried, local = (
            values[name, role, "recall"] + values[name, role, "specificity"] - 1
            for role in ("internal_test", "external_test", "external_adapted")
        )
        found = _waterfall(connection, scale="youden", finding=name)
        assert found["value"].to_dict() == pytest.approx(
            {
                ("gap", "gap"): inner - carried,
                ("term", "thresholds"): local - carried,
                ("term", "ranking"): inner - local,
            }
        )
        low, high = gaps.set_index("finding").loc[name, ["low", "high"]]
        lost = "slightly lost" if high < 0.05 else "lost"
        assert said.loc[name, "ranking"] == (lost if low > 0 else "kept" if high < 0.05 else "undecided")
        term = found.loc["term", "thresholds"]
        is_lost, is_kept = term["low"] > 0 and term["value"] >= 0.05, term["high"] < 0.1
        assert said.loc[name, "threshold"] == ("lost" if is_lost else "kept" if is_kept else "undecided")
        assert found["cause"].isna().all()


def test_a_finding_of_one_or_two_patients_has_no_verdict_and_stops_no_run(tmp_path: Path) -> None:
    """Among the patients who judge what local ones buy, none has it."""
    names = ("Edema", "Cardiomegaly", "Atelectasis", "Pneumonia")
    path = write_brought(
        tmp_path / "results.duckdb", classes=names, models=("scores",), prevalence=(0.35, 0.35, 0.01, 0.01)
    )
    with open_run(path) as connection:
        said = dict(connection.execute("SELECT finding, ranking IS NOT NULL FROM verdict").fetchall())
        assert said == {"Edema": True, "Cardiomegaly": True, "Atelectasis": False, "Pneumonia": False}
        bought = {name for (name,) in connection.execute("SELECT DISTINCT finding FROM local_patients").fetchall()}
        assert bought == {"Edema", "Cardiomegaly"}


def test_what_local_patients_buy_is_measured_at_the_carried_threshold(sigmoid: Connection) -> None:
    rows = _images(sigmoid, "away", model="scores")
    carried = dict(
        sigmoid.execute(
            "SELECT finding, value FROM threshold WHERE model_id = 'scores' AND operating_point = 'youden'"
        ).fetchall()
    )
    clusters = np.unique(rows["patient"], return_inverse=True)[1]
    stored = sigmoid.execute("SELECT * FROM local_patients").df()
    assert set(stored["finding"]) == set(FINDINGS)
    for index, name in enumerate(FINDINGS):
        present = np.stack(rows["present"])[:, index]
        kept = np.isfinite(present)
        expected = local_patients.of_threshold(
            np.stack(rows["probability"])[kept, index].astype(np.float32),
            present[kept] == 1,
            clusters=clusters[kept],
            carried=carried[name],
            seed=0,
        )
        found = stored[stored["finding"] == name].sort_values("patients")
        assert found["patients"].tolist() == [gain.patients for gain in expected]
        for column in ("gain", "spread", "low", "high", "lacking", "judged_by"):
            assert found[column].tolist() == pytest.approx([getattr(gain, column) for gain in expected])


def test_what_local_patients_buy_of_classes_is_a_refit(softmax: Connection) -> None:
    expected = local_patients.of_refit(_answers(_images(softmax, "away", model="net"), "away"), seed=0)
    stored = softmax.execute("SELECT metric, patients, gain, finding FROM local_patients ORDER BY ALL").df()
    assert stored["finding"].isna().all()
    assert sorted((gain.metric, gain.patients, gain.gain) for gain in expected) == [
        (metric, patients, pytest.approx(gain)) for metric, patients, gain, _ in stored.itertuples(index=False)
    ]


def test_the_class_mix_is_counted_at_both_sites_and_estimated_without_labels(softmax: Connection) -> None:
    stored = softmax.execute("SELECT * FROM class_mix").df().set_index("finding")
    inner, outer = (_images(softmax, dataset, model="net") for dataset in ("home", "away"))
    for index, name in enumerate(CLASSES):
        for column, rows in (("internal", inner), ("external", outer)):
            counted = (rows["class"].dropna() == index).mean()
            assert stored.loc[name, column] == pytest.approx(counted)
    known, other = (_answers(rows, dataset) for rows, dataset in ((inner, "home"), (outer, "away")))
    expected = class_mix.estimate(known, other.scores, clusters=other.clusters)
    assert expected is not None
    assert stored.loc[[*CLASSES], "estimated"].tolist() == pytest.approx(expected.shares)
    assert stored["distance"].tolist() == [pytest.approx(expected.distance)] * 3


def _flags(connection: Connection, dataset: str, index: int, *, rule: thresholds.Rule) -> npt.NDArray[np.bool_]:
    """Cross-fitted flags of images with known presence, and what is present, as two columns."""
    rows = _images(connection, dataset, model="scores")
    present = np.stack(rows["present"])[:, index].astype(np.float32)
    flags = thresholds.cross_fitted(
        np.stack(rows["probability"])[:, index].astype(np.float32),
        present,
        clusters=rows["patient"].to_numpy(),
        rule=rule,
        seed=0,
    )
    kept = np.isfinite(present)
    return np.stack([flags[kept] == 1, present[kept] == 1], axis=1)


@pytest.mark.parametrize("rule", RULES)
def test_without_validation_thresholds_are_chosen_on_the_internal_test_and_judged_on_other_patients_there(
    sigmoid: Connection, rule: thresholds.Rule
) -> None:
    for index, name in enumerate(FINDINGS):
        rows = {dataset: _images(sigmoid, dataset, model="scores") for dataset in ("home", "away")}
        chosen = {}
        for dataset, images in rows.items():
            present = np.stack(images["present"])[:, index]
            scores = np.stack(images["probability"])[:, index].astype(np.float32)
            kept = np.isfinite(present)
            chosen[dataset] = thresholds.choose(scores[kept], present[kept] == 1, rule=rule)
        stored = sigmoid.execute(
            "SELECT model_id, value, chosen_on.dataset, chosen_on.role FROM threshold "
            "WHERE finding = ? AND operating_point = ? ORDER BY model_id",
            [name, rule],
        ).fetchall()
        assert stored == [
            ("scores", chosen["home"], "home", "internal_test"),
            ("scores+local", chosen["away"], "away", "external_adapted"),
        ]
        away = np.stack(rows["away"]["present"])[:, index]
        kept = np.isfinite(away)
        above = np.stack(rows["away"]["probability"])[kept, index].astype(np.float32) >= np.float32(chosen["home"])
        pairs = {
            "internal_test": _flags(sigmoid, "home", index, rule=rule),
            "external_test": np.stack([above, away[kept] == 1], axis=1),
            "external_adapted": _flags(sigmoid, "away", index, rule=rule),
        }
        for role, (flagged, known) in ((role, pair.T) for role, pair in pairs.items()):
            found = dict(
                sigmoid.execute(
                    "SELECT metric, value FROM metric WHERE role = ? AND finding = ? AND operating_point = ? "
                    "AND stratum = 'all'",
                    [role, name, rule],
                ).fetchall()
            )
            assert found["recall"] == pytest.approx(flagged[known].mean())
            assert found["specificity"] == pytest.approx((~flagged[~known]).mean())


def test_with_validation_thresholds_are_chosen_there_and_carried_to_both_tests(tmp_path: Path) -> None:
    path = write_softmax(tmp_path / "results.duckdb", has_validation=True)
    with open_run(path) as connection:
        validation = _images(connection, "val", model="net").dropna(subset="class")
        for index, name in enumerate(CLASSES):
            scores = np.stack(validation["probability"])[:, index].astype(np.float32)
            expected = thresholds.choose(scores, (validation["class"] == index).to_numpy(), rule="youden")
            stored = connection.execute(
                "SELECT value, chosen_on FROM threshold WHERE model_id = 'net' AND finding = ? "
                "AND operating_point = 'youden'",
                [name],
            ).fetchall()
            assert stored == [(expected, {"dataset": "val", "role": "validation"})]
            for dataset in ("home", "away"):
                rows = _images(connection, dataset, model="net").dropna(subset="class")
                flagged = np.stack(rows["probability"])[:, index].astype(np.float32) >= np.float32(expected)
                recall = connection.execute(
                    "SELECT value FROM metric WHERE dataset = ? AND finding = ? AND metric = 'recall' "
                    "AND operating_point = 'youden' AND model_id = 'net' AND stratum = 'all'",
                    [dataset, name],
                ).fetchall()
                assert recall == [(pytest.approx(flagged[rows["class"] == index].mean()),)]
        known, outer = (_answers(_images(connection, each, model="net"), each) for each in ("val", "away"))
        mix = class_mix.estimate(known, outer.scores, clusters=outer.clusters)
        assert mix is not None
        estimated = connection.execute("SELECT estimated FROM class_mix WHERE finding = 'Edema'").fetchall()
        assert estimated == [(pytest.approx(mix.shares[1]),)]


def test_a_model_fitted_to_local_patients_is_never_an_external_test(softmax: Connection, sigmoid: Connection) -> None:
    for connection in (softmax, sigmoid):
        assert connection.execute("SELECT origin FROM model WHERE model_id LIKE '%+local'").fetchall() == [("adapted",)]
        roles = {
            table: connection.execute(
                f"SELECT DISTINCT role FROM {table} WHERE model_id LIKE '%+local'"  # noqa: S608
            ).fetchall()
            for table in ("metric", "prediction")
        }
        assert roles["metric"] == [("external_adapted",)]
        assert roles["prediction"] == ([("external_adapted",)] if connection is softmax else [])
        assert connection.execute("SELECT count(*) FROM gap WHERE model_id LIKE '%+local'").fetchall() == [(0,)]
        others = "SELECT count(*) FROM metric WHERE role = 'external_adapted' AND model_id NOT LIKE '%+local'"
        assert connection.execute(others).fetchall() == [(0,)]
    rows = _images(softmax, "away", model="net+local")
    accuracy = (rows["class"] == np.stack(rows["probability"]).argmax(axis=1))[rows["class"].notna()].mean()
    stored = softmax.execute(
        "SELECT value FROM metric WHERE model_id = 'net+local' AND metric = 'accuracy' AND task = 'single_class' "
        "AND stratum = 'all'"
    ).fetchall()
    assert stored == [(pytest.approx(accuracy),)]


@pytest.mark.parametrize("write", [write_softmax, write_brought])
def test_the_numbers_of_a_model_are_the_same_without_the_one_that_is_fitted_to_local_patients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, write: object
) -> None:
    has_it: Connection = request.getfixturevalue("softmax" if write is write_softmax else "sigmoid")
    monkeypatch.setattr(operating_points, "_local", lambda *_: [])
    path = (write_softmax if write is write_softmax else write_brought)(tmp_path / "results.duckdb")
    with open_run(path) as without:
        assert without.execute("SELECT count(*) FROM model WHERE model_id LIKE '%+local'").fetchall() == [(0,)]
        for table in ("metric", "gap"):
            asked = f"SELECT * FROM {table} WHERE model_id NOT LIKE '%+local' ORDER BY ALL"  # noqa: S608
            first, second = (connection.execute(asked).df() for connection in (has_it, without))
            assert len(first) > 10
            pd.testing.assert_frame_equal(first, second, check_exact=True)
