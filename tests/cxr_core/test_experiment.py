import json
from dataclasses import replace

import pytest

from cxr_core.errors import SettingsError
from cxr_core.experiment import DEMO, PAPER, Experiment, from_json
from cxr_core.settings import Network, Recipe, Saliency


def test_the_paper_preset_is_the_papers_recipe():
    assert PAPER.network == Network(architecture="resnet18", weights="imagenet", size_px=224)
    recipe = PAPER.recipe
    assert (recipe.optimizer, recipe.momentum, recipe.learning_rate) == ("sgd", 0.9, 1e-3)
    assert (recipe.batch_size, recipe.epochs, recipe.weight_decay) == (32, 5, 0.0)
    assert (PAPER.members, PAPER.regimes, PAPER.held_out) == (3, ("full", "split"), 0.2)
    assert (PAPER.training_policy, PAPER.cap, PAPER.external_images) == ("dominant", 805, 30_000)
    assert recipe.select == "last"  # chooses nothing, so that the held-out part is a test


@pytest.mark.parametrize("settings", [PAPER, DEMO, replace(PAPER, saliency=Saliency(methods=("layercam",)), folds=3)])
def test_settings_survive_a_way_through_json(settings):
    assert from_json(json.dumps(settings.as_dict())) == settings


def test_a_run_of_old_names_a_setting_that_is_gone():
    old = {**PAPER.as_dict(), "external_single_class": True}

    assert from_json(json.dumps(old)) == PAPER


def test_a_run_of_old_does_not_name_its_classes():
    old = PAPER.as_dict()
    del old["findings"]

    assert from_json(json.dumps(old)) == PAPER
    assert from_json(json.dumps(replace(PAPER, findings=("Edema", "Mass")).as_dict())).findings == ("Edema", "Mass")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"findings": ("Edema",)}, "gives each image one of several classes, found one"),
        ({"findings": ("Edema", "Mass", "Edema")}, "each of them once"),
        ({"findings": tuple(map(str, range(31)))}, "found 31"),
        ({"held_out": 0.0}, "--held-out"),
        ({"folds": 1}, "--folds"),
        ({"cap": 0}, "--cap"),
        ({"members": 0}, "--members"),
        ({"replicates": 10}, "--replicates"),
        ({"regimes": ()}, "--regimes"),
        ({"regimes": ("full", "full")}, "--regimes"),
        ({"regimes": ("full",), "folds": 3}, "--folds"),
        ({"external_images": 0}, "--external-images"),
        ({"network": Network(size_px=8)}, "--size-px"),
        ({"recipe": Recipe(epochs=0)}, "--epochs"),
        ({"recipe": Recipe(batch_size=1)}, "--batch-size"),
        ({"recipe": Recipe(learning_rate=0)}, "--learning-rate"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(changes, said):
    with pytest.raises(SettingsError, match=said):
        Experiment(**changes)
