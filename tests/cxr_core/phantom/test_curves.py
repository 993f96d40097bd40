import numpy as np
import pytest

from cxr_core.phantom.curves import band, closed, ring, through


def test_an_open_curve_passes_through_its_points():
    points = [(0.0, 0.0), (1.0, 2.0), (3.0, 1.0), (4.0, 4.0)]

    curve = through(points, steps=5)

    assert curve[::5] == pytest.approx(np.array(points))


def test_an_open_curve_through_points_on_a_line_stays_on_it():
    curve = through([(0, 0), (1, 2), (2, 4), (3, 6)])

    assert curve[:, 1] == pytest.approx(2 * curve[:, 0])


def test_a_closed_curve_passes_through_its_points_and_comes_back():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]

    curve = closed(square, steps=4)

    assert curve[::4] == pytest.approx(np.array(square))
    assert np.linalg.norm(curve[-1] - curve[0]) < 0.5


def test_the_edges_of_a_band_are_its_width_apart():
    line = np.stack([np.linspace(0, 5, 6), np.full(6, 2.0)], axis=1)

    left, right = band(line, 0.5)

    assert left[:, 1] == pytest.approx(1.75)
    assert right[:, 1] == pytest.approx(2.25)
    assert len(ring((left, right))) == 12


def test_several_bands_at_once_equal_one_by_one():
    lines = np.random.default_rng(0).normal(size=(3, 7, 2)).cumsum(axis=1)
    widths = np.linspace(1, 2, 7)

    together = band(lines, widths)

    for number, line in enumerate(lines):
        alone = band(line, widths)
        assert together[0][number] == pytest.approx(alone[0])
        assert together[1][number] == pytest.approx(alone[1])
