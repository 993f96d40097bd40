from dataclasses import replace

import numpy as np
import pytest

from cxr_core.phantom.canvas import FIELD_PX
from cxr_core.phantom.causes import SOURCE, Labels, Readers
from cxr_core.phantom.drawing import Finding, PixelBox
from cxr_core.phantom.readings import READERS, read
from cxr_core.phantom.roster import Visit

BOX = PixelBox(x0=60, y0=80, x1=100, y1=120)
PERFECT = replace(SOURCE, labels=Labels(misnamed=0, missed=0), readers=Readers(disagreement=0))
MANY = [Visit(patient=number, image=0, findings=(0,)) for number in range(1500)]


def _finding(index, visibility=0.5):
    return Finding(class_index=index, visibility=visibility, boxes=(BOX,))


def _classes(readings):
    return [tuple(mark.class_index for mark in reading) for reading in readings]


def test_readers_without_errors_say_what_is_there():
    drawn = (_finding(2), _finding(4))

    readings = read(0, MANY[0], drawn, site=PERFECT)

    assert _classes(readings) == [(2, 4)] * READERS


def test_nothing_drawn_and_no_errors_is_no_finding():
    assert read(0, MANY[0], (), site=PERFECT) == ((),) * READERS


def test_boxes_stray_within_the_image_and_overlap_with_what_is_drawn():
    for visit in MANY[:200]:
        for reading in read(0, visit, (_finding(5),), site=SOURCE):
            for mark in reading:
                for box in mark.boxes:
                    assert 0 <= box.x0 < box.x1 <= FIELD_PX
                    assert 0 <= box.y0 < box.y1 <= FIELD_PX
    boxes = {reading[0].boxes[0] for visit in MANY[:50] for reading in read(0, visit, (_finding(5),), site=PERFECT)}
    assert len(boxes) > 100
    assert all(abs(box.x0 - BOX.x0) < 15 and abs(box.y1 - BOX.y1) < 15 for box in boxes)


def test_a_reader_marks_no_class_twice():
    misnaming = replace(SOURCE, labels=Labels(misnamed=0.5, missed=0, umbrella=0.5), readers=Readers(disagreement=3))
    for visit in MANY[:300]:
        for reading in read(0, visit, (_finding(2), _finding(3), _finding(5)), site=misnaming):
            classes = [mark.class_index for mark in reading]
            assert len(classes) == len(set(classes))


def test_plain_findings_are_missed_less_often_than_faint_ones():
    shares = [
        np.mean([(3,) in _classes(read(0, visit, (_finding(3, visibility),), site=SOURCE)) for visit in MANY])
        for visibility in (0.0, 1.0)
    ]
    assert shares[0] <= shares[1]
    missed = [
        np.mean([() in _classes(read(0, visit, (_finding(3, visibility),), site=SOURCE)) for visit in MANY])
        for visibility in (0.0, 1.0)
    ]
    assert missed[1] < 0.03 < missed[0]


def test_more_disagreement_means_less_agreement():
    def agreement(disagreement):
        site = replace(SOURCE, readers=Readers(disagreement=disagreement))
        return np.mean([len(set(_classes(read(0, visit, (_finding(3),), site=site)))) == 1 for visit in MANY])

    assert agreement(0.0) > agreement(1.0) + 0.1 > agreement(3.0) + 0.2


def test_shared_errors_are_shared_and_come_at_their_rate():
    site = replace(PERFECT, labels=Labels(misnamed=0.2, missed=0.3))

    readings = [_classes(read(0, visit, (_finding(4),), site=site)) for visit in MANY]

    assert all(len(set(said)) == 1 for said in readings)
    said = [reading[0] for reading in readings]
    assert np.mean([reading == () for reading in said]) == pytest.approx(0.3, abs=0.04)
    assert np.mean([reading not in {(), (4,)} for reading in said]) == pytest.approx(0.7 * 0.2, abs=0.03)


def test_something_is_read_into_healthy_images():
    site = replace(PERFECT, labels=Labels(misnamed=0.2, missed=0))

    said = [_classes(read(0, visit, (), site=site))[0] for visit in MANY]

    assert np.mean([reading != () for reading in said]) == pytest.approx(0.2, abs=0.04)


def test_the_umbrella_calls_consolidations_opacities_too():
    site = replace(PERFECT, labels=Labels(misnamed=0, missed=0, umbrella=1.0))

    assert _classes(read(0, MANY[0], (_finding(5),), site=site))[0] == (3, 5)
    assert _classes(read(0, MANY[0], (_finding(4),), site=site))[0] == (4,)
