"""Findings in the terminal: pairs of sites with what changed most first, or one site alone."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from cxr_core.pipeline.summary import summary
from cxr_core.store.open import open_run
from tests.support.brought import write_brought


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_brought(tmp_path_factory.mktemp("both") / "results.duckdb")


def test_the_findings_that_changed_most_come_first_with_their_numbers(path):
    flags, scores, why = summary(path).split("\n\n")
    assert why.splitlines()[0] == "Why, scores, home to away"
    assert re.search(r"balanced accuracy, Edema: -?\d+\.\d points lost", why)
    assert flags.splitlines()[:3] == [
        "Model: flags",
        "  internal test: home, labels by as_labelled",
        "  external test: away, labels by as_labelled",
    ]
    assert "AUROC" not in flags
    with open_run(path) as connection:
        ranked = connection.execute(
            """
            SELECT finding, internal_value, external_value, gap.value FROM gap
            WHERE model_id = 'scores' AND metric = 'auroc' AND stratum = 'all' AND gap.value IS NOT NULL
            ORDER BY abs(gap.value) DESC
            """
        ).fetchall()
    lines = scores.splitlines()[4:8]
    assert [line.split()[0] for line in lines] == [ranked[0][0], ranked[1][0], "Fracture", "Hernia"]
    for line, (_, *values) in zip(lines, ranked, strict=False):
        assert [float(found) for found in re.findall(r"(-?\d\.\d{3}) \[", line)] == pytest.approx(values, abs=5e-4)
    assert lines[2].endswith("-                     -")
    assert "0, 0" in lines[3]
    assert sum("sensitivity internal" in line for line in scores.splitlines()) == 1


def test_one_site_alone_is_one_table_without_a_gap(tmp_path):
    flags, scores = summary(write_brought(tmp_path / "results.duckdb", has_internal=False)).split("\n\n")
    assert scores.splitlines()[2].split() == ["n,", "positive", "AUROC", "sensitivity", "specificity"]
    assert flags.splitlines()[2].split() == ["n,", "positive", "sensitivity", "specificity"]
    assert "lost" not in flags + scores
    assert "internal" not in flags + scores


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("SELECT 1", "over patients."),
        ("UPDATE image SET patient_id = NULL", "over images, since patients are not recorded."),
        ("UPDATE image SET patient_id = NULL, study_id = image_id", "over studies, since patients are not recorded."),
        (
            "UPDATE image SET patient_id = NULL WHERE dataset = 'away'",
            "over patients; at one site over images, since patients are not recorded.",
        ),
    ],
)
def test_what_intervals_are_over_is_said_and_no_sign_that_is_not_there(path, tmp_path, change, said):
    changed = Path(shutil.copy(path, tmp_path))
    with duckdb.connect(str(changed)) as connection:
        connection.execute(change)
    flags, scores, _ = summary(changed).split("\n\n")
    assert flags.splitlines()[-1].startswith(f"  Intervals: 95 %, {said}")
    assert "undefined" in scores
    assert "estimable" not in scores


def test_studies_that_are_counted_are_said(tmp_path):
    path = write_brought(tmp_path / "results.duckdb", unit="study", has_internal=False, models=("flags",))
    assert summary(path).splitlines()[1] == "  external test: away, labels by as_labelled, n counts studies"
