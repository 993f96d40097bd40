"""Metrics of models that were brought, as a results file holds them: scores with thresholds, and flags alone."""

from collections import Counter

import duckdb
import pytest

from cxr_core.pipeline import stored_answers
from cxr_core.store.open import open_run
from tests.support.brought import THRESHOLDS, UNLABELLED_OUTSIDE, N, write_brought

COUNTED = """
    SELECT count(*) FILTER (present AND flagged) / count(*) FILTER (present) AS recall,
        count(*) FILTER (NOT present AND NOT flagged) / count(*) FILTER (NOT present) AS specificity,
        count(*) FILTER (present AND flagged) / count(*) FILTER (flagged) AS precision,
        count(*) FILTER (NOT present AND NOT flagged) / count(*) FILTER (NOT flagged) AS npv,
        count(*) FILTER (present = flagged) / count(*) AS accuracy
    FROM (
        SELECT present[index + 1] = 1 AS present,
            coalesce(flagged[index + 1] = 1, probability[index + 1] >= value::FLOAT) AS flagged
        FROM prediction JOIN reference USING (dataset, image_id), finding
            LEFT JOIN threshold ON prediction.model_id = threshold.model_id AND finding.name = threshold.finding
                AND operating_point = 'stated'
        WHERE prediction.model_id = $model AND dataset = $dataset AND name = $finding AND NOT isnan(present[index + 1])
    )
"""


@pytest.fixture(scope="module")
def run(sigmoid_run):
    with open_run(sigmoid_run) as connection:
        yield connection


@pytest.mark.parametrize("model", ["scores", "flags"])
@pytest.mark.parametrize("dataset", ["home", "away"])
def test_values_at_the_threshold_are_those_that_sql_counts(run: duckdb.DuckDBPyConnection, model, dataset):
    for finding in ("Edema", "Cardiomegaly"):
        counted = run.execute(COUNTED, {"model": model, "dataset": dataset, "finding": finding}).df().loc[0]
        stored = run.execute(
            """
            SELECT metric, value, low, high, role FROM metric
            WHERE model_id = ? AND dataset = ? AND finding = ? AND stratum = 'all' AND operating_point = 'stated'
            """,
            [model, dataset, finding],
        ).df()
        assert dict(zip(stored["metric"], stored["value"], strict=True)) == pytest.approx(counted.to_dict())
        assert (stored["low"] < stored["high"]).all()
        assert set(stored["role"]) == {"internal_test" if dataset == "home" else "external_test"}


def test_a_brought_model_has_gaps_where_both_sites_have_a_value(run: duckdb.DuckDBPyConnection):
    gaps = run.execute("SELECT * FROM gap WHERE stratum = 'all' AND value IS NOT NULL AND finding IS NOT NULL").df()
    labelled = {"Edema", "Cardiomegaly", "Hernia"} - {UNLABELLED_OUTSIDE}
    assert set(gaps["finding"]) == labelled
    of_scores, of_flags = (gaps[gaps["model_id"] == model] for model in ("scores", "flags"))
    assert set(of_scores["finding"]) == labelled & set(THRESHOLDS)
    assert {"auroc", "recall", "npv"} < set(of_scores["metric"])
    assert set(of_flags["metric"]) == {"recall", "specificity", "precision", "npv", "accuracy"}
    assert gaps["low"].notna().all()


def test_nothing_of_a_brought_model_is_of_a_single_class(run: duckdb.DuckDBPyConnection):
    assert run.execute("SELECT DISTINCT task FROM metric UNION SELECT DISTINCT task FROM gap").fetchall() == [
        ("finding",)
    ]


def test_one_site_and_one_class_are_enough(tmp_path):
    path = write_brought(tmp_path / "results.duckdb", has_internal=False, classes=("Edema",))
    with open_run(path) as connection:
        assert connection.execute("SELECT count(*) FROM gap").fetchall() == [(0,)]
        values = (
            "SELECT count(*), count(value), count(low) FROM metric WHERE stratum = 'all' AND finding = 'Edema' "
            "AND coalesce(operating_point, 'stated') = 'stated'"
        )
        assert connection.execute(values).fetchall() == [(12, 12, 12)]


def test_a_study_counts_as_one_patient_where_patients_are_not_recorded(tmp_path):
    studies = "UPDATE image SET study_id = 's' || substr(image_id, 5, 2) WHERE dataset = 'away'"  # ten images each
    with duckdb.connect(str(write_brought(tmp_path / "results.duckdb"))) as connection:
        connection.execute(studies)
        with_patients = stored_answers.read(connection)[0][0].patients
        connection.execute("UPDATE image SET patient_id = NULL WHERE dataset = 'away'")
        (away,) = (site for site in stored_answers.read(connection)[0] if site.dataset == "away")
        assert sorted(Counter(away.patients.tolist()).values()) == [10] * (N // 10)
        assert len(set(with_patients.tolist())) > N // 10


def test_images_without_pixels_and_patients_are_each_their_own(tmp_path):
    with duckdb.connect(str(write_brought(tmp_path / "results.duckdb"))) as connection:
        connection.execute("UPDATE image SET patient_id = NULL WHERE dataset = 'away'")
        (away,) = (site for site in stored_answers.read(connection)[0] if site.dataset == "away")
        assert len(set(away.patients.tolist())) == N
        connection.execute("UPDATE image SET content_hash = 'blake3:same' WHERE image_id IN ('away001', 'away002')")
        (away,) = (site for site in stored_answers.read(connection)[0] if site.dataset == "away")
        assert len(set(away.patients.tolist())) == N - 1
