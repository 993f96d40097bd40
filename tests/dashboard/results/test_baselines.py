"""The no-skill lines of a test, and which class the best constant answer is."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dashboard.results.baselines import Baselines, baselines
from dashboard.results.database import RunKey
from tests.support.made.runs import MadeRun, first_comparison


def _external(path: Path) -> Baselines | None:
    run = RunKey(name="run", path=str(path), changed_ns=path.stat().st_mtime_ns)
    return baselines(replace(first_comparison(path), run=run), kind="external_test")


def _set_positives(path: Path, finding: str, n: int) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE metric SET n_positive = $n, n = greatest(n, $n) WHERE metric = 'recall' AND finding LIKE $finding",
            {"n": n, "finding": finding},
        )


def test_the_lines_are_those_of_the_test(results: Path) -> None:
    assert _external(MadeRun().write(results)) == Baselines(
        lines={
            "no_skill_uniform": pytest.approx(1 / 6),
            "no_skill_test_mix": 0.231,
            "no_skill_train_mix": 0.168,
            "no_skill_train_majority": 0.175,
            "no_skill_best_constant": 0.32,
        },
        best_class="Lung Opacity",
        estimable=True,
    )


def test_of_equally_frequent_classes_the_lower_one_is_named(results: Path) -> None:
    path = MadeRun().write(results)
    _set_positives(path, "Cardiomegaly", 9550)
    lines = _external(path)
    assert lines is not None
    assert lines.best_class == "Cardiomegaly"


def test_without_positives_no_class_is_named(results: Path) -> None:
    path = MadeRun().write(results)
    _set_positives(path, "%", 0)
    lines = _external(path)
    assert lines is not None
    assert lines.best_class is None


def test_a_model_without_such_a_test_has_no_lines(results: Path) -> None:
    path = MadeRun(regimes=("full",)).write(results)
    assert _external(path) is None
