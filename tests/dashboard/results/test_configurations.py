"""The four configurations as the database gives them: against pandas, with folds, and with what is missing."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration, configuration_gap_rows, configuration_rows, configurations
from tests.support.made.runs import INTERNAL, OFFICIAL, MadeRun, first_comparison
from tests.support.results import change, key_of


def _compared(path: Path) -> Comparison:
    run = key_of(path)
    return replace(first_comparison(path), run=run)


def _row(rows: tuple[Configuration, ...], *, regime: str, ensemble: bool) -> Configuration:
    (row,) = (row for row in rows if (row.regime, row.members is None) == (regime, ensemble))
    return row


def test_ensembles_before_their_members_and_split_before_full(results: Path) -> None:
    rows = configurations(_compared(MadeRun().write(results)))
    assert [(row.model, row.regime, row.members) for row in rows] == [
        ("split", "split", None),
        (None, "split", 3),
        ("full", "full", None),
        (None, "full", 3),
    ]


def test_members_of_all_folds_are_averaged_and_ensembles_of_one_fold_left_out(results: Path) -> None:
    path = MadeRun(regimes=("split",), members=1).write(results)
    change(
        path,
        """
        INSERT INTO model BY NAME
            SELECT model.* REPLACE ('split-f1-0' AS model_id, 1 AS fold) FROM model WHERE model_id = 'split-0'
            UNION ALL
            SELECT model.* REPLACE ('split-f1' AS model_id, 1 AS fold) FROM model WHERE model_id = 'split';
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE ('split-f1-0' AS model_id, value + 0.1 AS value)
            FROM metric WHERE model_id = 'split-0';
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE ('split-f1' AS model_id, 0.01 AS value) FROM metric WHERE model_id = 'split-0';
        CREATE TEMP TABLE ensemble AS FROM metric WHERE model_id = 'split';
        DELETE FROM metric WHERE model_id = 'split';
        INSERT INTO metric FROM ensemble;
        """,
    )
    rows = configurations(_compared(path))
    assert len(rows) == 2
    ensemble = _row(rows, regime="split", ensemble=True)
    assert (ensemble.model, ensemble.internal and ensemble.internal.value) == ("split", 0.6334)
    single = _row(rows, regime="split", ensemble=False)
    assert single.members == 2
    assert single.internal is not None
    # The member lies 0.05 below the ensemble's 0.6334, the one of the other fold 0.1 above that.
    assert single.internal.value == pytest.approx(0.6334)
    assert (single.internal.low, single.internal.high) == pytest.approx((0.5834, 0.6834))


def test_the_loss_of_members_is_the_mean_of_their_own_losses(results: Path) -> None:
    path = MadeRun().write(results)
    change(path, "UPDATE metric SET value = value - 0.06 WHERE model_id = 'split-1' AND role = 'external_test'")
    lost = _row(configurations(_compared(path)), regime="split", ensemble=False).lost
    assert lost is not None
    assert lost.value == pytest.approx(0.6334 - 0.2530 + 0.02)
    assert (lost.low, lost.high) == pytest.approx((0.3804, 0.4404))


def test_training_accuracy_follows_the_home_policy_only_on_the_dataset_trained_on(results: Path) -> None:
    shown = _compared(MadeRun(sites=(INTERNAL, OFFICIAL, *MadeRun().sites[1:])).write(results))
    own = replace(shown, internal_policy="majority")
    official = replace(shown, internal_dataset="vinbigdata_test", internal_policy="consensus")
    for comparison, value in ((own, 0.9512), (official, 0.9712)):
        training = _row(configurations(comparison), regime="split", ensemble=True).training
        assert training is not None
        assert training.value == pytest.approx(value)


@pytest.mark.parametrize("role", ["internal_test", "external_test"])
def test_an_accuracy_over_no_image_is_no_test(results: Path, role: str) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE metric SET n = 0, n_positive = NULL, value = NULL WHERE role = $role", {"role": role}
        )
        connection.execute("UPDATE gap SET value = NULL")
    row = _row(configurations(_compared(path)), regime="split", ensemble=True)
    assert (row.internal is None, row.external is None) == (role == "internal_test", role == "external_test")
    assert row.lost is None


def test_external_images_that_were_trained_on_are_no_external_test(results: Path) -> None:
    path = MadeRun().write(results)
    change(path, "UPDATE metric SET role = 'train' WHERE role = 'external_test' AND model_id LIKE 'full%'")
    row = _row(configurations(_compared(path)), regime="full", ensemble=True)
    assert row.external is None
    assert row.training is not None
    assert row.training.value == pytest.approx(0.9504)


def test_an_interval_that_was_not_stored_is_nan(results: Path) -> None:
    path = MadeRun().write(results)
    change(path, "UPDATE metric SET low = NULL, high = NULL")
    internal = _row(configurations(_compared(path)), regime="split", ensemble=True).internal
    assert internal is not None
    assert internal.low != internal.low
    assert internal.value == pytest.approx(0.6334)


def test_the_table_to_take_along_holds_the_unrounded_numbers(results: Path) -> None:
    path = MadeRun(accuracy={**MadeRun().accuracy, ("split", "external_test"): 0.253_017}).write(results)
    at = _compared(path)
    rows = configurations(at)
    table = pd.DataFrame(configuration_rows(at, rows, metric="accuracy"))
    ensemble = table[table["model"] == "split"].set_index("role")
    assert ensemble.loc["external_test", "value"] == pytest.approx(0.253_017, abs=1e-12)
    assert ensemble.loc["external_test", "n"] == 29852
    lost = pd.DataFrame(configuration_gap_rows(at, rows, metric="accuracy")).set_index("model")
    assert lost.loc["split", "value"] == pytest.approx(0.6334 - 0.253_017)
    assert pd.isna(lost.loc["split", "n"])
    assert set(table.loc[table["regime"] == "full", "role"]) == {"train", "external_test"}
    assert "full" not in set(lost["regime"])
    means = table[table["model"].isna()]
    assert set(means["spread"]) == {"range"}
    assert set(means["members"]) == {3}
    assert set(ensemble["spread"]) == {"interval"}
