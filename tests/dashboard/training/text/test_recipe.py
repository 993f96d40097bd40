import json
from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest

from cxr_core.experiment import DEMO, PAPER, Experiment
from cxr_core.settings import Network, Recipe
from dashboard.training.data.recipe import Settings, settings
from dashboard.training.text.recipe import recipe_lines


class Asked(Mapping[str, object]):
    """Settings that remember which of them were asked for."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values_, self.names = values, set[str]()

    def __getitem__(self, name: str) -> object:
        self.names.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def _written(experiment: Experiment) -> Settings:
    return settings(json.dumps({"experiment": experiment.as_dict()}))


@pytest.mark.parametrize("experiment", [DEMO, PAPER, Experiment(folds=5)], ids=["demo", "paper", "folds"])
def test_the_words_know_each_setting_by_the_name_that_an_experiment_gives_it(experiment: Experiment) -> None:
    asked = Asked(_written(experiment).values)
    recipe_lines(Settings(asked))
    assert asked.names <= {field.name for part in (Experiment, Network, Recipe) for field in fields(part)}


@pytest.mark.parametrize("experiment", [DEMO, PAPER, Experiment(folds=5)], ids=["demo", "paper", "folds"])
def test_all_that_is_told_of_an_experiment_of_today_is_recorded(experiment: Experiment) -> None:
    assert not [line for line in recipe_lines(_written(experiment)) if "not recorded" in line]


@pytest.mark.parametrize(
    "config", ["", "[]", "{", '{"experiment": 3}', '{"experiment": {"network": [], "recipe": "x"}}']
)
def test_what_is_no_settings_is_not_recorded(config: str) -> None:
    assert dict(recipe_lines(settings(config)))["Network"] == "not recorded"


def test_a_value_of_another_kind_is_not_recorded() -> None:
    values = {"members": "three", "architecture": 18, "learning_rate": None, "regimes": "split", "select": ["last"]}
    told = dict(recipe_lines(Settings(values)))
    assert {told[about] for about in ("Network", "Members", "Learning rate", "Weights kept")} == {"not recorded"}
