"""A run that cannot be scored again says why."""

import pytest

from cxr_core.errors import SettingsError
from cxr_core.pipeline.parent import read_parent
from cxr_core.pipeline.workspace import RunFolder
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun
from tests.support.results import change

IMAGES = {"internal_test": 12, "external_test": 12, "train": 12}


@pytest.mark.parametrize(
    ("sites", "changes"),
    [((EXTERNAL,), "SELECT 1"), ((INTERNAL, EXTERNAL), "UPDATE dataset SET pipeline_fingerprint = NULL")],
)
def test_a_run_without_source_images_cannot_be_scored_again(sites, changes, tmp_path):
    path = MadeRun(sites=sites, images=IMAGES).write(tmp_path)
    change(path, changes)
    with pytest.raises(
        SettingsError, match="'paper-0001' cannot be scored again: expected a source dataset with images"
    ):
        read_parent(RunFolder(path=path.parent))
