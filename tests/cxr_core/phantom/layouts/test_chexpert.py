from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cxr_core.datasets.chexpert.names import LABELS
from cxr_core.phantom.causes import SOURCE, Blank, Labels, Readers, Uncertain
from cxr_core.phantom.drawing import Finding, PixelBox
from cxr_core.phantom.layouts.chexpert import report
from cxr_core.phantom.roster import Visit

PERFECT = replace(SOURCE, labels=Labels(misnamed=0, missed=0), readers=Readers(disagreement=0))
SPLIT = replace(PERFECT, readers=Readers(disagreement=4))
MANY = [Visit(patient=number, image=0, findings=(3,)) for number in range(600)]
SIX = ("No Finding", "Cardiomegaly", "Lung Lesion", "Lung Opacity", "Pleural Effusion", "Consolidation")


def _image(*classes, devices=()):
    box = PixelBox(x0=10, y0=10, x1=60, y1=60)
    return SimpleNamespace(
        findings=tuple(Finding(class_index=index, visibility=0.4, boxes=(box,)) for index in classes), devices=devices
    )


def _said(classes, site, *, visit=MANY[0], devices=()):
    labels = report(0, visit, _image(*classes, devices=devices), site=site)
    return [labels[name] for name in SIX]


def test_without_causes_everything_is_stated():
    assert _said((2, 4), PERFECT) == [0, 0, 1, 0, 1, 0]
    assert _said((), PERFECT) == [1, 0, 0, 0, 0, 0]


def test_what_is_blank_is_not_mentioned():
    silent = replace(PERFECT, blank=Blank(share=1.0))

    assert _said((2, 4), silent) == [None, None, 1, None, 1, None]
    assert _said((), silent) == [1, None, None, None, None, None]


def test_devices_are_named_and_no_disease():
    labels = report(0, MANY[0], _image(devices=("port",)), site=PERFECT)

    assert labels["Support Devices"] == 1
    assert labels["No Finding"] == 1
    assert set(labels) <= set(LABELS)


def test_only_what_readers_are_split_on_is_uncertain():
    always = replace(SPLIT, uncertain=Uncertain(share=1.0))

    said = [_said((3,), always, visit=visit) for visit in MANY]

    plain = [_said((3,), SPLIT, visit=visit) for visit in MANY]
    assert 0.2 < np.mean([-1 in row for row in said]) < 0.9
    for hedged, stated in zip(said, plain, strict=True):
        assert all(one in {-1, other} for one, other in zip(hedged[1:], stated[1:], strict=True))
    assert not any(-1 in _said((3,), replace(PERFECT, uncertain=Uncertain(share=1.0)), visit=visit) for visit in MANY)


def test_an_uncertain_finding_is_not_no_finding():
    always = replace(SPLIT, uncertain=Uncertain(share=1.0))

    for visit in MANY:
        nothing, *rest = _said((3,), always, visit=visit)
        assert nothing == (0 if any(rest) else 1)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_negatives_are_blank_at_their_rate(share):
    said = [_said((3,), replace(PERFECT, blank=Blank(share=share)), visit=visit) for visit in MANY]

    assert np.mean([row.count(None) for row in said]) / 5 == pytest.approx(share, abs=0.04)
