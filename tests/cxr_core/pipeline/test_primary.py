"""The primary comparison of a run: what is declared, what is not given, and what no number would be of."""

from pathlib import Path

import pytest

from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.pipeline import primary
from cxr_core.pipeline.sites import Planned
from cxr_core.store import write
from cxr_core.store.open import open_run
from tests.support.brought import write_brought
from tests.support.labelled import manifest
from tests.support.softmax import CLASSES, append_answers

ROWS = "SELECT * FROM primary_comparison"
SITES = (
    Planned(manifest=manifest(["a.png"], dataset="home"), site="source", role="internal_test"),
    Planned(manifest=manifest(["b.png"], dataset="away"), site="external", role="external_test"),
)


def _check(*given: str, outputs: str = "softmax", findings: tuple[str, ...] = CLASSES) -> None:
    settings = Experiment(primary=given, findings=findings, outputs="sigmoid" if outputs == "sigmoid" else "softmax")
    primary.check(settings, SITES)


@pytest.mark.parametrize("metric", ["metric=patient Smith", "metric=n", "metric=no_skill_best_constant", "metric="])
def test_an_unknown_metric_is_refused_with_those_that_there_are(metric: str) -> None:
    with pytest.raises(SettingsError, match="--primary metric=: expected one of accuracy, ") as error:
        _check(metric)
    assert "macro_auroc" in str(error.value)
    assert "Smith" not in str(error.value)


def test_a_metric_of_one_class_is_one_number_where_there_is_one_class() -> None:
    _check("metric=auroc", outputs="sigmoid", findings=("Edema",))
    with pytest.raises(SettingsError, match=r"expected one of .*macro_recall"):
        _check("metric=recall")
    with pytest.raises(SettingsError, match="expected one of"):
        _check("metric=auroc", outputs="sigmoid")


def test_a_metric_of_single_classes_is_none_of_findings() -> None:
    _check("metric=balanced_accuracy")
    with pytest.raises(SettingsError, match="expected one of") as error:
        _check("metric=balanced_accuracy", outputs="sigmoid")
    assert "balanced_accuracy" not in str(error.value)


@pytest.mark.parametrize(("side", "dataset"), [("internal", "home"), ("external", "away")])
def test_an_unknown_policy_is_refused_with_those_of_the_dataset(side: str, dataset: str) -> None:
    policies = sorted(policy.name for policy in SITES[0].manifest.policies)
    _check(f"{side}={policies[-1]}")
    with pytest.raises(SettingsError) as error:
        _check(f"{side}=Smith")
    assert str(error.value) == (
        f"--primary {side}=: {dataset} has the label policies {', '.join(policies)}; name one of them."
    )


@pytest.mark.parametrize("given", [("accuracy",), ("of=accuracy",), ("metric=accuracy", "metric=macro_f1")])
def test_what_is_declared_has_a_name_and_is_declared_once(given: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match="--primary takes metric="):
        Experiment(primary=given)


def test_without_a_word_it_is_accuracy_or_auroc_under_the_policies_that_are_shown_first(
    tmp_path: Path, softmax_run: Path, sigmoid_run: Path
) -> None:
    alone = write_brought(tmp_path / "results.duckdb", classes=("Edema",), has_internal=False)
    found = []
    for path in (softmax_run, sigmoid_run, alone):
        with open_run(path) as connection:
            found.append(connection.execute(ROWS).fetchall())
    assert found == [
        [("home", "majority", "away", "majority", "single_class", "all", "accuracy")],
        [("home", "as_labelled", "away", "as_labelled", "finding", "all", "macro_auroc")],
        [],
    ]


def test_what_is_declared_is_written(tmp_path: Path) -> None:
    given = ("metric=macro_auroc", "external=majority", "stratum=view=PA")
    with write.new_results(tmp_path / "results.duckdb", classes=CLASSES) as connection:
        append_answers(connection)
        found = primary.declared(connection, Experiment(findings=CLASSES, primary=given))
        primary.append(connection, found)
        assert connection.execute(ROWS).fetchall() == [
            ("home", "majority", "away", "majority", "single_class", "view=PA", "macro_auroc")
        ]
    assert found.policies == {"home": "majority", "away": "majority"}
    assert found.pairs == (("home", "away"),)
