from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from cxr_core.evaluation.inputs import Scored, Site, strata_of
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Reference
from cxr_core.store.schema import schema_sql

PLACE = ["model_id", "dataset", "role", "policy", "task", "stratum"]


def _rows(sites: list[Site], scored: list[Scored], *, seed: int = 0, replicates: int = 40) -> pd.DataFrame:
    return metric_rows(measure(sites, scored, classes=FINDINGS, seed=seed, replicates=replicates))


def test_every_group_that_has_images_is_measured_once(sites: list[Site], scored: list[Scored]) -> None:
    frame = _rows(sites, scored)
    assert not frame.duplicated([*PLACE, "finding", "metric"]).any()
    groups = frame[PLACE].drop_duplicates()
    found = groups.groupby(["model_id", "dataset"])["role"].unique().map(sorted).to_dict()
    assert found["split", "home"] == ["internal_test", "train"]
    assert found["full", "home"] == ["train"]
    assert found["split-0", "away"] == ["external_test"]
    assert set(groups.loc[groups["policy"] == "explicit", "task"]) == {"finding"}
    assert set(groups.loc[groups["policy"] == "u_ignore", "task"]) == {"finding", "single_class"}
    assert set(groups.loc[groups["dataset"] == "home", "stratum"]) >= {"all", "view=PA", "sex=F", "age=80+"}


def test_roles_are_kept_apart(sites: list[Site], scored: list[Scored]) -> None:
    frame = _rows(sites, scored)
    frame = frame[frame["metric"] == "accuracy"].set_index(PLACE)
    split, internal = scored[0], sites[0]
    classes = internal.references["majority"].classes
    for role in ("train", "internal_test"):
        kept = (split.role == role) & (classes >= 0)
        row = frame.loc[("split", "home", role, "majority", "single_class", "all")]
        assert row["n"] == kept.sum()
        assert row["value"] == pytest.approx(np.mean(classes[kept] == split.predicted[kept]))


def test_members_have_values_and_ensembles_intervals(sites: list[Site], scored: list[Scored]) -> None:
    frame = _rows(sites, scored)
    accuracy = frame[(frame["metric"] == "accuracy") & (frame["stratum"] == "all")]
    member = accuracy["model_id"] == "split-0"
    assert accuracy["value"].notna().all()
    assert accuracy.loc[member, ["low", "high"]].isna().all(axis=None)
    assert accuracy.loc[~member, ["low", "high"]].notna().all(axis=None)


def test_intervals_hold_their_value(sites: list[Site], scored: list[Scored]) -> None:
    frame = _rows(sites, scored, replicates=300)
    proportions = frame[frame["metric"].isin(["accuracy", "recall", "precision", "specificity"])].dropna()
    assert (proportions["low"] <= proportions["value"]).all()
    assert (proportions["value"] <= proportions["high"]).all()
    assert (proportions["low"] < proportions["high"]).all()


def test_same_seed_same_rows_in_whatever_order(sites: list[Site], scored: list[Scored]) -> None:
    first = measure(sites, scored, classes=FINDINGS, seed=4, replicates=30)
    second = measure(sites[::-1], scored[::-1], classes=FINDINGS, seed=4, replicates=30)
    pd.testing.assert_frame_equal(metric_rows(first), metric_rows(second), check_exact=True)
    pd.testing.assert_frame_equal(gap_rows(first), gap_rows(second), check_exact=True)


def test_another_model_changes_no_row(sites: list[Site], scored: list[Scored]) -> None:
    alone = _rows(sites, [one for one in scored if one.model_id == "split"])
    among = _rows(sites, scored)
    among = among[among["model_id"] == "split"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, among, check_exact=True)


def test_the_order_of_images_changes_no_row(sites: list[Site], scored: list[Scored]) -> None:
    order = np.random.default_rng(0).permutation(sites[1].patients.size)
    shuffled_site = replace(
        sites[1],
        patients=sites[1].patients[order],
        references={name: _reordered(reference, order) for name, reference in sites[1].references.items()},
        strata={name: mask[order] for name, mask in sites[1].strata.items()},
    )
    shuffled = replace(
        scored[1],
        role=scored[1].role[order],
        probability=scored[1].probability[order],
        predicted=scored[1].predicted[order],
    )
    pd.testing.assert_frame_equal(
        _rows([sites[1]], [scored[1]]), _rows([shuffled_site], [shuffled]), check_exact=False, rtol=1e-9
    )


def _reordered(reference: Reference, order: np.ndarray) -> Reference:
    return Reference(
        classes=reference.classes[order], left_out=reference.left_out[order], present=reference.present[order]
    )


def test_another_seed_moves_intervals_alone(sites: list[Site], scored: list[Scored]) -> None:
    first, second = _rows(sites, scored, seed=1), _rows(sites, scored, seed=2)
    pd.testing.assert_series_equal(first["value"], second["value"])
    moved = (first["low"] != second["low"]) & first["low"].notna()
    assert moved[first["metric"] == "macro_precision"].sum() > 0
    assert not moved[first["metric"].isin(["auroc", "average_precision", "f1"])].any()


def test_rows_fit_the_results_file(sites: list[Site], scored: list[Scored]) -> None:
    measured = measure(sites, scored, classes=FINDINGS, seed=0, replicates=20)
    metric, gap = metric_rows(measured), gap_rows(measured)
    with duckdb.connect() as connection:
        connection.execute(schema_sql(classes=len(FINDINGS)))
        connection.register("metric_frame", metric)
        connection.register("gap_frame", gap)
        connection.execute("INSERT INTO metric BY NAME SELECT * FROM metric_frame")
        connection.execute("INSERT INTO gap BY NAME SELECT * FROM gap_frame")
        stored = connection.execute(
            "SELECT count(*), count(finding), count(value), count(low), count(n_positive), count(n_effective), "
            "count(*) FILTER (isnan(value)) FROM metric"
        ).fetchone()
        assert stored == (
            *(
                int(metric[name].notna().sum())
                for name in ("metric", "finding", "value", "low", "n_positive", "n_effective")
            ),
            0,
        )
        assert connection.execute("SELECT count(*) FROM gap WHERE finding IS NULL AND len(classes) > 1").fetchone() > (
            0,
        )


def _one_site(reference: Reference, *, roles: list[str]) -> tuple[list[Site], list[Scored]]:
    n = len(roles)
    site = Site(
        dataset="site",
        patients=np.arange(n),
        references={"policy": reference},
        class_policies=frozenset({"policy"}),
        strata=strata_of(
            view=np.full(n, "PA", dtype=object), sex=np.full(n, None, dtype=object), age_years=np.full(n, np.nan)
        ),
    )
    scored = Scored(
        model_id="split",
        dataset="site",
        is_ensemble=True,
        role=np.array(roles, dtype=object),
        probability=np.full((n, 6), 1 / 6, dtype=np.float32),
        predicted=np.zeros(n, dtype=np.int8),
        train_mix=np.full(6, np.nan),
    )
    return [site], [scored]


def _reference(classes: list[int], *, present: float) -> Reference:
    n = len(classes)
    return Reference(
        classes=np.array(classes, dtype=np.int8),
        left_out=np.full(n, None, dtype=object),
        present=np.full((n, 6), present, dtype=np.float32),
    )


@pytest.mark.parametrize(
    ("classes", "present", "roles"),
    [
        ([], np.nan, []),
        ([2], 1, ["external_test"]),
        ([2] * 40, 1, ["external_test"] * 40),
        ([-1] * 12, np.nan, ["external_test"] * 12),
        ([0] * 40, 0, ["internal_test"] * 20 + [""] * 20),
        ([0] * 4, 0, [""] * 4),
    ],
    ids=["no image", "one image", "one class", "nothing known", "nothing present", "nothing predicted"],
)
def test_thin_data_give_undefined_rows(classes: list[int], present: float, roles: list[str]) -> None:
    sites, scored = _one_site(_reference(classes, present=present), roles=roles)
    measured = measure(sites, scored, classes=FINDINGS, seed=0, replicates=25)
    frame = metric_rows(measured)
    assert gap_rows(measured).empty
    assert set(frame["role"]) == set(roles) - {""}
    areas = frame[frame["metric"].isin(["auroc", "average_precision", "no_skill_train_mix"])]
    assert areas[["value", "low", "high"]].isna().all(axis=None)
    assert (frame["not_estimable"] == ~(frame["n_effective"] >= 30)).all()
    assert frame.loc[frame["metric"] == "auroc", "not_estimable"].all()


def test_a_policy_that_leaves_no_image_still_says_so() -> None:
    sites, scored = _one_site(_reference([-1] * 12, present=np.nan), roles=["external_test"] * 12)
    frame = _rows(sites, scored)
    assert set(frame["stratum"]) == {"all"}
    assert set(frame["task"]) == {"single_class", "finding"}
    assert (frame["n"] == 0).all()


def test_a_site_that_is_not_there_is_refused(sites: list[Site], scored: list[Scored]) -> None:
    with pytest.raises(ValueError, match="not among the sites"):
        measure(sites[:1], scored, classes=FINDINGS, seed=0)


def test_scores_of_another_length_are_refused(sites: list[Site], scored: list[Scored]) -> None:
    with pytest.raises(ValueError, match="split on home: expected 260 images, found 320"):
        measure(sites, [replace(scored[1], dataset="home")], classes=FINDINGS, seed=0)
