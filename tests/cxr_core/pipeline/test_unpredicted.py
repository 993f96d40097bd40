"""An old run left held-out images beyond its cap unanswered: scored again, it has no internal task `finding`."""

from dataclasses import replace

import duckdb
import pytest

from cxr_core.findings import FINDINGS
from cxr_core.pipeline import sites
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.parent import read_parent
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import Workspace
from cxr_core.store.open import open_run


@pytest.fixture(scope="module")
def answered(hospitals, cache, tiny, tmp_path_factory):
    """A run of this release under a cap, and the place where it lies."""
    workspace = Workspace(results=tmp_path_factory.mktemp("results"), cache=cache, device="cpu", workers=1)
    source = sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    external = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    settings = replace(tiny, cap=5, members=1, regimes=("split",))
    return carry_out(
        trained_models(settings, source=source, external=external), workspace=replace(workspace, name="new")
    ), workspace


def test_a_run_of_this_release_answers_every_held_out_image(answered):
    parent = read_parent(answered[0])

    assert parent.thinned == frozenset()
    assert not any("unanswered" in note for note in parent.notes)


def test_what_an_old_run_did_not_answer_enters_no_finding(answered, hospitals):
    folder, workspace = answered
    with duckdb.connect(str(folder.results)) as connection:
        capped = "DELETE FROM prediction WHERE (dataset, image_id) IN (SELECT (dataset, image_id) FROM image WHERE {})"
        gone = connection.execute(capped.format("left_out = 'cap'") + " AND model_id = 'split'").fetchone()[0]
    (folder.path / "run.json").unlink()  # an old release noted no hashes
    external = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)

    again = carry_out(
        inherited_models(folder, external=external, external_images="all"), workspace=replace(workspace, name="again")
    )

    with open_run(again.results) as connection:
        tasks = connection.execute("SELECT DISTINCT role, task FROM metric ORDER BY ALL").fetchall()
        gaps = connection.execute("SELECT DISTINCT task FROM gap").fetchall()
        notes = connection.execute("SELECT notes FROM run").fetchone()[0]
    assert ("internal_test", "single_class") in tasks
    assert ("internal_test", "finding") not in tasks
    assert ("external_test", "finding") in tasks
    assert gaps == [("single_class",)]
    assert [note for note in notes if f"left {gone} held-out images beyond its cap unanswered" in note]
    assert read_parent(again).thinned == {"vinbigdata"}
