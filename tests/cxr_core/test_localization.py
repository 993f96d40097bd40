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


def _readings(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points of 30 images; some hundred boxes by up to three readers, several of one reader among them."""
    rng = np.random.default_rng(seed)
    image = np.sort(rng.integers(0, 30, size=150))
    reading = np.unique(3 * image + rng.integers(0, 3, size=150), return_inverse=True)[1]
    corners = np.sort(rng.random((150, 2, 2)), axis=1).reshape(150, 4)
    return rng.random((30, 2)), corners, image, reading


def test_an_image_counts_as_the_share_of_its_readers_that_are_hit():
    points, boxes, image, reading = _readings()

    found = localization.hit_shares(points, boxes, image=image, reading=reading)

    for own, (x, y) in enumerate(points):
        by_reader = {}
        for (x0, y0, x1, y1), reader in zip(boxes[image == own], reading[image == own], strict=True):
            by_reader[reader] = by_reader.get(reader, False) or (x0 <= x <= x1 and y0 <= y <= y1)
        assert found[own] == pytest.approx(np.mean(list(by_reader.values())))


def test_the_order_of_boxes_does_not_matter_and_an_image_without_any_is_undefined():
    points, boxes, image, reading = _readings()
    order = np.random.default_rng(1).permutation(150)

    found = localization.hit_shares(points, boxes[order], image=image[order], reading=reading[order])
    assert np.array_equal(found, localization.hit_shares(points, boxes, image=image, reading=reading))

    nothing = np.empty(0, np.int64)
    assert np.isnan(localization.hit_shares(points, np.empty((0, 4)), image=nothing, reading=nothing)).all()


def test_no_image_has_a_say_in_its_own_usual_place():
    _, boxes, image, _ = _readings()
    part = np.arange(30) % 10

    found = localization.usual_places(boxes, image=image, part=part)

    for own in range(30):
        others = [box for box, of in zip(boxes, image, strict=True) if of % 10 != own % 10]
        assert found[own] == pytest.approx(localization.usual_place(np.array(others)))


def test_where_all_boxes_are_of_one_part_it_has_no_usual_place():
    found = localization.usual_places(np.array([[0.2, 0.2, 0.4, 0.4]]), image=np.array([0]), part=np.array([0, 0, 1]))

    assert np.isnan(found[:2]).all()
    assert found[2] == pytest.approx([0.3, 0.3], abs=0.01)


def test_the_mean_of_groups_is_that_of_all_their_images():
    images = np.random.default_rng(0).random((30, 4, 5))

    found = localization.pooled(np.stack([images[:7].mean(axis=0), images[7:].mean(axis=0)]), n=np.array([7, 23]))

    assert found == pytest.approx(images.mean(axis=0))


def test_the_coverage_of_a_place_is_the_share_of_boxes_that_hold_it():
    _, boxes, _, _ = _readings()

    found = localization.coverage(boxes, side=20)

    for row in range(20):
        for column in range(20):
            x, y = (column + 0.5) / 20, (row + 0.5) / 20
            held = [x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes]
            assert found[row, column] == pytest.approx(np.mean(held))
    assert np.isnan(localization.coverage(np.empty((0, 4)), side=3)).all()


def test_boxes_on_two_sides_cover_nothing_between_them():
    left, right = [0.1, 0.5, 0.3, 0.9], [0.7, 0.5, 0.9, 0.9]

    found = localization.coverage(np.array([left, right]), side=10)

    assert not found[:, 4:6].any()
    assert (found[5:9, [1, 2, 7, 8]] == 0.5).all()


def test_a_flat_map_is_spread_over_the_image_and_a_peak_is_not():
    maps = np.zeros((3, 4, 5), np.uint8)
    maps[0] = 200
    maps[1, 2, 2:4] = [255, 128]

    found = localization.spreads(maps)

    assert found[:2].tolist() == [1.0, 0.1]
    assert np.isnan(found[2])
