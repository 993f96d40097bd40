import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core import splits
from cxr_core.errors import DataError
from cxr_core.splits import NEVER


def groups_of(sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def test_images_of_one_patient_or_of_equal_content_are_linked():
    patients = ["a", "a", "b", None, None, "c"]
    contents = ["1", "2", "2", "3", "3", "4"]

    found = splits.linked(patients, contents)

    assert found.tolist() == [0, 0, 0, 1, 1, 2]  # a and b share image 2; two unknown patients share image 3


def test_a_study_stands_in_for_a_patient_that_is_not_recorded_and_for_no_other():
    patients = ["a", "a", None, None, None, "b", None]
    studies = ["s1", "s2", "s3", "s3", None, "s3", None]
    contents = [str(number) for number in range(7)]

    found = splits.linked(patients, contents, studies=studies)

    assert found.tolist() == [0, 0, 1, 1, 2, 3, 4]
    assert splits.linked(patients, contents).tolist() == [0, 0, 1, 2, 3, 4, 5]


def test_the_order_of_images_does_not_change_who_is_linked():
    patients, contents = ["a", "b", None, "b"], ["9", "5", "7", "1"]
    order = [2, 0, 3, 1]

    there = splits.linked(patients, contents)
    here = splits.linked([patients[i] for i in order], [contents[i] for i in order])

    assert here.tolist() == there[order].tolist()


def test_no_image_is_linked_where_there_is_none():
    assert splits.linked([], []).size == 0


@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=60),
    folds=st.sampled_from([None, 2, 5]),
    seed=st.integers(0, 99),
)
def test_a_patient_is_never_in_two_parts(sizes, folds, seed):
    groups = groups_of(sizes)

    parts = splits.draw(groups, held_out=0.2, folds=folds, choosing=True, seed=seed)

    for group in np.unique(groups):
        assert np.unique(parts.fold[groups == group]).size == 1
        assert np.unique(parts.validation[groups == group]).size == 1


def test_the_held_out_part_has_its_share():
    parts = splits.draw(groups_of([1] * 1000), held_out=0.2, folds=None, choosing=False, seed=0)

    assert (parts.fold == 0).sum() == 200
    assert (parts.fold == NEVER).sum() == 800
    assert not parts.validation.any()


def test_folds_hold_every_image_out_once():
    parts = splits.draw(groups_of([1] * 1000), held_out=0.2, folds=5, choosing=False, seed=0)

    assert np.bincount(parts.fold).tolist() == [200] * 5


def test_the_validation_part_is_an_eighth_of_what_is_not_held_out():
    parts = splits.draw(groups_of([1] * 1000), held_out=0.2, folds=None, choosing=True, seed=0)

    assert parts.validation.sum() == 125
    assert 80 <= (parts.validation & (parts.fold == NEVER)).sum() <= 120


def test_another_seed_draws_another_part_and_the_same_seed_the_same():
    groups = groups_of([1] * 100)
    first, again, other = (
        splits.draw(groups, held_out=0.2, folds=None, choosing=False, seed=seed).fold for seed in (0, 0, 1)
    )

    assert (first == again).all()
    assert (first != other).any()


def test_a_cap_is_met_exactly_in_proportion_to_the_parts():
    classes = np.repeat(np.array([0, 1, 2, -1], np.int8), [3000, 1500, 100, 50])
    parts = splits.draw(groups_of([1] * classes.size), held_out=0.2, folds=None, choosing=False, seed=0)

    out = splits.capped(classes, parts, cap=805, seed=0)

    for index in (0, 1):
        kept = ~out & (classes == index)
        assert (kept & (parts.fold == 0)).sum() == 161
        assert (kept & (parts.fold == NEVER)).sum() == 644
    assert not out[classes == 2].any()
    assert not out[classes == -1].any()


def test_a_cap_over_folds_adds_up():
    classes = np.zeros(1000, np.int8)
    parts = splits.draw(groups_of([1] * 1000), held_out=0.2, folds=3, choosing=False, seed=0)

    kept = ~splits.capped(classes, parts, cap=100, seed=0)

    assert kept.sum() == 100
    assert sorted(np.bincount(parts.fold[kept]).tolist()) == [33, 33, 34]


def test_without_a_cap_nothing_is_left_out():
    parts = splits.draw(groups_of([1] * 10), held_out=0.2, folds=None, choosing=False, seed=0)

    assert not splits.capped(np.zeros(10, np.int8), parts, cap=None, seed=0).any()


def test_a_sample_takes_whole_patients_until_it_has_enough():
    groups = groups_of([3] * 100)
    wanted = np.ones(300, np.bool_)

    taken = splits.sample_patients(groups, wanted, images=100, seed=0)

    assert taken.sum() == 102  # the patient that reaches the number comes whole
    for group in range(100):
        assert np.unique(taken[groups == group]).size == 1


def test_a_sample_larger_than_the_dataset_is_all_of_it():
    assert splits.sample_patients(groups_of([2, 2]), np.ones(4, np.bool_), images=99, seed=0).all()


@pytest.mark.parametrize("seed", range(3))
def test_a_sample_counts_only_wanted_images(seed):
    groups = groups_of([2] * 50)
    wanted = np.tile([True, False], 50)

    taken = splits.sample_patients(groups, wanted, images=10, seed=seed)

    assert taken.sum() == 20


def test_contents_of_unlike_kinds_are_not_taken_for_different_images():
    with pytest.raises(DataError, match=r"blake3 and none.*run again"):
        splits.linked([None, None], ["blake3:0a", "0a"])
