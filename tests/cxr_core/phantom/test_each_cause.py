"""Each cause changes what it says and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_core.phantom.canvas import FIELD_PX
from cxr_core.phantom.causes import EXTERNAL, SOURCE, Devices, Marker, Patients, View, sites
from cxr_core.phantom.drawing import draw
from cxr_core.phantom.layouts.chexpert import report
from cxr_core.phantom.patient import draw_patient
from cxr_core.phantom.readings import read
from cxr_core.phantom.roster import Visit, draw_roster

VISITS = [Visit(patient=number, image=0, findings=(index,)) for number, index in enumerate((0, 2, 3, 4, 5))]
SOME = Visit(patient=6, image=0, findings=(1, 2, 4))


@pytest.fixture(scope="module")
def before():
    return {visit: draw(3, visit, site=SOURCE) for visit in VISITS}


def _external(cause):
    return sites((cause,))[1]


@pytest.mark.parametrize("cause", ["exposure", "scatter", "sharpness", "compression"])
def test_a_cause_in_the_machine_changes_pixels_alone(before, cause):
    for visit in VISITS[:3]:
        after = draw(3, visit, site=_external(cause))
        assert np.abs(after.gray - before[visit].gray).mean() > 0.002
        assert replace(after, gray=before[visit].gray) == before[visit]


@pytest.mark.parametrize("cause", ["labels", "readers", "uncertain", "blank"])
def test_a_cause_in_the_labels_changes_no_pixel(before, cause):
    for visit in VISITS[:2]:
        after = draw(3, visit, site=_external(cause))
        assert np.array_equal(after.gray, before[visit].gray)
        assert replace(after, gray=before[visit].gray) == before[visit]


@pytest.mark.parametrize(
    ("cause", "low", "high"),
    [("labels", 0.05, 0.35), ("readers", 0.02, 0.35), ("uncertain", 0.01, 0.2), ("blank", 0.9, 1.0)],
)
def test_a_cause_in_the_labels_changes_some_reports(before, cause, low, high):
    after = _external(cause)
    changed = [
        report(3, place, image, site=SOURCE) != report(3, place, image, site=after)
        for visit, image in before.items()
        for place in (replace(visit, patient=1000 + number) for number in range(60))
    ]

    assert low < np.mean(changed) <= high


@pytest.mark.parametrize(
    "cause", ["prevalence", "view", "patients", "devices", "exposure", "scatter", "sharpness", "compression", "marker"]
)
def test_a_cause_in_the_picture_changes_no_reading(before, cause):
    for visit in VISITS:
        said, then = (read(3, visit, before[visit].findings, site=site) for site in (SOURCE, _external(cause)))
        assert said == then


def test_the_view_moves_the_anatomy_and_what_is_seen_stays(before):
    for visit in VISITS[1:3]:
        after = draw(3, visit, site=replace(SOURCE, view=View(ap=1.0)))
        assert after.pose.ap
        assert after.patient == before[visit].patient
        assert [found.class_index for found in after.findings] == [
            found.class_index for found in before[visit].findings
        ]
        assert [found.visibility for found in after.findings] == [found.visibility for found in before[visit].findings]
        assert after.devices == before[visit].devices


def test_a_share_of_the_view_leaves_the_others_as_they_were(before):
    half = replace(SOURCE, view=View(ap=0.5))

    after = {visit: draw(3, visit, site=half) for visit in VISITS}

    standing = [visit for visit in VISITS if not after[visit].pose.ap]
    assert 0 < len(standing) < len(VISITS)
    assert all(np.array_equal(after[visit].gray, before[visit].gray) for visit in standing)


def test_the_patients_change_age_sex_fat_and_what_follows_alone():
    source = [draw_patient(3, number, site=SOURCE.patients) for number in range(200)]
    external = [draw_patient(3, number, site=EXTERNAL.patients) for number in range(200)]

    follows = {
        "woman",
        "age_years",
        "fat",
        "depth",
        "neck",
        "heart_share",
        "heart_turn",
        "knob",
        "bone",
        "breast",
        "lung_width",
        "dome",
    }
    for one, other in zip(source, external, strict=True):
        changed = {name for name in one.__dataclass_fields__ if getattr(one, name) != getattr(other, name)}
        assert changed <= follows
        assert other.age_years >= one.age_years
        assert other.fat > one.fat
    assert np.mean([patient.age_years for patient in external]) == pytest.approx(62, abs=4)


def test_the_patients_bring_further_images_and_the_same_findings():
    source = {visit.patient: visit.findings for visit in draw_roster(3, site=SOURCE, images=100)}
    external = draw_roster(3, site=replace(SOURCE, patients=Patients(further_images=1.0)), images=100)

    assert all(source[visit.patient] == visit.findings for visit in external)


def test_the_prevalence_changes_who_has_what_and_the_others_stay():
    source, external = (draw_roster(3, site=site, images=200) for site in (SOURCE, _external("prevalence")))
    same = [one for one, other in zip(source, external, strict=True) if one == other]

    assert 0.3 < len(same) / 200 < 0.95
    visit = same[0]
    assert np.array_equal(draw(3, visit, site=SOURCE).gray, draw(3, visit, site=_external("prevalence")).gray)


def test_devices_are_added_and_nothing_moves(before):
    full = replace(SOURCE, devices=Devices(in_health=1.0, in_disease=1.0))
    for visit in VISITS[:2]:
        after = draw(3, visit, site=full)
        assert set(after.devices) > set(before[visit].devices)
        assert after.findings == before[visit].findings
        far = np.s_[: FIELD_PX // 4, :8]
        assert np.abs(after.gray - before[visit].gray)[far].max() < 0.01


def test_devices_go_with_disease():
    site = replace(SOURCE, devices=Devices(in_health=0.0, in_disease=1.0))

    assert draw(3, VISITS[0], site=site).devices == ()
    assert "electrodes" in draw(3, VISITS[1], site=site).devices


def test_the_marker_changes_the_corner_alone(before):
    always = replace(SOURCE, marker=Marker(anyway=1.0, with_cardiomegaly=0.0))
    for visit in VISITS[:2]:
        after = draw(3, visit, site=always)
        assert after.word
        changed = np.argwhere(after.gray != before[visit].gray)
        assert len(changed) > 50
        assert changed[:, 0].min() > 40
        assert changed[:, 0].max() < 95
        assert changed[:, 1].min() > FIELD_PX - 90


def test_the_marker_as_a_shortcut_goes_with_cardiomegaly():
    shortcut = replace(SOURCE, marker=Marker(anyway=0.0, with_cardiomegaly=1.0))

    assert draw(3, SOME, site=shortcut).word
    assert not draw(3, VISITS[1], site=shortcut).word
