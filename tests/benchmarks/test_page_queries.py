"""What a page asks is caught whole, and the Parquet copy holds what it scans."""

import pandas as pd
import pytest

from benchmarks.asked_queries import asked_by, columns_of
from benchmarks.page_queries import ours, theirs
from benchmarks.parquet_copy import write_parquet
from cxr_core.store.open import open_run
from cxr_core.store.runs import RESULTS_FILE
from tests.support.big_run.small import small_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return small_run(tmp_path_factory) / RESULTS_FILE


def test_a_page_is_asked_and_read(run, tmp_path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "small").symlink_to(run.parent)
    asked = asked_by("confusion", results=tmp_path / "results")
    scanned = columns_of(run, asked)
    assert ours(run, asked) > len(asked) > 10
    assert {"model_id", "dataset", "role", "predicted"} <= {*scanned["prediction"]}
    assert "vector" not in scanned.get("feature", ())
    copy = write_parquet(run, "prediction", folder=tmp_path)
    with open_run(run) as connection:
        (count,) = connection.execute("SELECT count(*) FROM prediction").fetchone() or (0,)
    assert theirs({copy.path: ["model_id", "predicted"]}) == 2 * count > 0


def test_a_copy_holds_what_the_table_holds(run, tmp_path) -> None:
    copy = write_parquet(run, "prediction", folder=tmp_path)
    assert copy.names["probability"] == tuple(f"probability_{index}" for index in range(6))
    found = pd.read_parquet(copy.path)
    assert isinstance(found["role"].dtype, pd.CategoricalDtype)
    with open_run(run) as connection:
        expected = connection.execute("SELECT sum(probability[6]), sum(predicted) FROM prediction").fetchone()
    assert (found["probability_5"].astype("float64").sum(), found["predicted"].sum()) == pytest.approx(expected)
