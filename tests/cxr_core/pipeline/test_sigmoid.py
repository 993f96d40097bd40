"""A run whose classes do not exclude each other: any number of findings an image."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import recall_score, roc_auc_score

from cxr_core.datasets.matching import check_known
from cxr_core.errors import SettingsError
from cxr_core.pipeline import sites
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import Workspace
from cxr_core.store.open import open_run

CLASSES = ("Edema", "Pleural Effusion", "Cardiomegaly")


def read(hospitals, workspace, *, classes=CLASSES):
    source = sites.read(str(hospitals[0]), classes=classes, default="vinbigdata", workspace=workspace)
    return source, sites.read(str(hospitals[1]), classes=classes, default="chexpert", workspace=workspace)


@pytest.fixture(scope="module")
def finished(tiny, hospitals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sigmoid")
    workspace = Workspace(results=folder / "results", cache=folder / "cache", device="cpu", workers=1)
    source, external = read(hospitals, workspace)
    settings = replace(tiny, findings=("oedema", *CLASSES[1:]), outputs="sigmoid", members=1, regimes=("split",))
    return carry_out(trained_models(settings, source=source, external=external), workspace=workspace)


@pytest.fixture(scope="module")
def run(finished):
    with open_run(finished.results) as connection:
        yield connection


def test_scores_are_of_each_finding_alone_and_no_class_is_predicted(run):
    rows = run.execute("SELECT predicted, probability FROM prediction WHERE model_id = 'split'").fetchall()
    scores = np.array([probability for _, probability in rows])
    assert {predicted for predicted, _ in rows} == {None}
    assert np.abs(scores[:, 1:].sum(axis=1) - 1).max() > 0.05
    assert run.execute("SELECT DISTINCT outputs FROM model").fetchall() == [("sigmoid",)]
    assert run.execute("SELECT DISTINCT task FROM metric").fetchall() == [("finding",)]


def test_every_image_with_a_known_presence_is_trained_on(run):
    trained = run.execute("SELECT count(*) FROM prediction WHERE model_id = 'split-0' AND role = 'train'").fetchone()[0]
    single = run.execute(
        "SELECT count(*) FROM prediction JOIN reference USING (dataset, image_id) JOIN dataset USING (dataset) "
        "WHERE model_id = 'split-0' AND role = 'train' AND policy = training_policy AND class IS NOT NULL"
    ).fetchone()[0]
    assert trained > single > 0


def test_a_finding_that_the_source_does_not_label_is_unknown_there_and_has_no_gap(run):
    present = run.execute("SELECT DISTINCT isnan(present[1]) FROM reference WHERE dataset = 'vinbigdata'").fetchall()
    assert present == [(True,)]
    values = run.execute(
        "SELECT count(value) FROM metric WHERE finding = 'Edema' AND dataset = 'vinbigdata'"
    ).fetchone()
    gaps = run.execute("SELECT count(value) FROM gap WHERE finding = 'Edema'").fetchone()
    assert (values, gaps) == ((0,), (0,))
    notes = " ".join(run.execute("SELECT notes FROM run").fetchone()[0])
    assert "vinbigdata: Not labelled here: Edema. There it is unknown, never absent" in notes


def test_numbers_are_those_of_scikit_learn(run):
    rows = run.execute(
        "SELECT present[2] AS present, probability[2] AS score FROM prediction "
        "JOIN reference USING (dataset, image_id) WHERE model_id = 'split' AND role = 'external_test' "
        "AND policy = 'u_ignore' AND NOT isnan(present[2])"
    ).df()
    stored = dict(
        run.execute(
            "SELECT metric, value FROM metric WHERE model_id = 'split' AND role = 'external_test' AND stratum = 'all' "
            "AND policy = 'u_ignore' AND finding = 'Pleural Effusion' "
            "AND coalesce(operating_point, 'stated') = 'stated'"
        ).fetchall()
    )
    assert stored["auroc"] == pytest.approx(roc_auc_score(rows["present"], rows["score"]))
    assert stored["recall"] == pytest.approx(recall_score(rows["present"], rows["score"] >= 0.5))
    stated = "SELECT DISTINCT value FROM threshold WHERE operating_point = 'stated'"
    assert run.execute(stated).fetchall() == [(0.5,)]


def test_maps_are_averaged_by_presence_and_threshold(run):
    n = run.execute(
        "SELECT outcome, n FROM mean_map WHERE finding = 'Pleural Effusion' AND role = 'external_test' "
        "AND policy = 'u_zeros' AND model_id = 'split'"
    ).fetchall()
    counted = run.execute(
        "SELECT CASE WHEN present[2] = 0 THEN 'false_alarm' WHEN probability[2] >= 0.5 THEN 'recognized' "
        "ELSE 'missed' END AS outcome, count(*) FROM prediction JOIN reference USING (dataset, image_id) "
        "WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_zeros' "
        "AND (present[2] = 1 OR probability[2] >= 0.5) GROUP BY outcome"
    ).fetchall()
    assert sorted(n) == sorted(counted)


def test_a_finding_that_is_not_trained_has_no_score_no_map_and_no_metric_and_is_said(run):
    rows = run.execute(
        "SELECT probability, scale, maps FROM prediction JOIN saliency USING (model_id, dataset, image_id)"
    ).fetchall()
    assert np.isnan([probability[0] for probability, _, _ in rows]).all()
    assert np.isfinite([probability[1:] for probability, _, _ in rows]).all()
    assert {scale[0] for _, scale, _ in rows} == {0}
    assert {max(maps[: len(maps) // 3]) for _, _, maps in rows} == {0}
    assert run.execute("SELECT count(value) FROM metric WHERE finding = 'Edema'").fetchone() == (0,)
    assert run.execute("SELECT count(*) FROM mean_map WHERE finding = 'Edema'").fetchone() == (0,)
    (notes,) = run.execute("SELECT notes FROM run").fetchone()
    assert sum("vinbigdata: Not trained: Edema. Under the policy 'majority'" in note for note in notes) == 1


def test_members_on_another_site_say_the_same_and_nothing_of_what_they_were_not_trained_on(
    finished, hospitals, workspace, tmp_path
):
    site = shutil.copytree(hospitals[1], tmp_path / "third")
    table = pd.read_csv(hospitals[1] / "train.csv")
    table["Path"] = table["Path"].str.replace("CheXpert-v1.0-small/", "", regex=False)
    mine = table[["Path", "Cardiomegaly"]].rename(columns={"Path": "image"}).fillna(0).assign(Edema=[0, 1] * 30 + [1])
    mine.to_csv(site / "third.csv", index=False)
    third = sites.read(f"table:{site / 'third.csv'}", classes=CLASSES, default=None, workspace=workspace)
    second = carry_out(inherited_models(finished, external=third, external_images="all"), workspace=workspace)
    with open_run(second.results) as connection, open_run(finished.results) as before:
        scores, present = connection.execute(
            "SELECT list(probability), list(present) FROM prediction JOIN reference USING (dataset, image_id) "
            "WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_ignore'"
        ).fetchone()
        scores, present = np.array(scores), np.array(present)
        stored = dict(
            connection.execute(
                "SELECT finding, value FROM metric WHERE model_id = 'split' AND dataset = 'third' AND stratum = 'all' "
                "AND metric = 'auroc' AND policy = 'u_ignore'"
            ).fetchall()
        )
        gaps = "SELECT DISTINCT finding FROM gap WHERE model_id = 'split' AND metric = 'auroc' AND value IS NOT NULL"
        internal = "FROM metric WHERE role = 'internal_test' AND operating_point = 'stated' ORDER BY ALL"
        assert connection.execute(gaps).fetchall() == [("Cardiomegaly",)]
        assert connection.execute(internal).fetchall() == before.execute(internal).fetchall()
    assert np.isnan(scores[:, 0]).all()
    assert stored["Edema"] is None
    assert stored["Cardiomegaly"] == pytest.approx(roc_auc_score(present[:, 2], scores[:, 2]))


def test_a_finding_that_no_site_labels_is_an_error_that_lists_what_they_do(hospitals, workspace):
    classes = ("Kerley lines", "Cardiomegaly")
    source, external = read(hospitals, workspace, classes=classes)
    with pytest.raises(
        SettingsError, match=r"--findings 'Kerley lines': no dataset .* chexpert_train labels No Finding"
    ):
        check_known([*source, *external], classes=classes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"findings": ("Edema",)}, "--outputs softmax gives each image one of several classes, found one"),
        ({"findings": ("Edema", "oedema")}, "each of them once under one of its names, found 2, more than once Edema"),
        ({"outputs": "sigmoid", "cap": 5}, "--cap keeps so many images of each single class"),
    ],
)
def test_settings_that_do_not_fit_together_are_said(tiny, changes, said):
    with pytest.raises(SettingsError, match=said):
        replace(tiny, **changes)
