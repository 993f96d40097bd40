"""Confusion matrices: those of the file, and nothing where there is no such test."""

import math
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cxr_core.findings import FINDINGS
from cxr_core.statistics import shares
from dashboard.confusion.data.counts import Confusion, confusion
from dashboard.confusion.data.table import matrix_rows
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey
from dashboard.results.runs import was_trained_on
from dashboard.results.side import Side
from tests.support.made.answers import judged, write_intervals
from tests.support.matrices import matrix

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")


def _expected(path: Path, test: TestSet) -> pd.DataFrame:
    frame = judged(path, **test.parameters())
    return pd.crosstab(frame["class"], frame["predicted"]).reindex(index=range(6), columns=range(6), fill_value=0)


def _compared(run: RunKey, *, model: str = "split") -> Comparison:
    return Comparison(
        run=run,
        model=model,
        internal_dataset=INTERNAL.dataset,
        internal_policy=INTERNAL.policy,
        external_dataset=EXTERNAL.dataset,
        external_policy=EXTERNAL.policy,
    )


def _matrix(*diagonal: int, **cells: int) -> Confusion:
    counts = [[0] * 6 for _ in range(6)]
    for i, n in enumerate(diagonal):
        counts[i][i] = n
    for cell, n in cells.items():
        counts[int(cell[1])][int(cell[2])] = n
    return matrix(*counts)


@pytest.mark.parametrize("test", [INTERNAL, EXTERNAL], ids=["internal", "external"])
def test_counts_are_those_of_the_file(path: Path, key: RunKey, test: TestSet) -> None:
    expected = _expected(path, test)
    found = confusion(_compared(key), test.side)
    assert [list(row) for row in found.counts] == expected.to_numpy().tolist()
    assert found.images == expected.to_numpy().sum()
    assert [found.are(i) for i in range(6)] == expected.sum(axis=1).to_list()
    assert [found.called(i) for i in range(6)] == expected.sum(axis=0).to_list()


def test_a_test_that_is_not_there_is_empty(key: RunKey) -> None:
    internal = TestSet(model="full", dataset="vinbigdata", policy="majority", role="internal_test")
    found = confusion(_compared(key, model="full"), Side.INTERNAL)
    assert found.images == 0
    assert math.isnan(found.share(0, 0).value)
    assert found.overcalled() is None
    assert found.largest_mistake() is None
    assert was_trained_on(key, internal)
    assert not was_trained_on(key, INTERNAL)
    assert not was_trained_on(key, EXTERNAL)


def test_shares_are_of_the_row_and_few_images_are_no_share() -> None:
    found = _matrix(20, 21, c01=9, c10=10)
    share = found.share(1, 0)
    assert (share.n, share.estimable, share.is_number) == (31, True, True)
    assert share.value == pytest.approx(10 / 31)
    assert not found.share(0, 1).is_number
    assert found.share(0, 1).n == 29
    assert math.isnan(found.share(5, 0).value)


def test_intervals_are_shares_of_the_row(key: RunKey, copied: Path) -> None:
    assert math.isnan(confusion(_compared(key), Side.EXTERNAL).share(0, 0).low)
    write_intervals(copied, **EXTERNAL.parameters())
    found = confusion(_compared(RunKey(name="copied", path=str(copied), changed_ns=1)), Side.EXTERNAL)
    share = found.share(3, 0)
    assert share.low == pytest.approx((found.counts[3][0] - 1) / share.n)
    assert share.high == pytest.approx((found.counts[3][0] + 2) / share.n)
    assert math.isnan(found.share(5, 0).low)


def test_shares_of_a_column_and_of_all_are_over_patients(copied: Path) -> None:
    with duckdb.connect(str(copied)) as connection:
        connection.execute("UPDATE image SET patient_id = 'p' || hash(image_id) % 90 WHERE dataset = 'chexpert_train'")
        patients = connection.execute("SELECT image_id, patient_id FROM image WHERE dataset = 'chexpert_train'").df()
    frame = judged(copied, **EXTERNAL.parameters()).merge(patients, on="image_id")
    found = confusion(_compared(RunKey(name="copied", path=str(copied), changed_ns=3)), Side.EXTERNAL)
    for i, j in ((0, 0), (3, 0), (1, 1)):
        column = frame[frame["predicted"] == j]
        expected = {
            found.share_of_answer(i, j): (column, column["class"] == i),
            found.shares.called[j]: (frame, frame["predicted"] == j),
            found.shares.are[i]: (frame, frame["class"] == i),
        }
        for share, (images, counted) in expected.items():
            over = shares.of_images(counted.to_numpy(), patients=images["patient_id"].to_numpy())
            assert (share.n, share.value) == (len(images), pytest.approx(counted.mean()))
            assert (share.low, share.high) == pytest.approx((over.interval.low, over.interval.high))
            assert share.n_effective == pytest.approx(over.n_effective)
    assert found.share_of_answer(0, 0).n_effective < found.share_of_answer(0, 0).n
    assert math.isnan(found.share_of_answer(0, 5).value) == (found.called(5) == 0)


def test_the_class_called_too_often_is_the_one_with_the_largest_excess() -> None:
    assert _matrix(5, 5, 5, c10=4, c21=7).overcalled() == 0
    assert _matrix(5, 5, 5, c10=4, c21=9).overcalled() == 1
    assert _matrix(5, 5, c01=3, c10=3).overcalled() is None


def test_the_largest_mistake_is_off_the_diagonal() -> None:
    assert _matrix(50, 5, c10=4, c21=7).largest_mistake() == (2, 1)
    assert _matrix(50, 5).largest_mistake() is None


def test_the_table_has_every_cell_of_each_test(path: Path, key: RunKey) -> None:
    frame = pd.DataFrame(matrix_rows(_compared(key), Side))
    assert len(frame) == 72
    for test in (INTERNAL, EXTERNAL):
        own = frame[frame["dataset"] == test.dataset]
        counts = own.pivot_table(index="class", columns="predicted", values="count").loc[list(FINDINGS), list(FINDINGS)]
        assert counts.to_numpy().tolist() == _expected(path, test).to_numpy().tolist()
        filled = own[own["n"] > 0]
        assert filled["share"].to_list() == pytest.approx((filled["count"] / filled["n"]).to_list())
        assert own[own["n"] == 0]["share"].isna().all()
        assert own["not_estimable"].to_list() == (own["n"] < 30).to_list()


def test_images_of_one_patient_count_as_fewer(key: RunKey, copied: Path) -> None:
    row = max(range(6), key=confusion(_compared(key), Side.EXTERNAL).are)
    n = confusion(_compared(key), Side.EXTERNAL).are(row)
    assert confusion(_compared(key), Side.EXTERNAL).share(row, 0).estimable == (n >= 30)
    with duckdb.connect(str(copied)) as connection:
        connection.execute(
            "INSERT INTO metric BY NAME "
            "SELECT $model AS model_id, $dataset AS dataset, $role AS role, $policy AS policy, 'single_class' AS task, "
            "'all' AS stratum, $finding AS finding, 'recall' AS metric, 0.5 AS value, $n AS n, $n AS n_positive, "
            "29.5 AS n_effective, TRUE AS not_estimable",
            {**EXTERNAL.parameters(), "finding": FINDINGS[row], "n": n},
        )
    share = confusion(_compared(RunKey(name="copied", path=str(copied), changed_ns=2)), Side.EXTERNAL).share(row, 0)
    assert (share.n, share.n_effective, share.estimable) == (n, 29.5, False)
