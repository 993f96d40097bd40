"""Boxes contain what was drawn, as an image shows it."""

import numpy as np
import pytest

from cxr_core.phantom.anatomy.body import draw_body
from cxr_core.phantom.causes import SOURCE, View
from cxr_core.phantom.drawing import _DRAW, _box
from cxr_core.phantom.patient import draw_patient
from cxr_core.phantom.pose import draw_pose
from cxr_core.phantom.randomness import stream
from cxr_core.phantom.thorax import expose

SHOWN = {2: 0.97, 3: 0.75, 4: 0.80, 5: 0.85}
"""How much of what a finding adds lies in its boxes, at least: an opacity has no border."""


def _drawn(number, patient, *, ap):
    who = draw_patient(5, patient, site=SOURCE.patients)
    pose = draw_pose(5, patient, 0, site=View(ap=float(ap)))
    body = draw_body(5, expose(who, pose, heart_share=None))
    return pose, _DRAW[number](body, visibility=0.6, draws=stream(5, patient, number, purpose="finding"))


@pytest.mark.parametrize("ap", [False, True])
@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_boxes_hold_what_a_finding_adds_and_little_else(number, ap):
    shares = []
    for patient in range(4):
        pose, rendered = _drawn(number, patient, ap=ap)
        seen = pose.image(rendered.added)
        boxes = [_box(pose.place(outline)) for outline in rendered.outlines]
        inside = np.zeros(seen.shape, bool)
        for box in boxes:
            inside[box.y0 : box.y1, box.x0 : box.x1] = True
            part = seen[box.y0 : box.y1, box.x0 : box.x1]
            assert (part > 0.1 * part.max()).any(axis=0)[[0, -1]].mean() > 0
            assert (part > 0.25 * part.max()).mean() > 0.2
        shares.append(seen[inside].sum() / seen.sum())

    assert min(shares) > SHOWN[number]


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_a_finding_lies_in_the_lungs_and_adds_only(number):
    _, rendered = _drawn(number, 1, ap=False)

    assert rendered.added.min() >= -1e-6
    assert rendered.added.max() > 0.05


def test_a_plain_finding_adds_more_than_one_hardly_to_be_seen():
    who = draw_patient(5, 2, site=SOURCE.patients)
    pose = draw_pose(5, 2, 0, site=SOURCE.view)
    body = draw_body(5, expose(who, pose, heart_share=None))

    for number, function in _DRAW.items():
        faint, plain = (
            function(body, visibility=visibility, draws=stream(5, 2, number, purpose="finding")).added.sum()
            for visibility in (0.0, 1.0)
        )
        assert plain > 1.2 * faint


def test_nodules_are_6_to_30_mm_wide():
    for patient in range(6):
        _, rendered = _drawn(2, patient, ap=False)
        for outline in rendered.outlines:
            wide, tall = np.ptp(outline, axis=0)
            assert min(wide, tall) >= 0.5
            assert max(wide, tall) <= 3.0 * 1.2 + 0.5
