"""The reader of `metric` and `gap`, against the tables themselves as pandas has them."""

import math
from dataclasses import replace
from itertools import product
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cxr_core.metrics.catalogue import records
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import ALL, Number, mean, numbers
from dashboard.results.pairs import pairs
from dashboard.results.runs import choices
from dashboard.results.side import Side
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.made import performance as performance_runs
from tests.support.results import change, key_of

SIZE = Size(
    name="small",
    internal=300,
    external=400,
    internal_left_out=20,
    external_left_out=40,
    members=2,
    shown=20,
    features=8,
    epochs=3,
)
KEY = ["model", "kind", "stratum", "finding", "metric"]
VALUES = ["value", "low", "high", "n", "positives", "worth", "estimable"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("runs"), size=SIZE)


@pytest.fixture(scope="module")
def tables(path: Path) -> dict[str, pd.DataFrame]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.execute(f"FROM {name}").df() for name in ("metric", "gap", "dataset")}


@pytest.fixture(scope="module")
def compared(path: Path) -> list[Comparison]:
    """Every model under two policies of each site, and without an external test."""
    run = key_of(path)
    offered = choices(run)
    inside = [(choice.dataset, policy) for choice in offered.internal for policy in choice.policies[:2]]
    outside = [(choice.dataset, policy) for choice in offered.external for policy in choice.policies[:2]]
    return [
        Comparison(
            run=run,
            model=model,
            internal_dataset=internal[0],
            internal_policy=internal[1],
            external_dataset=external[0],
            external_policy=external[1],
        )
        for model, internal, external in product(offered.models, inside, [*outside, (None, None)])
    ]


def _expected(tables: dict[str, pd.DataFrame], at: Comparison, *, metrics: list[str], task: str) -> pd.DataFrame:
    """Rows of both tables, picked by pandas."""
    metric, gap = (table[table["task"] == task] for table in (tables["metric"], tables["gap"]))
    metric, gap = (table[table["metric"].isin(metrics)] for table in (metric, gap))
    trained = tables["dataset"].query("site == 'source'")[["dataset", "training_policy"]]
    (source,) = trained.dropna().itertuples(index=False)
    policy = at.internal_policy if source.dataset == at.internal_dataset else source.training_policy
    places = {
        "internal_test": (at.internal_dataset, at.internal_policy),
        "external_test": (at.external_dataset, at.external_policy),
        "train": (source.dataset, policy),
    }
    here = metric[["dataset", "policy"]].apply(tuple, axis=1) == metric["role"].map(places)
    metric = metric[here].rename(columns={"role": "kind"})
    pair = ["internal_dataset", "internal_policy", "external_dataset", "external_policy"]
    gap = gap[gap[pair].apply(tuple, axis=1) == tuple(at.parameters().values())].assign(kind="gap", n=0)
    rows = pd.concat([metric, gap])
    named = {"model_id": "model", "n_positive": "positives", "n_effective": "worth"}
    rows = rows.assign(estimable=~rows["not_estimable"].astype(bool)).rename(columns=named)
    return _sorted(rows[KEY + VALUES])


def _as_frame(rows: tuple[Number, ...]) -> pd.DataFrame:
    return _sorted(
        pd.DataFrame(
            [
                (
                    *(row.model, row.kind, row.stratum, row.finding, row.metric),
                    *(row.estimate.value, row.estimate.low, row.estimate.high, row.estimate.n),
                    *(row.positives, row.estimate.n_effective, row.estimate.estimable),
                )
                for row in rows
            ],
            columns=KEY + VALUES,
        )
    )


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    plain = rows.astype({"finding": object}).fillna({"finding": "of no one class"})
    numbers_of = dict.fromkeys(["value", "low", "high", "n", "positives", "worth"], float)
    return plain.astype(numbers_of).sort_values(KEY).reset_index(drop=True)


@pytest.mark.parametrize("task", ["single_class", "finding"])
def test_it_gives_the_rows_of_both_tables(
    tables: dict[str, pd.DataFrame], compared: list[Comparison], task: str
) -> None:
    metrics = [record.name for record in records(task=task)]
    for at in compared:
        expected = _expected(tables, at, metrics=metrics, task=task)
        found = numbers(at, metrics=tuple(metrics), task=task, stratum=None, every_model=True)
        assert {row.kind for row in found} >= {"train"}
        pd.testing.assert_frame_equal(_as_frame(found), expected)


def test_by_itself_it_gives_those_of_the_model_over_all_images(
    tables: dict[str, pd.DataFrame], compared: list[Comparison]
) -> None:
    for at in compared:
        expected = _expected(tables, at, metrics=["recall", "accuracy"], task="single_class")
        expected = expected[(expected["model"] == at.model) & (expected["stratum"] == ALL)]
        found = numbers(at, metrics=("accuracy", "recall"))
        pd.testing.assert_frame_equal(_as_frame(found), expected.reset_index(drop=True))


def test_ensembles_stand_before_their_members_and_split_before_full(compared: list[Comparison]) -> None:
    models = list(dict.fromkeys(row.model for row in numbers(compared[0], metrics=("accuracy",), every_model=True)))
    assert models == ["split", "split-0", "split-1", "full", "full-0", "full-1"]


def test_an_ensemble_of_one_fold_stands_for_nothing(results: Path) -> None:
    path = performance_runs.write(results)
    change(path, "UPDATE model SET fold = 1, model_id = 'split-f1' WHERE model_id = 'split'")
    change(path, "UPDATE metric SET model_id = 'split-f1' WHERE model_id = 'split'")
    found = numbers(performance_runs.compared(path), metrics=("accuracy",), every_model=True)
    assert {row.model for row in found if row.is_ensemble} == {"full"}


def test_a_number_at_an_operating_point_is_another_number(results: Path) -> None:
    path = performance_runs.write(results)
    change(path, "UPDATE metric SET operating_point = 'youden' WHERE metric = 'recall'")
    assert [row.kind for row in numbers(performance_runs.compared(path), metrics=("recall",))] == ["gap"] * 6


def test_pairs_have_a_test_each(compared: list[Comparison]) -> None:
    at = next(at for at in compared if at.model == "split" and at.external_dataset is not None)
    for pair in pairs(numbers(at, metrics=("recall",)), name=lambda row: row.finding):
        assert {side: number.kind for side, number in pair.sides.items()} == {side: side.role for side in Side}
        assert pair.lost is not None
        assert {number.finding for number in pair.sides.values()} == {pair.name}
    alone = replace(at, external_dataset=None, external_policy=None)
    for pair in pairs(numbers(alone, metrics=("recall",)), name=lambda row: row.finding):
        assert (list(pair.sides), pair.external, pair.lost) == ([Side.INTERNAL], None, None)


def test_the_mean_of_members_spans_them_and_is_undefined_where_one_is() -> None:
    one = Estimate(value=0.2, low=math.nan, high=math.nan, n=40, n_effective=35, estimable=True)
    other = replace(one, value=0.4, n=50, n_effective=20, estimable=False)
    both = mean([one, other])
    assert both is not None
    assert (both.value, both.low, both.high) == pytest.approx((0.3, 0.2, 0.4))
    assert (both.n, both.n_effective, both.estimable, both.spread) == (50, 20, False, "range")
    undefined = mean([one, replace(other, value=math.nan)])
    assert undefined is not None
    assert math.isnan(undefined.value)
    assert (undefined.low, undefined.high) == (0.2, 0.2)
    assert mean([]) is None
