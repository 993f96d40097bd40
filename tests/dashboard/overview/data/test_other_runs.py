"""Several runs: each as it opens, and all of them in one table."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard.overview.data.other_runs import run_gap_rows, run_rows, sample_sizes, summarize, summarize_as_opened
from tests.support.made.runs import ACCURACY, INTERNAL, OWN, MadeRun, first_comparison
from tests.support.results import key_of


def test_a_run_stands_there_as_it_opens(results: Path) -> None:
    found = summarize_as_opened(key_of(MadeRun(sites=(INTERNAL, OWN)).write(results)))
    assert found is not None
    assert found.comparison.model == "split"
    assert found.comparison.parameters() == {
        "internal_dataset": "vinbigdata",
        "internal_policy": "dominant",
        "external_dataset": "st_elsewhere",
        "external_policy": "u_zeros",
    }
    assert found.row is not None
    assert found.row.external is not None
    assert found.row.external.value == pytest.approx(0.2530)
    assert found.baselines is not None
    assert found.baselines.best_constant == pytest.approx(0.32)
    assert [test.images for test in sample_sizes(found).values()] == [641, 29852]


def test_a_run_without_an_external_site_has_no_external_test(results: Path) -> None:
    found = summarize_as_opened(key_of(MadeRun(sites=(INTERNAL,)).write(results)))
    assert found is not None
    assert (found.comparison.external_dataset, found.baselines) == (None, None)
    assert found.row is not None
    assert found.row.external is None


@pytest.mark.parametrize("emptied", ["DELETE FROM model", "DELETE FROM metric"])
def test_a_run_without_a_tested_model_is_none(results: Path, emptied: str) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute(emptied)
    assert summarize_as_opened(key_of(path)) is None


def test_all_runs_go_into_one_table(results: Path) -> None:
    better = {**ACCURACY, ("split", "external_test"): 0.31}
    paths = [MadeRun(name="a").write(results), MadeRun(name="b", accuracy=better).write(results)]
    runs = [summarize(first_comparison(path)) for path in paths]
    table = pd.DataFrame(run_rows(runs))
    wanted = (table["model"] == "split") & (table["role"] == "external_test")
    assert table[wanted].set_index("run")["value"].to_dict() == {"a": 0.2530, "b": 0.31}
    assert table["run"].value_counts().nunique() == 1
    assert set(table["metric"]) == {"accuracy"}
    lost = pd.DataFrame(run_gap_rows(runs))
    assert set(lost["external_policy"]) == {"u_ignore"}
    assert set(lost["run"]) == {"a", "b"}
