from dataclasses import replace

import numpy as np
import pytest

from cxr_core.phantom.canvas import FIELD_CM, FIELD_PX
from cxr_core.phantom.causes import EXTERNAL, SOURCE
from cxr_core.phantom.drawing import draw
from cxr_core.phantom.patient import draw_patient
from cxr_core.phantom.pose import draw_pose
from cxr_core.phantom.roster import Visit
from cxr_core.phantom.thorax import SIDES, expose


@pytest.mark.parametrize("site", [SOURCE, EXTERNAL], ids=["source", "external"])
def test_the_same_arguments_draw_the_same_image(site):
    visit = Visit(patient=4, image=1, findings=(2, 4))

    first, second = (draw(7, visit, site=site) for _ in range(2))

    assert np.array_equal(first.gray, second.gray)
    assert replace(first, gray=second.gray) == second


def test_an_image_is_gray_from_black_to_white():
    gray = draw(7, Visit(patient=4, image=0, findings=(0,)), site=SOURCE).gray

    assert gray.shape == (FIELD_PX, FIELD_PX)
    assert gray.dtype == np.float32
    assert 0 <= gray.min() < 0.1
    assert 0.9 < gray.max() <= 1


def test_the_lungs_are_darker_than_what_is_around_them():
    for patient in range(4):
        visit = Visit(patient=patient, image=0, findings=(0,))
        image = draw(7, visit, site=SOURCE)
        thorax = expose(image.patient, image.pose, heart_share=None)
        places = {
            "lungs": [thorax.lung(0.6, 0.4, side=side) for side in SIDES],
            "spine": [(thorax.middle, thorax.apex + down) for down in (8, 12, 16)],
            "belly": [(side * 5.0, thorax.domes[1] + 5) for side in SIDES],
        }
        seen = {name: _around(image.gray, image.pose.place(np.array(points))) for name, points in places.items()}
        assert seen["lungs"] + 0.2 < seen["spine"]
        assert seen["lungs"] + 0.2 < seen["belly"]


def _around(gray, points):
    return np.mean([gray[int(y) - 6 : int(y) + 7, int(x) - 6 : int(x) + 7].mean() for x, y in points])


def test_a_patient_keeps_the_anatomy_in_all_images_and_stands_anew():
    first, second = (draw(7, Visit(patient=4, image=image, findings=(2,)), site=SOURCE) for image in (0, 1))

    assert first.patient == second.patient
    assert first.pose != second.pose
    assert len(first.findings[0].boxes) == len(second.findings[0].boxes)
    assert not np.array_equal(first.gray, second.gray)


def test_findings_move_with_the_pose():
    images = [draw(7, Visit(patient=4, image=image, findings=(2,)), site=SOURCE) for image in (0, 1)]

    for image in images:
        thorax = expose(image.patient, image.pose, heart_share=None)
        middle = image.pose.place(np.array([(thorax.middle, FIELD_CM / 2)]))[0]
        box = image.findings[0].boxes[0]
        offsets = (box.x0 + box.x1) / 2 - middle[0], (box.y0 + box.y1) / 2 - middle[1]
        assert np.hypot(*offsets) < FIELD_PX / 2
    boxes = [image.findings[0].boxes[0] for image in images]
    assert boxes[0] != boxes[1]
    assert abs(boxes[0].x0 - boxes[1].x0) < FIELD_PX / 8


def test_the_box_of_an_enlarged_heart_is_as_wide_as_the_heart():
    image = draw(7, Visit(patient=4, image=0, findings=(1,)), site=SOURCE)

    (finding,) = image.findings
    (box,) = finding.boxes
    wide = (box.x1 - box.x0) / FIELD_PX * FIELD_CM / image.pose.zoom
    assert 0.48 < wide / (2 * image.patient.lung_width) < 0.72


def test_enlarged_hearts_and_usual_ones_overlap():
    from cxr_core.phantom.drawing import _heart_share, _visibility

    usual = np.array([draw_patient(7, number, site=SOURCE.patients).heart_share for number in range(400)])
    enlarged = np.array([_heart_share(7, number, _visibility(7, number, 1)) for number in range(400)])

    assert np.mean(usual) + 0.07 < np.mean(enlarged)
    assert np.quantile(usual, 0.97) > np.quantile(enlarged, 0.05)
    assert np.mean(usual > 0.5) < 0.1


def test_lying_in_bed_magnifies_the_heart_and_raises_the_diaphragm():
    who = draw_patient(7, 4, site=SOURCE.patients)
    standing, lying = (
        expose(who, draw_pose(7, 4, 0, site=replace(SOURCE.view, ap=ap)), heart_share=0.5) for ap in (0.0, 1.0)
    )

    assert lying.heart_share > 1.05 * standing.heart_share
    assert lying.domes[0] < standing.domes[0] - 0.5
    assert lying.patient == standing.patient
