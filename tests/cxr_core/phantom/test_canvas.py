import numpy as np
import pytest

from cxr_core.phantom.canvas import (
    PX_PER_CM,
    SIDE_PX,
    Line,
    X,
    Y,
    blur,
    ellipsoid,
    empty,
    fill,
    pixels,
    rounded,
    strokes,
)


def _rectangle(x0, y0, x1, y1):
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=float)


def test_a_pixel_lies_where_the_coordinates_say():
    row, column = 100, 37

    place = pixels(np.array([(X[0, column], Y[row, 0])]))

    assert place[0] == pytest.approx((column, row), abs=1e-4)


def test_what_is_filled_has_its_area():
    area = fill(_rectangle(-3, 5, 4, 9)).sum() / PX_PER_CM**2

    # OpenCV draws the outline too, which adds up to a pixel all around.
    assert 28 <= area <= 28 + 22 / PX_PER_CM


def test_outlines_that_overlap_do_not_cancel():
    twice = fill(_rectangle(0, 0, 4, 4), _rectangle(2, 2, 6, 6))

    inside = (X > 2.2) & (X < 3.8) & (Y > 2.2) & (Y < 3.8)
    assert twice[inside].min() == 1


def test_a_line_has_its_width_and_strength():
    line = Line(points=np.array([(0.0, -1.0), (0.0, 30.0)]), width_cm=1.0, strength=0.7)

    layer = strokes(line)

    assert layer.max() == pytest.approx(0.7, abs=0.01)
    assert layer[SIDE_PX // 2].sum() / PX_PER_CM == pytest.approx(0.7, rel=0.2)


def test_several_lines_at_once_equal_one_by_one():
    points = np.array([[(0.0, 3.0), (5.0, 4.0)], [(-4.0, 10.0), (2.0, 20.0)]])

    together = strokes(Line(points=points, width_cm=0.2, strength=0.5))

    alone = strokes(*(Line(points=line, width_cm=0.2, strength=0.5) for line in points))
    assert np.array_equal(together, alone)


def test_an_ellipsoid_has_the_volume_of_one():
    layer = ellipsoid(1.0, 12.0, 3.0, 2.0, tilt=0.4)

    # Its half thickness is sqrt(1 - r^2), whose integral over the ellipse is 2/3 of pi a b.
    assert layer.max() == pytest.approx(1, abs=0.01)
    assert layer.sum() / PX_PER_CM**2 == pytest.approx(2 / 3 * np.pi * 6, rel=0.02)


def test_an_ellipsoid_outside_the_sheet_leaves_it_empty():
    assert ellipsoid(90.0, 12.0, 3.0, 2.0).max() == 0


@pytest.mark.parametrize("sigma_cm", [0.1, 0.4, 1.5])
def test_blurring_spreads_and_keeps_the_sum(sigma_cm):
    layer = empty()
    layer[150:180, 160:200] = 1

    blurred = blur(layer, sigma_cm)

    assert blurred.sum() == pytest.approx(layer.sum(), rel=0.02)
    spread = np.sqrt(
        np.average((Y - np.average(Y, weights=blurred.sum(1)[:, None])) ** 2, weights=blurred.sum(1)[:, None])
    )
    before = 30 / PX_PER_CM / np.sqrt(12)
    assert spread == pytest.approx(np.hypot(before, sigma_cm), rel=0.1)


def test_rounded_sides_are_thin_at_the_edge_and_full_from_the_radius_inwards():
    layer = rounded(fill(_rectangle(-10, 5, 10, 25)), radius_cm=4)

    assert layer[Y[:, 0].searchsorted(15), X[0].searchsorted(0)] == pytest.approx(1, abs=0.01)
    at_one = layer[Y[:, 0].searchsorted(15), X[0].searchsorted(-9)]
    assert at_one == pytest.approx(np.sqrt(0.25 * 1.75), abs=0.08)
    assert layer[Y[:, 0].searchsorted(15), X[0].searchsorted(-11)] == 0
