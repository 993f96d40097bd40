import numpy as np
import pytest

from cxr_core import localization


def test_the_peak_is_the_centre_of_its_cell():
    maps = np.zeros((2, 4, 5), np.uint8)
    maps[0, 3, 1] = 255
    maps[1, 0, 4] = 9

    assert localization.peaks(maps) == pytest.approx(np.array([[0.3, 0.875], [0.9, 0.125]]))


def test_of_equal_peaks_the_first_counts_and_without_any_there_is_none():
    maps = np.zeros((2, 2, 2), np.uint8)
    maps[0] = 7

    found = localization.peaks(maps)

    assert found[0].tolist() == [0.25, 0.25]
    assert np.isnan(found[1]).all()


def test_a_point_hits_its_own_box_edges_included_and_nothing_hits_without_a_point():
    boxes = np.array([[0.2, 0.2, 0.4, 0.6]] * 4)
    points = np.array([[0.3, 0.5], [0.4, 0.6], [0.41, 0.5], [np.nan, np.nan]])

    assert localization.hits(points, boxes).tolist() == [True, True, False, False]


def test_a_lone_cell_does_not_outweigh_a_hill():
    maps = np.zeros((1, 20, 20), np.uint8)
    maps[0, 2, 2] = 255
    maps[0, 11:14, 11:14] = 200

    assert localization.peaks(maps)[0] == pytest.approx([12.5 / 20, 12.5 / 20])


def test_the_usual_place_of_a_two_sided_finding_is_on_a_side():
    left, right = [0.1, 0.5, 0.3, 0.9], [0.7, 0.5, 0.9, 0.9]

    x, y = localization.usual_place(np.array([left, left, right]))

    assert 0.1 <= x <= 0.3
    assert 0.5 <= y <= 0.9


def test_the_usual_place_is_where_most_boxes_overlap():
    boxes = np.array([[0.0, 0.0, 0.5, 0.5], [0.4, 0.4, 0.9, 0.9], [0.45, 0.0, 1.0, 1.0]])

    assert localization.usual_place(boxes) == pytest.approx([0.475, 0.45], abs=0.02)


def test_without_boxes_there_is_no_usual_place():
    assert np.isnan(localization.usual_place(np.empty((0, 4)))).all()
