"""A run in folds that really ran, on every page: means over folds, and the pooled model's answer an image."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import sites
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.parent import read_parent
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.summary import summary
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.settings import Network, Recipe
from dashboard.app import PAGES
from tests.support.hospitals import write_chexpert, write_vinbigdata
from tests.support.pages import Opened, assert_is_whole, said
from tests.support.shared import built_once

ENSEMBLES = ("split", "split-f0", "split-f1", "split-f2", "split-pooled")
SETTINGS = Experiment(
    folds=3,
    members=2,
    replicates=100,
    regimes=("split",),
    network=Network(architecture="small", weights="none", size_px=32),
    recipe=Recipe(epochs=2, batch_size=8, learning_rate=0.01),
)


def build(root: Path) -> None:
    """Three folds of two networks, then the networks once more on the other site."""
    workspace = Workspace(results=root / "results", cache=root / "cache", device="cpu", workers=1)
    write_vinbigdata(root / "vinbigdata")
    write_chexpert(root / "chexpert")
    internal = sites.read(str(root / "vinbigdata"), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    external = sites.read(str(root / "chexpert"), classes=FINDINGS, default="chexpert", workspace=workspace)
    trained = trained_models(SETTINGS, source=internal, external=external)
    folds = carry_out(trained, workspace=replace(workspace, name="folds"))
    inherited = inherited_models(folds, external=external, external_images="all")
    carry_out(inherited, workspace=replace(workspace, name="again"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(tmp_path_factory, "folds", build) / "results"


@pytest.fixture(scope="module")
def folds(runs: Path) -> RunFolder:
    return RunFolder(path=runs / "folds")


@pytest.fixture(scope="module")
def again(runs: Path) -> RunFolder:
    return RunFolder(path=runs / "again")


def asked(folder: RunFolder, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder.results), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_each_fold_is_a_model_and_all_together_are_one(folds: RunFolder) -> None:
    models = asked(folds, "SELECT model_id, regime, fold, parameters FROM model WHERE member IS NULL ORDER BY model_id")
    ((size,),) = asked(folds, "SELECT DISTINCT parameters FROM model WHERE member IS NOT NULL")
    assert isinstance(size, int)

    assert models == [
        ("split", "split", None, 6 * size),
        ("split-f0", "split", 0, 2 * size),
        ("split-f1", "split", 1, 2 * size),
        ("split-f2", "split", 2, 2 * size),
        ("split-pooled", "split", None, 6 * size),
    ]


def test_internally_each_image_is_answered_by_its_fold_and_externally_by_all(folds: RunFolder) -> None:
    counts = asked(
        folds,
        """
        SELECT model_id, dataset, role, count(*) FROM prediction JOIN model USING (model_id)
        WHERE member IS NULL AND role LIKE '%_test' GROUP BY ALL ORDER BY ALL
        """,
    )
    folds_internal = [row[3] for row in counts if str(row[0]).startswith("split-f") and row[1] == "vinbigdata"]
    assert sum(count for count in folds_internal if isinstance(count, int)) == 72
    assert [row for row in counts if not str(row[0]).startswith("split-f")] == [
        ("split", "vinbigdata", "internal_test", 72),
        ("split-pooled", "chexpert_train", "external_test", 60),
    ]
    assert [row[3] for row in counts if row[1] == "chexpert_train"] == [60] * 4
    means = """
        SELECT count(*) FROM prediction AS one JOIN (
            SELECT {of} AS model_id, dataset, image_id, list(probability) AS members
            FROM prediction JOIN model USING (model_id) WHERE member IS NOT NULL
                AND dataset = 'chexpert_train' GROUP BY ALL
        ) USING (model_id, dataset, image_id)
        WHERE abs(one.probability[1] - list_avg(list_transform(members, lambda p: p[1]))) < 1e-6
            AND len(members) = {networks}
    """
    assert asked(folds, means.format(of="'split-f' || fold", networks=2)) == [(180,)]
    assert asked(folds, means.format(of="'split-pooled'", networks=6)) == [(60,)]


def test_only_one_answer_an_image_has_saliency(folds: RunFolder) -> None:
    mapped = asked(
        folds,
        """
        SELECT DISTINCT model_id, dataset FROM saliency JOIN model USING (model_id) WHERE member IS NULL ORDER BY ALL
        """,
    )
    assert mapped == [("split", "vinbigdata"), ("split-pooled", "chexpert_train")]
    assert {row[0] for row in asked(folds, "SELECT DISTINCT model_id FROM mean_map")} == {"split", "split-pooled"}


@pytest.mark.parametrize("which", ["folds", "again"])
def test_numbers_are_means_over_folds(which: str, request: pytest.FixtureRequest) -> None:
    folder: RunFolder = request.getfixturevalue(which)
    means = """
        SELECT role, task, max(abs(own.value - mean)), count(*) FROM metric AS own JOIN (
            SELECT dataset, role, policy, task, stratum, finding, metric, avg(value) AS mean, count(value) AS folds
            FROM metric WHERE model_id LIKE 'split-f_' GROUP BY ALL
        ) AS each USING (dataset, role, policy, task, stratum, metric)
        WHERE model_id = 'split' AND each.finding IS NOT DISTINCT FROM own.finding AND folds = 3 AND stratum = 'all'
            AND metric IN ('accuracy', 'recall', 'precision', 'auroc') GROUP BY ALL ORDER BY ALL
    """
    for _, _, difference, rows in asked(folder, means):
        assert isinstance(difference, float)
        assert isinstance(rows, int)
        assert difference < 1e-9
        assert rows > 0
    assert asked(folder, "SELECT DISTINCT model_id FROM gap") == [("split",)]
    gaps = """
        SELECT count(*) FROM gap
            JOIN metric AS internal ON internal.model_id = gap.model_id AND internal.role = 'internal_test'
            AND internal.dataset = internal_dataset AND internal.policy = internal_policy
            JOIN metric AS external ON external.model_id = gap.model_id AND external.role = 'external_test'
            AND external.dataset = external_dataset AND external.policy = external_policy
        WHERE internal.metric = 'accuracy' AND external.metric = 'accuracy' AND gap.metric = 'accuracy'
            AND internal.stratum = 'all' AND external.stratum = 'all' AND gap.stratum = 'all'
            AND abs(gap.value - (internal.value - external.value)) > 1e-9
    """
    assert asked(folder, gaps) == [(0,)]


def test_scored_again_a_run_in_folds_gives_the_same_numbers(folds: RunFolder, again: RunFolder) -> None:
    rows = "SELECT * FROM metric ORDER BY ALL"
    assert asked(again, rows) == asked(folds, rows)
    assert asked(again, "SELECT * FROM gap ORDER BY ALL") == asked(folds, "SELECT * FROM gap ORDER BY ALL")


def test_the_terminal_names_the_mean_alone(folds: RunFolder) -> None:
    lines = [line for line in summary(folds.results).splitlines() if "split, ensemble" in line]

    # training images, internal test, external test, gap
    assert [line.split(", ", 1)[1].split(" n =")[0].split()[0] for line in lines] == ["ensemble"] * 4


@pytest.fixture
def on(folds: RunFolder, results: Path, open_page: Opened) -> Opened:
    assert open_page is not None
    (results / "folds").symlink_to(folds.path)
    return open_page


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole(page: str, on: Opened) -> None:
    assert_is_whole(on(page=page))


@pytest.mark.parametrize("part", ["configurations", "classes", "curves", "calibration", "confidence", "subgroups"])
def test_every_part_of_performance_is_whole(part: str, on: Opened) -> None:
    app = on(page="performance", part=part)
    assert_is_whole(app)
    assert ("answered here by" in said(app)) is (part in ("curves", "calibration", "confidence"))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_images_says_who_answers(page: str, on: Opened) -> None:
    by_image = page in ("confusion", "cases", "image", "saliency")
    text = said(on(page=page))

    assert ("split-pooled, a model of its own" in text.replace("*", "")) is by_image


def test_pages_about_images_hold_those_of_the_external_test(folds: RunFolder, on: Opened) -> None:
    ((single,),) = asked(
        folds,
        """
        SELECT count(*) FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split-pooled' AND policy = 'u_ignore' AND class IS NOT NULL
        """,
    )

    assert single == 48
    assert "of 48 external images" in said(on(page="cases")).replace("*", "")
    assert "External test: 48 images of" in said(on(page="overview"))
    image = on(page="image", of="chexpert_train", img="train/patient00001/study1/view1_frontal")
    assert "six members" in said(image)
    assert "External test" in said(on(page="labels")) or "external test" in said(on(page="labels"))


def test_the_overview_has_one_row_for_the_mean_and_one_for_single_networks(on: Opened) -> None:
    text = said(on(page="overview"))

    assert "split, ensemble" in text
    assert "split, single (mean of 6)" in text
    assert not [name for name in ENSEMBLES[1:] if name in text]


def test_a_run_without_the_ensembles_of_its_folds_is_refused(folds: RunFolder, tmp_path: Path) -> None:
    old = RunFolder(path=Path(shutil.copytree(folds.path, tmp_path / "old")))
    (old.path / "run.json").unlink()  # a release that had no such ensembles noted no hashes either
    with duckdb.connect(str(old.results)) as connection:
        connection.execute("DELETE FROM model WHERE member IS NULL AND fold IS NOT NULL")

    with pytest.raises(SettingsError, match="ensembles of unlike size"):
        read_parent(old)
