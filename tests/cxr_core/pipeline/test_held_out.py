"""A split by patient holds something out, or says that it cannot."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxr_core import splits
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import held_out, sites
from cxr_core.pipeline.inclusion import Inclusion
from cxr_core.pipeline.ingest import ingest
from cxr_core.pipeline.plan import draw_plan
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models


def drawn(*sizes, at_hand=None, **settings):
    """The split of patients with so many images each, and what is said of it."""
    experiment = Experiment(**settings)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    parts = splits.draw(
        groups, held_out=experiment.held_out, folds=experiment.folds, choosing=False, seed=experiment.seed
    )
    there = np.ones(groups.size, np.bool_) if at_hand is None else np.array(at_hand)
    held_out.check(parts, at_hand=there, dataset="mine", folds=experiment.folds)
    return held_out.notes(parts, at_hand=there, dataset="mine")


@pytest.mark.parametrize("settings", [{}, {"held_out": 0.4}, {"folds": 2}])
def test_one_patient_cannot_be_split(settings):
    with pytest.raises(SettingsError, match=r"(one patient|has 1 at hand)"):
        drawn(12, **settings)


def test_a_patient_with_nearly_all_images_cannot_be_split():
    with pytest.raises(SettingsError, match="of 2 patients, the largest with 58 images"):
        drawn(1, 58, held_out=0.005)


def test_more_folds_than_patients_are_an_error_and_as_many_are_none():
    with pytest.raises(SettingsError, match=r"--folds 40 needs as many patients.*mine has 39 at hand"):
        drawn(*[3] * 39, folds=40)
    assert drawn(*[3] * 40, folds=40) == ()


def test_a_fold_that_would_be_empty_is_an_error():
    with pytest.raises(SettingsError, match=r"hold nothing out by \d of 5 folds"):
        drawn(100, 1, 1, 1, 1, folds=5)


def test_only_images_at_hand_count():
    with pytest.raises(SettingsError, match=r"--folds 3 .*has 2 at hand"):
        drawn(2, 2, 2, at_hand=[True] * 4 + [False] * 2, folds=3)


def test_a_part_that_is_far_from_what_was_asked_for_is_said():
    (said,) = drawn(30, 1, 1, 1, 1, 1, 1, held_out=0.4)
    assert said.startswith("mine: held-out images: ")
    assert "instead of about 14. Its 36 images at hand are of 7 patients, the largest with 30 images" in said


def test_a_part_of_usual_patients_is_not_said():
    assert drawn(*np.random.default_rng(0).integers(1, 4, 60)) == ()


@pytest.fixture
def of_one_patient(tmp_path, workspace, hospitals):
    """A table of one's own whose images are all of one patient."""
    site = shutil.copytree(hospitals[1], tmp_path / "site")
    table = pd.read_csv(hospitals[1] / "train.csv")
    six = ["No Finding", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Pleural Effusion", "Consolidation"]
    mine = table[six].rename(columns={"Lung Lesion": "Nodule/Mass"})
    mine.insert(0, "image", table["Path"].str.replace("CheXpert-v1.0-small/", "", regex=False))
    mine.insert(1, "patient", "SMITH")
    mine.to_csv(site / "mine.csv", index=False)
    return sites.read(f"table:{site / 'mine.csv'}", classes=FINDINGS, default=None, workspace=workspace)


def test_a_table_of_one_patient_is_refused_before_training(of_one_patient, tmp_path, workspace, hospitals, tiny):
    external = sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    models = trained_models(replace(tiny, preset="alone"), source=of_one_patient, external=external)

    with pytest.raises(SettingsError, match="mine: the regime 'split' would hold nothing out") as met:
        carry_out(models, workspace=workspace)

    assert "SMITH" not in str(met.value)
    assert not list(tmp_path.rglob("*.safetensors"))


def test_without_the_regime_nothing_is_held_out_and_nothing_said(of_one_patient, context, tiny):
    planned = sites.planned(of_one_patient, site="source")
    everything = Inclusion(views="all", external_images="all", seed=0)
    (dataset,) = ingest(planned, inclusion=everything, size_px=32, context=context)

    assert draw_plan(dataset, experiment=replace(tiny, regimes=("full",))).notes == ()
