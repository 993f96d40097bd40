import sys
from dataclasses import replace

import numpy as np
import pytest

from cxr_core.errors import DataError, SettingsError, StoreError
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import members, sites
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import Workspace, locked
from cxr_core.progress import journal
from cxr_core.progress.report import is_worked_on, read
from cxr_core.settings import Saliency
from cxr_core.store.open import open_run


def run(settings, hospitals, workspace, **changes):
    source = sites.read(str(hospitals[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    external = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    return carry_out(
        trained_models(replace(settings, **changes), source=source, external=external), workspace=workspace
    )


def asked(folder, sql, *values):
    with open_run(folder.results) as connection:
        return connection.execute(sql, list(values)).fetchall()


@pytest.fixture(scope="module")
def finished(hospitals, cache, tiny, tmp_path_factory):
    workspace = Workspace(results=tmp_path_factory.mktemp("results"), cache=cache, device="cpu", workers=2)
    return run(tiny, hospitals, workspace)


def test_a_run_holds_both_sites_all_members_and_two_ensembles(finished):
    assert asked(finished, "SELECT dataset, site, training_policy FROM dataset ORDER BY site DESC") == [
        ("vinbigdata", "source", "majority"),
        ("chexpert_train", "external", None),
    ]
    assert asked(finished, "SELECT model_id FROM model ORDER BY ALL") == [
        ("full",), ("full+local",), ("full-0",), ("full-1",),
        ("split",), ("split+local",), ("split-0",), ("split-1",),
    ]  # fmt: skip
    assert asked(finished, "SELECT count(*) FROM rejected") == [(0,)]
    assert asked(finished, "SELECT model_id, count(*) FROM epoch GROUP BY ALL ORDER BY ALL") == [
        (name, 2) for name in ("full-0", "full-1", "split-0", "split-1")
    ]


def test_a_run_tells_how_far_it_is_and_takes_the_report_away_when_it_is_sealed(
    tiny, hospitals, workspace, tmp_path, monkeypatch
):
    fresh = replace(workspace, cache=tmp_path / "cache")
    told = []

    def listen(say):
        # What is written is looked at now and then, so that the last word on a stage may be missed there.
        def listened(self, *words, **named):
            say(self, *words, **named)
            told.append(self.report)

        return listened

    for said in (journal.Journal.begin, journal.Journal.reach, journal.Journal.tell):
        monkeypatch.setattr(journal.Journal, said.__name__, listen(said))

    folder = run(tiny, hospitals, fresh)

    stages = [report.stage for report in told if report.stage]
    assert list(dict.fromkeys(stage.name for stage in stages)) == list(told[0].stages)
    assert list(dict.fromkeys(stage.dataset for stage in stages if stage.name == "decode")) == [
        "vinbigdata", "chexpert_train",
    ]  # fmt: skip
    last = {(stage.name, stage.dataset): (stage.done, stage.total) for stage in stages}
    assert last["decode", "vinbigdata"] == (72, 72)
    assert last["train", None] == (8, 8)
    assert last["predict", "chexpert_train"] == (240, 240)
    assert last["write", None] == (2, 2)
    assert last["evaluate", None][0] == last["evaluate", None][1] > 0
    assert {
        (member.model_id, epoch.epoch, epoch.train_loss, epoch.held_out_loss)
        for member in told[-1].members
        for epoch in member.epochs
    } == set(asked(folder, "SELECT model_id, epoch, train_loss, held_out_loss FROM epoch"))
    assert all(member.is_done for member in told[-1].members)
    assert not folder.work.exists()


def test_an_error_that_ends_a_run_stays_in_its_report(tiny, hospitals, workspace):
    with pytest.raises(DataError) as met:
        run(tiny, hospitals, workspace, training_policy="explicit", preset="wrong")

    (folder,) = workspace.results.iterdir()
    assert read(folder).problem == str(met.value)
    assert not is_worked_on(folder)


def test_every_prediction_has_its_role(finished):
    rows = asked(
        finished,
        "SELECT regime, dataset, role, count(*) FROM prediction JOIN model USING (model_id) GROUP BY ALL ORDER BY ALL",
    )

    # 72 images of the source, of which a fifth is held out; 60 external frontals; two members and an ensemble a regime
    assert rows == [
        ("full", "chexpert_train", "external_test", 180),
        ("full", "vinbigdata", "train", 216),
        ("split", "chexpert_train", "external_test", 180),
        ("split", "vinbigdata", "internal_test", 42),
        ("split", "vinbigdata", "train", 174),
        (None, "chexpert_train", "external_adapted", 120),
    ]


def test_members_of_a_regime_hold_out_the_same_images(finished):
    held_out = [
        asked(
            finished, "SELECT image_id FROM prediction WHERE model_id = ? AND role = 'internal_test' ORDER BY ALL", name
        )
        for name in ("split", "split-0", "split-1")
    ]

    assert held_out[0] == held_out[1] == held_out[2]


def test_an_ensemble_is_the_mean_of_its_members(finished):
    mean = dict(
        asked(
            finished,
            "SELECT image_id, list(probability) FROM prediction WHERE model_id LIKE 'full-%' GROUP BY image_id",
        )
    )
    for image, probability, predicted in asked(
        finished, "SELECT image_id, probability, predicted FROM prediction WHERE model_id = 'full'"
    ):
        expected = np.mean(mean[image], axis=0)
        assert probability == pytest.approx(expected, abs=1e-6)
        assert predicted == np.argmax(probability)


def test_training_images_enter_no_gap(finished):
    assert asked(finished, "SELECT DISTINCT model_id FROM gap") == [("split",)]
    assert asked(finished, "SELECT count(*) FROM metric WHERE role = 'train'")[0][0] > 0


def test_laterals_are_left_out_and_never_read(finished):
    assert asked(finished, "SELECT image_id, content_hash FROM image WHERE left_out = 'view'") == [
        ("train/patient00000/study1/view2_lateral", None)
    ]
    assert asked(finished, "SELECT count(*) FROM prediction WHERE image_id LIKE '%lateral'") == [(0,)]


def test_ages_of_zero_are_not_recorded(finished):
    assert asked(finished, "SELECT count(*) FROM image WHERE age_years < 1") == [(0,)]
    assert (
        asked(finished, "SELECT count(*) FROM image WHERE dataset = 'chexpert_train' AND age_years IS NULL")[0][0] > 0
    )


def test_boxes_are_fractions_of_the_image(finished):
    for finding, *box in asked(finished, "SELECT DISTINCT finding, x0, y0, x1, y1 FROM box ORDER BY ALL"):
        if finding == "Cardiomegaly":
            assert box == pytest.approx([15 / 40, 8 / 48, 25 / 40, 20 / 48])


def test_the_reference_standard_stands_under_every_policy(finished):
    rows = dict(
        asked(finished, "SELECT policy, count(class) FROM reference WHERE dataset = 'chexpert_train' GROUP BY policy")
    )

    # of 61 images six are uncertain and six have several findings
    assert rows == {"u_ignore": 49, "u_zeros": 55, "u_ones": 49, "explicit": 0}


def test_saliency_and_features_come_with_every_prediction(finished):
    members = "SELECT count(*) FROM prediction JOIN model USING (model_id) WHERE member IS NOT NULL"

    assert asked(finished, "SELECT count(*) FROM feature") == asked(finished, members)
    assert asked(finished, "SELECT count(*) FROM saliency WHERE method = 'cam'") == asked(
        finished, "SELECT count(*) FROM prediction WHERE role <> 'external_adapted'"
    )
    assert asked(finished, "SELECT DISTINCT octet_length(maps) = 6 * height * width FROM saliency") == [(True,)]


def test_mean_images_of_a_few_are_not_kept(finished):
    assert asked(finished, "SELECT count(*) FROM mean_map WHERE n < 10 AND image IS NOT NULL") == [(0,)]
    assert asked(finished, "SELECT count(*) FROM mean_map WHERE n >= 10 AND image IS NULL") == [(0,)]
    assert asked(finished, "SELECT count(*) FROM mean_map WHERE finding = 'No Finding'") == [(0,)]


def test_nothing_unfinished_is_left(finished):
    assert sorted(path.name for path in finished.path.iterdir()) == [".lock", "members", "results.duckdb", "run.json"]


def test_a_sealed_run_is_not_made_again(finished, hospitals, cache, tiny):
    workspace = Workspace(results=finished.path.parent, cache=cache, device="cpu", workers=2)
    before = finished.results.stat()

    again = run(tiny, hospitals, workspace)

    assert again == finished
    assert again.results.stat().st_mtime_ns == before.st_mtime_ns


def test_the_same_name_with_other_settings_is_refused(finished, hospitals, cache, tiny):
    workspace = Workspace(results=finished.path.parent, name=finished.run_id, cache=cache, device="cpu", workers=2)

    with pytest.raises(SettingsError, match="other settings"):
        run(tiny, hospitals, workspace, seed=1)


def test_another_seed_is_another_run(finished, hospitals, cache, tiny):
    workspace = Workspace(results=finished.path.parent, cache=cache, device="cpu", workers=1)

    other = run(tiny, hospitals, workspace, seed=1, members=1)

    assert other.run_id != finished.run_id


def test_the_same_seed_gives_the_same_predictions_and_metrics(finished, hospitals, workspace, tiny):
    again = run(tiny, hospitals, replace(workspace, workers=2))

    for table in ("prediction", "feature", "saliency", "mean_map", "metric", "gap"):
        sql = f"SELECT count(*), sum(hash(one)::HUGEINT) FROM {table} AS one"  # noqa: S608
        assert asked(again, sql) == asked(finished, sql), table


def test_two_at_once_with_one_name_are_refused(finished):
    with locked(finished), pytest.raises(StoreError, match="Another process"), locked(finished):
        pass


def test_folds_test_every_internal_image_once(hospitals, workspace, tiny):
    folder = run(tiny, hospitals, workspace, folds=3, members=1)

    assert asked(folder, "SELECT model_id FROM model WHERE member IS NOT NULL ORDER BY ALL") == [
        ("full-0",), ("split-f0-0",), ("split-f1-0",), ("split-f2-0",),
    ]  # fmt: skip
    internal = (
        "SELECT model_id, role, count(*) FROM prediction WHERE dataset = 'vinbigdata' AND model_id IN ('full', 'split')"
    )
    assert asked(folder, f"{internal} GROUP BY ALL ORDER BY ALL") == [
        ("full", "train", 72),
        ("split", "internal_test", 72),
    ]
    held_out = asked(
        folder,
        """
        SELECT count(*) FROM prediction AS mean JOIN prediction AS one USING (dataset, image_id)
        WHERE mean.model_id = 'split' AND one.model_id LIKE 'split-f_-0' AND dataset = 'vinbigdata'
          AND one.role = 'internal_test' AND mean.probability = one.probability
        """,
    )
    assert held_out == [(72,)]


def test_what_chooses_an_epoch_has_a_part_of_its_own(hospitals, workspace, tiny):
    folder = run(tiny, hospitals, workspace, recipe=replace(tiny.recipe, select="best_epoch"), members=1)

    roles = dict(
        asked(
            folder,
            "SELECT role, count(*) FROM prediction WHERE model_id = 'split' AND dataset = 'vinbigdata' GROUP BY ALL",
        )
    )
    assert roles.keys() == {"train", "validation", "internal_test"}
    assert sum(roles.values()) == 72
    assert asked(folder, "SELECT count(*) FROM gap WHERE model_id = 'full'") == [(0,)]


@pytest.fixture(scope="module")
def capped(hospitals, cache, tiny, tmp_path_factory):
    """A run whose cap leaves out most images, those held out included."""
    workspace = Workspace(results=tmp_path_factory.mktemp("capped"), cache=cache, device="cpu", workers=1)
    return run(tiny, hospitals, workspace, cap=5, members=1)


def test_a_cap_thins_what_is_trained_on(capped):
    assert asked(capped, "SELECT count(*) FROM image WHERE dataset = 'vinbigdata' AND left_out = 'cap'")[0][0] >= 36
    over_the_cap = """
        SELECT DISTINCT model_id, role FROM prediction
        SEMI JOIN (FROM image WHERE left_out = 'cap') USING (dataset, image_id) ORDER BY ALL
    """
    assert asked(capped, over_the_cap) == [("split", "internal_test"), ("split-0", "internal_test")]
    trained_on = """
        SELECT class, count(*)
        FROM reference SEMI JOIN (FROM prediction WHERE model_id = 'full-0') USING (dataset, image_id)
        WHERE dataset = 'vinbigdata' AND policy = 'majority' GROUP BY class
    """
    assert all(count <= 5 for _, count in asked(capped, trained_on))


def test_a_finding_is_measured_on_every_held_out_image_and_single_class_within_the_cap(capped):
    held_out = """
        SELECT count(*), count(*) FILTER (left_out IS NULL)
        FROM prediction JOIN image USING (dataset, image_id) WHERE model_id = 'split' AND role = 'internal_test'
    """
    everything, within_the_cap = asked(capped, held_out)[0]
    n = """
        SELECT DISTINCT task, n FROM metric
        WHERE model_id = 'split' AND role = 'internal_test' AND policy = 'majority' AND stratum = 'all'
          AND finding IS NULL ORDER BY ALL
    """

    assert asked(capped, n) == [("finding", everything), ("single_class", within_the_cap)]
    assert everything == 14
    assert 0 < within_the_cap < 7


def test_mean_maps_are_of_images_with_a_single_class_within_the_cap(capped):
    per_class = """
        SELECT FINDING, sum(n) FROM mean_map
        WHERE model_id = 'split' AND role = 'internal_test' AND policy = 'majority' AND outcome <> 'false_alarm'
        GROUP BY ALL ORDER BY ALL
    """
    counted = """
        SELECT name_match.finding, count(*) FROM reference
        JOIN image USING (dataset, image_id)
        SEMI JOIN (FROM prediction WHERE model_id = 'split' AND role = 'internal_test') USING (dataset, image_id)
        JOIN name_match USING (dataset, class)
        WHERE policy = 'majority' AND class > 0 AND image.left_out IS NULL GROUP BY ALL ORDER BY ALL
    """

    assert sum(count for _, count in asked(capped, per_class)) == sum(count for _, count in asked(capped, counted)) > 0


def test_the_held_out_loss_of_the_training_is_within_the_cap(hospitals, workspace, tiny, monkeypatch):
    seen = []
    monkeypatch.setattr(members, "run_tasks", lambda tasks, *_, **__: seen.extend(tasks) or sys.exit())

    with pytest.raises(SystemExit):
        run(tiny, hospitals, workspace, cap=5, members=1, regimes=("split",))

    assert 0 < len(seen[0].held_out) < 7
    assert len(seen[0].held_out) == len(seen[0].held_out_classes)


def test_a_patient_who_is_sampled_is_predicted_whole(hospitals, workspace, tiny):
    folder = run(tiny, hospitals, workspace, external_images=20, members=1)

    sampled = """
        SELECT patient_id, count(*) FILTER (left_out IS NULL), count(prediction.image_id)
        FROM image LEFT JOIN (FROM prediction WHERE model_id = 'full') AS prediction USING (dataset, image_id)
        WHERE dataset = 'chexpert_train' AND left_out IS DISTINCT FROM 'view' GROUP BY ALL
    """
    rows = asked(folder, sampled)
    assert {(kept, predicted) for _, kept, predicted in rows} == {(0, 0), (2, 2)}
    single = """
        SELECT count(class), count(*) FROM reference
        JOIN image USING (dataset, image_id)
        WHERE dataset = 'chexpert_train' AND policy = 'u_ignore' AND image.left_out IS NULL
    """
    with_a_class, everything = asked(folder, single)[0]
    assert 20 <= with_a_class <= 21 < everything
    n = "SELECT DISTINCT task, n FROM metric WHERE model_id = 'full' AND policy = 'u_ignore' AND stratum = 'all'"
    assert asked(folder, f"{n} AND metric IN ('accuracy', 'macro_auroc') AND role = 'external_test' ORDER BY ALL") == [
        ("finding", everything), ("single_class", with_a_class),
    ]  # fmt: skip


def test_other_saliency_comes_for_the_images_that_are_asked_for(hospitals, workspace, tiny):
    asked_for = Saliency(methods=("layercam",), images=3)
    folder = run(tiny, hospitals, workspace, saliency=asked_for, folds=2, members=1)

    rows = asked(
        folder,
        "SELECT dataset, model_id, count(*) FROM saliency WHERE method = 'layercam' GROUP BY ALL ORDER BY ALL",
    )
    models = {
        "chexpert_train": ("split-f0-0", "split-f1-0", "split-pooled"),
        "vinbigdata": ("split", "split-f0-0", "split-f1-0"),
    }
    assert rows == [(dataset, model, 3) for dataset, own in models.items() for model in ("full", "full-0", *own)]
    assert asked(folder, "SELECT count(*) FROM saliency WHERE isnan(scale[1])") == [(0,)]
