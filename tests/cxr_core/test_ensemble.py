import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from cxr_core.ensemble import average, average_maps, predicted
from cxr_core.saliency import Maps, decode, encode


def _probabilities(members, images, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(6), (members, images)).astype(np.float32)


def test_the_mean_of_the_members_by_hand():
    first = [[0.5, 0.25, 0.25, 0, 0, 0]]
    second = [[0, 0.75, 0.25, 0, 0, 0]]
    found = average(np.array([first, second], np.float32))
    assert found.dtype == np.float32
    assert found.tolist() == [[0.25, 0.5, 0.25, 0, 0, 0]]


def test_only_members_that_are_given_count_and_none_is_undefined():
    probabilities = np.array([[[1, 0, 0, 0, 0, 0]] * 3, [[0, 1, 0, 0, 0, 0]] * 3], np.float32)
    probabilities[1, 0] = np.nan
    given = np.array([[True, True, False], [False, True, False]])
    found = average(probabilities, given=given)
    assert found[0].tolist() == [1, 0, 0, 0, 0, 0]
    assert found[1].tolist() == [0.5, 0.5, 0, 0, 0, 0]
    assert np.isnan(found[2]).all()
    assert predicted(found).tolist() == [0, 0, -1]
    assert predicted(found).dtype == np.int8


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(2, 3\)"):
        average(_probabilities(2, 3), given=np.ones((3, 2), np.bool_))


@given(st.permutations(range(5)))
def test_ties_go_to_the_lower_class_whatever_the_order_of_the_members(order):
    values = np.array([0.1, 0.2, 0.3, 0.25, 0.15], np.float32)
    probabilities = np.zeros((5, 1, 6), np.float32)
    probabilities[:, 0, 2] = values
    probabilities[:, 0, 4] = values[list(order)]
    assert predicted(average(probabilities)).tolist() == [2]


@given(drawn.arrays(np.float32, (4, 3, 6), elements=st.floats(0, 1, width=32)), st.permutations(range(4)))
def test_the_order_of_the_members_changes_nothing(probabilities, order):
    np.testing.assert_array_equal(average(probabilities), average(probabilities[list(order)]))


def _maps(images=2, seed=0):
    raw = np.random.default_rng(seed).normal(size=(images, 6, 3, 3)).astype(np.float32)
    return encode(np.maximum(raw, 0))


def test_the_ensembles_map_is_the_mean_of_maps_times_scales():
    first, second = _maps(seed=1), _maps(seed=2)
    found = average_maps([first, second])
    expected = (decode(first) + decode(second)) / 2
    np.testing.assert_allclose(decode(found), expected, atol=expected.max() / 255 / 1.99)
    np.testing.assert_allclose(found.scale, expected.max(axis=(2, 3)), rtol=1e-6)


def test_a_member_that_sees_more_weighs_more():
    maps = np.zeros((2, 1, 6, 1, 2), np.uint8)
    maps[0, 0, :, 0, 0] = 255
    maps[1, 0, :, 0, 1] = 255
    strong = Maps(maps=maps[0], scale=np.full((1, 6), 3, np.float32))
    weak = Maps(maps=maps[1], scale=np.full((1, 6), 1, np.float32))
    found = average_maps([strong, weak])
    assert found.maps[0, 0].tolist() == [[255, 85]]
    assert found.scale.tolist() == [[1.5] * 6]


def test_maps_of_members_that_are_not_given_are_left_out():
    first, second = _maps(images=3, seed=1), _maps(images=3, seed=2)
    found = average_maps([first, second], given=np.array([[True, False, False], [False, True, False]]))
    np.testing.assert_array_equal(found.maps[0], first.maps[0])
    np.testing.assert_allclose(found.scale[0], first.scale[0], rtol=1e-6)
    np.testing.assert_array_equal(found.maps[1], second.maps[1])
    assert np.isnan(found.scale[2]).all()
    assert not found.maps[2].any()


def test_a_map_that_no_member_has_is_zero_and_stays_zero():
    nothing = encode(np.zeros((1, 6, 2, 2), np.float32))
    found = average_maps([nothing, nothing])
    assert not found.maps.any()
    assert not found.scale.any()
