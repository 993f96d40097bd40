"""Findings that the training images do not show both ways, and a run of one finding."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxr_core.errors import SettingsError
from cxr_core.pipeline import sites
from cxr_core.pipeline.inclusion import Inclusion
from cxr_core.pipeline.ingest import ingest
from cxr_core.pipeline.plan import draw_plan
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import Workspace
from cxr_core.store.open import open_run

FEW = ("Cardiomegaly", "Edema", "Fracture")
"""In a table of one's own: of some images, of none, and not labelled."""

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def table(tmp_path, hospitals):
    """A table with the images of the second hospital, each a patient of its own."""

    def write(name, **columns):
        site = shutil.copytree(hospitals[1], tmp_path / name)
        paths = pd.read_csv(hospitals[1] / "train.csv")["Path"].str.replace("CheXpert-v1.0-small/", "", regex=False)
        known = {finding.replace("_", " "): np.resize(values, len(paths)) for finding, values in columns.items()}
        pd.DataFrame({"image": paths, "patient": np.arange(len(paths)), **known}).to_csv(
            site / f"{name}.csv", index=False
        )
        return f"table:{site / f'{name}.csv'}"

    return write


def read(spec, workspace, *, classes=FEW):
    return sites.read(str(spec), classes=classes, default="vinbigdata", workspace=workspace)


def planned(spec, tiny, context, **settings):
    source = sites.planned(read(spec, context.workspace), site="source")
    (dataset,) = ingest(
        source, inclusion=Inclusion(views="all", external_images="all", seed=0), size_px=32, context=context
    )
    return draw_plan(dataset, experiment=replace(tiny, findings=FEW, outputs="sigmoid", **settings))


def test_a_finding_of_no_training_image_or_of_unknown_presence_is_not_trained(table, tiny, context):
    plan = planned(table("mine", Cardiomegaly=[1, 0, 0], Edema=[0], Fracture=[""]), tiny, context)
    assert plan.not_trained == (1, 2)
    assert np.unique(plan.labels[:, 0]).tolist() == [0, 1]
    assert np.unique(plan.labels[:, 1:]).tolist() == [-1]
    (said,) = plan.notes
    assert said == (
        "mine: Not trained: Edema, Fracture. Under the policy 'u_ignore' the training images do not show both "
        "presence and absence, so that no network gives a score."
    )


def test_a_finding_of_which_a_fold_has_no_training_image_is_not_trained(table, tiny, context):
    alone = [1, *[0] * 60]
    plan = planned(table("mine", Cardiomegaly=[1, 0, 0], Edema=alone, Fracture=[0, 1]), tiny, context, folds=2)
    assert plan.not_trained == (1,)


def test_nothing_to_train_is_an_error_that_names_the_findings(table, tiny, context):
    with pytest.raises(
        SettingsError, match=r"mine: there is nothing to train: .* of none of Cardiomegaly, Edema, Fracture. Choose"
    ):
        planned(table("mine", Cardiomegaly=[0], Edema=[1], Fracture=[""]), tiny, context)


def test_one_finding_that_is_unknown_externally_has_numbers_internally_alone(table, tiny, hospitals, tmp_path):
    workspace = Workspace(results=tmp_path / "results", cache=tmp_path / "cache", device="cpu", workers=1)
    one = replace(
        tiny,
        findings=("Cardiomegaly",),
        outputs="sigmoid",
        members=1,
        regimes=("split",),
        recipe=replace(tiny.recipe, class_weights="balanced", epochs=1),
    )
    unknown = table("unknown", Cardiomegaly=[""])
    source = read(hospitals[0], workspace, classes=one.findings)
    external = read(unknown, workspace, classes=one.findings)
    first = carry_out(trained_models(one, source=source, external=external), workspace=workspace)
    with open_run(first.results) as connection:
        values = connection.execute("SELECT role, count(value) > 0 FROM metric GROUP BY role").fetchall()
        assert sorted(values) == [("external_test", False), ("internal_test", True), ("train", True)]
