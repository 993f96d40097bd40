import hashlib
import json
import os

import cv2
import numpy as np
import pandas as pd
import pytest
from pydicom import dcmread

from cxr_core import labels
from cxr_core.datasets.registry import read
from cxr_core.datasets.synthetic import MARKER
from cxr_core.errors import SettingsError
from cxr_core.findings import FINDINGS
from cxr_core.images.decode.file import decode
from cxr_core.phantom import site_shard as parts_module
from cxr_core.phantom.causes import CAUSES, EXTERNAL, SOURCE, sites
from cxr_core.phantom.drawing import draw
from cxr_core.phantom.layouts import chexpert, vinbigdata
from cxr_core.phantom.patient import draw_patient
from cxr_core.phantom.readings import read as read_image
from cxr_core.phantom.roster import draw_roster
from cxr_core.phantom.truth import read_truth
from cxr_core.phantom.writing import SETTINGS_FILE, write_sites

HOME_IMAGES, ABROAD_IMAGES, SEED = 24, 22, 5


def _write(to, *, workers=0, **changes):
    images = {"images_source": HOME_IMAGES, "images_external": ABROAD_IMAGES}
    settings = {**images, "causes": CAUSES, "seed": SEED} | changes
    return write_sites(to, workers=workers, show_progress=False, **settings)


def _contents(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    to = tmp_path_factory.mktemp("sites") / "phantom"
    _write(to)
    return to


@pytest.fixture(scope="module")
def manifests(written, tmp_path_factory):
    private = tmp_path_factory.mktemp("private")
    home, abroad = written / "vinbigdata", written / "chexpert" / "CheXpert-v1.0-small"
    return read("vinbigdata", home, private=private)[0], read("chexpert", abroad, private=private)[0]


def test_the_published_readers_read_both_sites_and_reject_nothing(manifests):
    home, abroad = manifests

    assert (len(home.images), len(abroad.images)) == (HOME_IMAGES, ABROAD_IMAGES)
    assert home.rejected == abroad.rejected == ()
    assert abroad.images["patient_id"].nunique() < ABROAD_IMAGES
    for manifest in manifests:
        for file in manifest.images["file"]:
            assert decode(manifest.root / file, size_px=224).image.width == 320


def test_the_readers_find_what_the_phantom_readers_said(manifests):
    home, abroad = manifests
    for manifest, site, seed in ((home, SOURCE, 2 * SEED), (abroad, EXTERNAL, 2 * SEED + 1)):
        votes = labels.votes(manifest)
        rows = {image_id: row for row, image_id in enumerate(manifest.images["image_id"])}
        for visit in draw_roster(seed, site=site, images=len(rows)):
            image = draw(seed, visit, site=site)
            if manifest is home:
                said = sorted(
                    tuple(mark.class_index for mark in reading) or (0,)
                    for reading in read_image(seed, visit, image.findings, site=site)
                )
                found = votes[rows[vinbigdata.image_id(seed, visit)]]
                seen = found[~np.isnan(found).any(axis=1)]
                assert sorted(tuple(np.flatnonzero(row == 1)) for row in seen) == said
            else:
                stated = chexpert.report(seed, visit, image, site=site)
                found = votes[rows[chexpert.image_id(visit)], 0]
                expected = [stated[match.finding] for match in manifest.names]
                assert found == pytest.approx([np.nan if value is None else value for value in expected], nan_ok=True)


def test_files_hold_what_was_drawn(manifests):
    home, abroad = manifests
    visit = draw_roster(2 * SEED, site=SOURCE, images=1)[0]
    gray = draw(2 * SEED, visit, site=SOURCE).gray
    found = dcmread(home.root / vinbigdata.file(2 * SEED, visit))
    pixels = found.pixel_array.astype(float)
    if found.PhotometricInterpretation == "MONOCHROME1":
        pixels = 4095 - pixels
    assert np.abs(pixels / 4095 - gray).max() < 0.5 / 4095 + 1e-6

    visit = draw_roster(2 * SEED + 1, site=EXTERNAL, images=1)[0]
    gray = draw(2 * SEED + 1, visit, site=EXTERNAL).gray
    pixels = cv2.imread(abroad.root / chexpert.file(visit), cv2.IMREAD_GRAYSCALE) / 255
    assert np.abs(pixels - gray).mean() < 0.004


def test_headers_tell_sex_and_age_of_most(manifests):
    home, _ = manifests
    known = []
    for visit in draw_roster(2 * SEED, site=SOURCE, images=HOME_IMAGES):
        who = draw_patient(2 * SEED, visit.patient, site=SOURCE.patients)
        found = decode(home.root / vinbigdata.file(2 * SEED, visit), size_px=32).facts
        assert found.sex in {"F" if who.woman else "M", None}
        assert found.age_years in {round(who.age_years), None}
        known += [found.sex is not None, found.age_years is not None]
    assert 0.7 < np.mean(known) < 1


def test_headers_tell_two_makers_and_years_of_most(manifests):
    home, _ = manifests
    facts = [decode(home.root / file, size_px=32).facts for file in home.images["file"]]
    assert {one.manufacturer for one in facts} == {"Phantom A", "Phantom B", None}
    assert {one.year for one in facts} == {2019, 2020, None}
    assert {one.synthetic for one in facts} == {True}


def test_each_site_is_marked_as_synthetic_and_its_reader_says_so(written, manifests):
    marked = sorted(path.parent.relative_to(written).as_posix() for path in written.rglob(MARKER))
    assert marked == ["chexpert/CheXpert-v1.0-small", "vinbigdata"]
    for manifest in manifests:
        assert manifest.synthetic
        assert manifest.notes[0] == "A computer drew these images: SYNTHETIC.txt in their folder says so."


def test_boxes_of_readers_lie_on_what_was_drawn(written, manifests):
    home, _ = manifests
    truth = read_truth(written).query("site == 'vinbigdata' and finding != 'No Finding'")
    names = {match.finding: FINDINGS[match.class_index] for match in home.names}
    drawn = {key: group[["x0", "y0", "x1", "y1"]].to_numpy() for key, group in truth.groupby(["image_id", "finding"])}
    hits = []
    for box in home.boxes.itertuples():
        boxes = drawn.get((box.image_id, names[box.finding]))
        if boxes is not None:
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            hits.append(((boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])).any())
    assert len(hits) > 30
    assert np.mean(hits) > 0.95


def test_the_truth_knows_every_image_and_what_is_on_it(written, manifests):
    truth = read_truth(written)
    for manifest, site, seed in zip(manifests, (SOURCE, EXTERNAL), (2 * SEED, 2 * SEED + 1), strict=True):
        rows = truth[truth["site"] == manifest.reader]
        assert set(rows["image_id"]) == set(manifest.images["image_id"])
        visits = draw_roster(seed, site=site, images=len(manifest.images))
        expected = sorted(tuple(FINDINGS[index] for index in visit.findings) for visit in visits)
        found = [tuple(sorted(set(group["finding"]), key=FINDINGS.index)) for _, group in rows.groupby("image_id")]
        assert sorted(found) == expected
        boxes = rows[rows["finding"] != FINDINGS[0]]
        assert (boxes["x0"] < boxes["x1"]).all()
        assert (boxes["y0"] < boxes["y1"]).all()
    assert rows["view"].eq("AP").mean() > 0.5


def test_tables_agree_with_the_truth_on_who_it_is(written):
    table = pd.read_csv(written / "chexpert" / "CheXpert-v1.0-small" / "train.csv")
    truth = read_truth(written).query("site == 'chexpert'").drop_duplicates("image_id").set_index("image_id")
    keys = table["Path"].str.removeprefix("CheXpert-v1.0-small/").str.removesuffix(".jpg")

    assert (truth.loc[keys, "age_years"].to_numpy() == table["Age"].to_numpy()).all()
    assert (truth.loc[keys, "view"].to_numpy() == table["AP/PA"].to_numpy()).all()
    assert (truth.loc[keys, "sex"].map({"F": "Female", "M": "Male"}).to_numpy() == table["Sex"].to_numpy()).all()


def test_the_settings_lie_beside_the_sites(written):
    found = json.loads((written / SETTINGS_FILE).read_text())

    assert found["seed"] == SEED
    assert found["causes"] == sorted(CAUSES)
    assert found["sites"]["abroad"]["scatter"] == {"ratio": EXTERNAL.scatter.ratio}


def test_two_processes_write_the_same_files(written, tmp_path):
    _write(tmp_path / "again", workers=2)

    assert _contents(tmp_path / "again") == _contents(written)


def test_sites_that_are_there_are_not_drawn_again(written, monkeypatch):
    before = {path: path.stat().st_mtime_ns for path in written.rglob("*")}
    monkeypatch.setattr(parts_module, "draw", None)

    found = _write(written)

    assert found == (written / "vinbigdata", written / "chexpert" / "CheXpert-v1.0-small")
    assert {path: path.stat().st_mtime_ns for path in written.rglob("*")} == before


@pytest.mark.parametrize("changes", [{"seed": 6}, {"causes": ("view",)}, {"images_source": 25}])
def test_sites_of_other_settings_are_not_overwritten(written, changes):
    with pytest.raises(SettingsError, match="other settings"):
        _write(written, **changes)


def test_other_files_are_not_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(SettingsError, match="found other files"):
        _write(tmp_path)


@pytest.mark.parametrize(
    "changes", [{"images_source": 0}, {"images_external": 0}, {"seed": -1}, {"causes": ("weather",)}]
)
def test_settings_out_of_range_are_refused_before_anything_is_written(tmp_path, changes):
    with pytest.raises(SettingsError):
        _write(tmp_path / "new", **changes)

    assert list(tmp_path.iterdir()) == []


def test_a_writing_that_fails_leaves_nothing(tmp_path, monkeypatch):
    drawn = []

    def fail_at_the_third(*arguments, **settings):
        drawn.append(arguments)
        if len(drawn) == 3:
            raise KeyboardInterrupt
        return draw(*arguments, **settings)

    monkeypatch.setattr(parts_module, "draw", fail_at_the_third)

    with pytest.raises(KeyboardInterrupt):
        _write(tmp_path / "new")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_a_living_one_is_not_disturbed(tmp_path):
    dead, living = (tmp_path / f".new.{pid}.drawing" for pid in (2**22 + 1, os.getppid()))
    for folder in (dead, living):
        (folder / "rows").mkdir(parents=True)

    _write(tmp_path / "new", images_source=1, images_external=1)

    assert not dead.exists()
    assert living.exists()


def test_without_causes_both_sites_come_from_one_distribution_of_settings(tmp_path):
    _write(tmp_path / "new", images_source=1, images_external=1, causes=())

    found = json.loads((tmp_path / "new" / SETTINGS_FILE).read_text())["sites"]
    assert found["home"] == found["abroad"]
    assert sites(())[1] == SOURCE
