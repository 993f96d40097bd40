import numpy as np
import pytest

from cxr_core import roles
from cxr_core.errors import DataError
from cxr_core.roles import Member
from cxr_core.splits import NEVER, Parts

FULL = Member(model_id="full-0", regime="full", fold=None, number=0)
SPLIT = Member(model_id="split-0", regime="split", fold=None, number=0)


def parts_of(fold, validation=None):
    fold = np.array(fold, np.int16)
    return Parts(
        groups=np.arange(fold.size),
        fold=fold,
        validation=np.zeros(fold.size, np.bool_) if validation is None else np.array(validation),
        shares=(0.2,),
    )


# an image in the training part and one held out: each with a class, without one, and over the cap
FOLD = [NEVER, NEVER, NEVER, 0, 0, 0]
CLASSES = np.array([2, -1, 2, 2, -1, 2], np.int8)
CAPPED = np.array([False, False, True, False, False, True])


def test_the_training_policy_and_the_cap_decide_what_is_trained_on_and_the_held_out_part_is_predicted_whole():
    found = roles.source_roles(SPLIT, parts_of(FOLD), labelled=CLASSES >= 0, capped=CAPPED)

    assert found.tolist() == ["train", "unused", "unused", "internal_test", "internal_test", "internal_test"]


def test_the_regime_full_has_no_internal_test():
    found = roles.source_roles(FULL, parts_of(FOLD), labelled=CLASSES >= 0, capped=CAPPED)

    assert found.tolist() == ["train", "unused", "unused", "train", "unused", "unused"]


def test_a_validation_part_comes_out_of_the_training_part():
    validation = [True, True, False, True, False, False]

    split = roles.source_roles(SPLIT, parts_of(FOLD, validation), labelled=CLASSES >= 0, capped=CAPPED)
    full = roles.source_roles(FULL, parts_of(FOLD, validation), labelled=CLASSES >= 0, capped=CAPPED)

    assert split.tolist() == ["validation", "unused", "unused", "internal_test", "internal_test", "internal_test"]
    assert full.tolist() == ["validation", "unused", "unused", "validation", "unused", "unused"]


def test_each_fold_has_its_members():
    found = roles.members(("full", "split"), count=2, folds=3)

    assert [member.model_id for member in found] == [
        "full-0", "full-1", "split-f0-0", "split-f0-1", "split-f1-0", "split-f1-1", "split-f2-0", "split-f2-1",
    ]  # fmt: skip


def test_an_image_seen_in_training_is_never_a_test_elsewhere():
    contents = np.array(["a", "b", "c"], object)

    found = roles.external_roles(contents, seen={"b": "train", "c": "validation"}, role="external_test")

    assert found.tolist() == ["external_test", "train", "validation"]


def test_an_ensemble_is_in_training_on_an_image_that_any_member_saw():
    of_members = [
        np.array(["external_test", "train", "external_test", "validation"], object),
        np.array(["external_test", "external_test", "validation", "train"], object),
    ]

    assert roles.ensemble_roles(of_members, in_turn=False).tolist() == ["external_test", "train", "validation", "train"]


def test_with_folds_an_image_is_answered_by_the_members_that_held_it_out():
    of_members = [
        np.array(["internal_test", "train", "unused"], object),
        np.array(["train", "internal_test", "unused"], object),
    ]

    found = roles.ensemble_roles(of_members, in_turn=True)
    given = roles.averaged(of_members, found, in_turn=True)

    assert found.tolist() == ["internal_test", "internal_test", "unused"]
    assert given[:, :2].tolist() == [[True, False], [False, True]]


def test_without_folds_every_member_answers_for_every_image_that_is_used():
    of_members = [np.array(["train", "unused"], object)] * 2

    given = roles.averaged(of_members, roles.ensemble_roles(of_members, in_turn=False), in_turn=False)

    assert given.tolist() == [[True, False], [True, False]]


def test_an_image_is_not_held_to_be_new_because_its_hash_is_of_another_kind():
    with pytest.raises(DataError, match=r"none.*run again"):
        roles.external_roles(np.array(["blake3:0a", None], object), seen={"0a": "train"}, role="external_test")
