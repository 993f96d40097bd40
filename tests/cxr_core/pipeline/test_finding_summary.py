"""Findings in the terminal: pairs of sites with what changed most first, or one site alone."""

import re

import pytest

from cxr_core.pipeline.summary import summary
from cxr_core.store.open import open_run
from tests.support.brought import write_brought


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_brought(tmp_path_factory.mktemp("both") / "results.duckdb")


def test_the_findings_that_changed_most_come_first_with_their_numbers(path):
    flags, scores = summary(path).split("\n\n")
    assert flags.startswith("flags, home, labels by as_labelled: internal test | away, labels by as_labelled: external")
    assert "AUROC" not in flags
    with open_run(path) as connection:
        ranked = connection.execute(
            """
            SELECT finding, internal_value, external_value, gap.value FROM gap
            WHERE model_id = 'scores' AND metric = 'auroc' AND stratum = 'all' AND gap.value IS NOT NULL
            ORDER BY abs(gap.value) DESC
            """
        ).fetchall()
    lines = scores.splitlines()[2:6]
    assert [line.split()[0] for line in lines] == [ranked[0][0], ranked[1][0], "Fracture", "Hernia"]
    for line, (_, *values) in zip(lines, ranked, strict=False):
        assert [float(found) for found in re.findall(r"(-?\d\.\d{3}) \[", line)] == pytest.approx(values, abs=5e-4)
    assert lines[2].endswith("-                     -")
    assert "0, 0" in lines[3]
    assert sum("sensitivity internal" in line for line in scores.splitlines()) == 1


def test_one_site_alone_is_one_table_without_a_gap(tmp_path):
    flags, scores = summary(write_brought(tmp_path / "results.duckdb", has_internal=False)).split("\n\n")
    assert scores.splitlines()[1].split() == ["n,", "positive", "AUROC", "sensitivity", "specificity"]
    assert flags.splitlines()[1].split() == ["n,", "positive", "sensitivity", "specificity"]
    assert "lost" not in flags + scores
    assert "internal" not in flags + scores
