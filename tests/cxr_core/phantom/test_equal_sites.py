"""Sites that differ by no cause are equal in distribution, and the same tests tell different ones apart."""

import numpy as np
import pytest
from scipy import stats

from cxr_core.phantom.causes import EXTERNAL, SOURCE
from cxr_core.phantom.drawing import draw
from cxr_core.phantom.readings import read
from cxr_core.phantom.roster import draw_roster

IMAGES = 36


def _statistics(seed, site):
    rows = []
    for visit in draw_roster(seed, site=site, images=IMAGES):
        gray = draw(seed, visit, site=site).gray
        edges = np.abs(np.diff(gray, axis=0)).mean()
        lungs = gray[90:200, 60:260]
        rows.append((gray.mean(), gray.std(), *np.quantile(gray, (0.25, 0.5, 0.75)), lungs.mean(), lungs.std(), edges))
    return np.array(rows)


def _smallest_p(one, other):
    return min(stats.ks_2samp(one[:, column], other[:, column]).pvalue for column in range(one.shape[1])) * one.shape[1]


@pytest.fixture(scope="module")
def source():
    return _statistics(10, SOURCE)


def test_two_sites_without_causes_cannot_be_told_apart(source):
    assert _smallest_p(source, _statistics(11, SOURCE)) > 0.05


def test_an_external_site_can_be_told_apart(source):
    assert _smallest_p(source, _statistics(11, EXTERNAL)) < 1e-6


@pytest.mark.parametrize(("site", "equal"), [(SOURCE, True), (EXTERNAL, False)], ids=["equal", "different"])
def test_the_classes_of_two_sites(site, equal):
    counts = np.zeros((2, 6), dtype=int)
    for row, (seed, at) in enumerate(((10, SOURCE), (11, site))):
        for visit in draw_roster(seed, site=at, images=1200):
            counts[row, list(visit.findings)] += 1

    assert (stats.chi2_contingency(counts).pvalue > 0.05) == equal


def test_what_readers_of_two_equal_sites_say():
    from cxr_core.phantom.drawing import Finding, PixelBox

    box = PixelBox(x0=100, y0=100, x1=150, y1=140)
    counts = np.zeros((2, 6), dtype=int)
    for row, seed in enumerate((10, 11)):
        for visit in draw_roster(seed, site=SOURCE, images=800):
            drawn = tuple(Finding(class_index=index, visibility=0.5, boxes=(box,)) for index in visit.findings if index)
            for reading in read(seed, visit, drawn, site=SOURCE):
                counts[row, [mark.class_index for mark in reading] or [0]] += 1

    assert stats.chi2_contingency(counts).pvalue > 0.05
