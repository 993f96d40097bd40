"""The one reader of `metric` and `gap` beside the six statements that it replaces: every pair of policies, every model."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import product

import pytest

from benchmarks.big_run.size import Size
from benchmarks.big_run.writing import write_run
from dashboard.queries.overview import accuracies, recalls
from dashboard.queries.overview import no_skill as lines
from dashboard.queries.performance import classes, subgroups
from dashboard.queries.training import memory
from dashboard.results import class_scores, configurations, no_skill
from dashboard.results.comparison import Comparison
from dashboard.results.metrics import Number, Pair, numbers, pairs
from dashboard.results.runs import RunKey, choices
from dashboard.results.runs import classes as classes_of
from dashboard.results.side import Side
from tests.dashboard import performance_runs

SIZE = Size(
    name="small", home=400, abroad=600, home_left_out=20, abroad_left_out=40, members=3, shown=20, features=8, epochs=3
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[RunKey]:
    folder = tmp_path_factory.mktemp("runs")
    paths = [
        write_run(folder, size=SIZE),
        write_run(folder, size=replace(SIZE, name="five", without="Consolidation")),
        performance_runs.write(folder),
    ]
    return [RunKey(name=path.parent.name, path=str(path), changed_ns=path.stat().st_mtime_ns) for path in paths]


@pytest.fixture
def compared(runs: list[RunKey]) -> list[Comparison]:
    return [one for run in runs for one in _comparisons(run)]


def _comparisons(run: RunKey) -> Iterator[Comparison]:
    offered = choices(run)
    inside = [(choice.dataset, policy) for choice in offered.internal for policy in choice.policies]
    outside = [(choice.dataset, policy) for choice in offered.external for policy in choice.policies]
    for model, internal, external in product(offered.models, inside, [*outside, (None, None)]):
        yield Comparison(
            run=run,
            model=model,
            internal_dataset=internal[0],
            internal_policy=internal[1],
            external_dataset=external[0],
            external_policy=external[1],
        )


def _same(one: object, other: object) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, abs_tol=1e-12)
    return one == other


def _score(number: Number | None) -> object:
    return None if number is None else {"estimate": asdict(number.estimate), "positives": number.positives}


def _lost(pair: Pair) -> object:
    return None if pair.lost is None else asdict(pair.lost)


def test_configurations(compared: list[Comparison]) -> None:
    for at, metric in product(compared, ("accuracy", "macro_precision", "macro_recall", "macro_f1")):
        old = [asdict(row) for row in accuracies.configurations(at, metric=metric)]
        assert _same(old, [asdict(row) for row in configurations.configurations(at, metric=metric)])


def test_classes(compared: list[Comparison]) -> None:
    tasks = {"recall": ("single_class",), "precision": ("single_class",), "f1": ("single_class",)}
    ranked = dict.fromkeys(("auroc", "average_precision"), ("single_class", "finding"))
    seen = set()
    for at, (metric, of) in product(compared, {**tasks, **ranked}.items()):
        for task in of:
            old = [
                {
                    "finding": row.finding,
                    "home": None if row.home is None else asdict(row.home),
                    "abroad": None if row.abroad is None else asdict(row.abroad),
                    "lost": None if row.lost is None else asdict(row.lost),
                }
                for row in classes.by_class(at, metric=metric, task=task)
            ]
            new = [
                {
                    "finding": pair.name,
                    "home": _score(pair.internal),
                    "abroad": _score(pair.external),
                    "lost": _lost(pair),
                }
                for pair in class_scores.class_scores(at, metric=metric, task=task)
            ]
            assert _same(old, new)
            seen |= {(metric, task)} if old else set()
    assert len(seen) == 7


def test_recalls(compared: list[Comparison]) -> None:
    for at in compared:
        old = recalls.recalls(at)
        rows = [*old.lost, *([old.kept] if old.kept else []), *old.too_few]
        new = {pair.name: pair for pair in class_scores.class_scores(at, metric="recall")}
        for row in rows:
            pair = new[row.finding]
            assert pair.internal is not None
            assert pair.external is not None
            assert _same((row.home, row.abroad), (pair.internal.estimate.value, pair.external.estimate.value))
            assert (row.positives_home, row.positives_abroad) == (pair.internal.positives, pair.external.positives)
            assert _same(asdict(row.lost), _lost(pair))


def test_no_skill(compared: list[Comparison]) -> None:
    for at, kind in product(compared, ("internal_test", "external_test", "train")):
        side = Side.EXTERNAL if kind == "external_test" else Side.INTERNAL
        dataset, policy = list(at.parameters().values())[2 * list(Side).index(side) :][:2]
        old = lines.no_skill(at.run, model=at.model, dataset=dataset, policy=policy, role=kind)
        new = no_skill.no_skill(at, kind=kind)
        assert (old is None) == (new is None)
        if old is not None and new is not None:
            told = {name.removeprefix("no_skill_"): line for name, line in new.lines.items()}
            assert _same(asdict(old), {**told, "best_class": new.best_class, "estimable": new.estimable})


def test_groups(compared: list[Comparison]) -> None:
    for at in compared:
        constants = {
            pair.name: pair
            for pair in pairs(
                numbers(at, metrics=("no_skill_best_constant",), stratum=None), name=lambda row: row.stratum
            )
        }
        for finding in (None, *classes_of(at.run)):
            metric = "accuracy" if finding is None else "recall"
            rows = [row for row in numbers(at, metrics=(metric,), stratum=None) if row.finding == finding]
            new = {pair.name: pair for pair in pairs(rows, name=lambda row: row.stratum)}
            old = subgroups.groups(at, finding=finding)
            assert [group.stratum for group in old] == sorted(new, key=subgroups._order)
            for group, side in product(old, Side):
                score, number = (group.home if side is Side.INTERNAL else group.abroad), new[group.stratum].of(side)
                assert (score is None) == (number is None)
                if score is None or number is None:
                    continue
                assert _same(asdict(score.estimate), asdict(number.estimate))
                assert score.n == number.images
                line = constants[group.stratum].of(side) if finding is None else None
                value = line.estimate.value if line is not None and line.estimate.estimable else math.nan
                assert _same(score.best_constant, value)


def test_memory(compared: list[Comparison]) -> None:
    for at in compared:
        rows = numbers(
            replace(at, external_dataset=None, external_policy=None), metrics=("accuracy",), every_model=True
        )
        new: dict[str, dict[str, object]] = {}
        for row in rows:
            if row.estimate.n > 0 and (row.member is not None or row.is_ensemble):
                new.setdefault(row.model, {"model": row.model, "regime": row.regime, "fold": row.fold})[row.kind] = (
                    asdict(row.estimate)
                )
        old = [
            {
                "model": row.model,
                "regime": row.regime,
                "fold": row.fold,
                **({"train": asdict(row.training)} if row.training else {}),
                **({"internal_test": asdict(row.held_out)} if row.held_out else {}),
            }
            for row in memory.memory(at)
        ]
        assert _same(old, list(new.values()))
