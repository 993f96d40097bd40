"""A run of other classes than the six: two that are one at a site, none that says that there is nothing."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from cxr_core.datasets.chexpert import policies as chexpert
from cxr_core.datasets.vinbigdata import policies as vinbigdata
from cxr_core.errors import SettingsError
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import sites
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import Workspace
from cxr_core.store.open import open_run

FOUR: Mapping[str, tuple[str, ...]] = {
    "Cardiomegaly": ("Cardiomegaly",),
    "Any Shadow": ("Lung Opacity", "Nodule/Mass", "Lung Lesion"),
    "Pleural Effusion": ("Pleural effusion", "Pleural Effusion"),
    "Consolidation": ("Consolidation",),
}
TWO: Mapping[str, tuple[str, ...]] = {
    "Something": ("Cardiomegaly", "Lung Opacity", "Nodule/Mass", "Lung Lesion", "Pleural effusion", "Pleural Effusion"),
    "No Finding": ("No finding", "No Finding"),
}


def read_for(meanings, hospitals, workspace):
    """Both hospitals, each of whose names means one of these classes or none."""
    read = [
        (
            vinbigdata.policies,
            sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace),
        ),
        (chexpert.policies, sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)),
    ]
    classes = tuple(meanings)
    return [
        tuple(
            replace(
                manifest,
                classes=classes,
                policies=policies(classes),
                names=tuple(
                    replace(match, class_index=index)
                    for index, names in enumerate(meanings.values())
                    for match in manifest.names
                    if match.finding in names
                ),
            )
            for manifest in manifests
        )
        for policies, manifests in read
    ]


@pytest.fixture(scope="module", params=[TWO, FOUR], ids=["two", "four"])
def finished(request, hospitals, cache, tiny, tmp_path_factory):
    workspace = Workspace(results=tmp_path_factory.mktemp("results"), cache=cache, device="cpu", workers=1)
    source, external = read_for(request.param, hospitals, workspace)
    settings = replace(tiny, findings=tuple(request.param), members=1, regimes=("split",))
    return request.param, carry_out(trained_models(settings, source=source, external=external), workspace=workspace)


def asked(folder, sql):
    with open_run(folder.results) as connection:
        return connection.execute(sql).fetchall()


def test_the_run_tells_its_classes_and_every_list_is_as_long(finished):
    meanings, folder = finished
    assert [name for (name,) in asked(folder, "SELECT name FROM finding ORDER BY index")] == list(meanings)
    k = len(meanings)
    assert asked(folder, "SELECT DISTINCT len(probability) FROM prediction") == [(k,)]
    assert asked(folder, "SELECT DISTINCT len(present) FROM reference") == [(k,)]
    assert asked(folder, "SELECT DISTINCT octet_length(maps) // (height * width) FROM saliency") == [(k,)]
    assert {index for (index,) in asked(folder, "SELECT DISTINCT predicted FROM prediction")} <= set(range(k))


def test_a_class_is_what_any_of_its_names_says(finished):
    _, folder = finished
    marked = asked(
        folder,
        """
        SELECT image_id, class FROM raw_label JOIN name_match USING (dataset, finding)
        WHERE dataset = 'chexpert_train' AND value = 1
        """,
    )
    found = asked(folder, "SELECT image_id, present FROM reference WHERE policy = 'u_zeros'")
    for image, present in found:
        own = {index for name, index in marked if name == image}
        assert [index for index, value in enumerate(present) if value == 1] == sorted(own)


def test_numbers_are_of_these_classes(finished):
    meanings, folder = finished
    rows = asked(folder, "SELECT DISTINCT metric FROM metric WHERE metric LIKE 'predicted_as_%' ORDER BY ALL")
    expected = sorted(f"predicted_as_{name.lower().replace(' ', '_')}" for name in meanings)
    assert [name for (name,) in rows] == expected
    answers = asked(
        folder,
        """
        SELECT class = predicted FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_zeros' AND class IS NOT NULL
        """,
    )
    ((accuracy,),) = asked(
        folder,
        """
        SELECT value FROM metric WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_zeros'
            AND task = 'single_class' AND metric = 'accuracy' AND stratum = 'all'
        """,
    )
    assert accuracy == pytest.approx(np.mean(answers))
    of_macro = asked(folder, "SELECT DISTINCT unnest(classes) FROM gap")
    assert {name for (name,) in of_macro} <= set(meanings)
    assert {name for (name,) in asked(folder, "SELECT DISTINCT finding FROM gap WHERE finding IS NOT NULL")} == set(
        meanings
    )


def test_a_mean_map_is_of_a_finding(finished):
    meanings, folder = finished
    found = {name for (name,) in asked(folder, "SELECT DISTINCT finding FROM mean_map")}
    assert found <= set(meanings) - {"No Finding"}
    assert found


def test_sites_that_were_read_for_other_classes_are_refused(hospitals, workspace, tiny):
    source, external = read_for(FOUR, hospitals, workspace)
    with pytest.raises(SettingsError, match="vinbigdata was read for other classes than the run's, No Finding"):
        carry_out(trained_models(tiny, source=source, external=external), workspace=workspace)
