from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cxr_core import labels
from cxr_core.datasets.chexpert import policies as chexpert
from cxr_core.datasets.frames import image_frame, no_boxes
from cxr_core.datasets.vinbigdata import policies as vinbigdata
from cxr_core.datasets.vinbigdata.names import KAGGLE_FINDINGS, names
from cxr_core.findings import FINDINGS
from cxr_core.manifest import LABEL_COLUMNS, Manifest, NameMatch, Policy, Votes

NAMES = names(KAGGLE_FINDINGS, classes=FINDINGS)

NAN = np.nan
CHEXPERT_POLICIES, POLICIES = chexpert.policies(FINDINGS), vinbigdata.policies(FINDINGS)


def manifest(
    rows: list[tuple[str, str, str, float]],
    *,
    images: list[str],
    names: tuple[NameMatch, ...] = NAMES,
    classes: tuple[str, ...] = FINDINGS,
) -> Manifest:
    frame = pd.DataFrame(rows, columns=list(LABEL_COLUMNS)).astype({"value": "float32"})
    return Manifest(
        dataset="d",
        reader="r",
        root=Path(),
        images=image_frame(image_id=images, file=images),
        labels=frame.astype(dict.fromkeys(LABEL_COLUMNS[:3], "category")),
        boxes=no_boxes(),
        classes=classes,
        names=names,
        policies=POLICIES,
    )


ROWS = [
    ("a", "Cardiomegaly", "R2", 1.0),
    ("a", "No finding", "R2", 0.0),
    ("a", "Cardiomegaly", "R1", NAN),
    ("c", "Consolidation", "R1", -1.0),
    ("a", "Rib fracture", "R1", 1.0),
]


def test_votes_stand_where_image_reader_and_class_say() -> None:
    made = manifest(ROWS, images=["c", "b", "a"])
    assert labels.readers(made) == ("R1", "R2")
    expected = np.full((3, 2, 6), NAN)
    expected[2, 1, 1] = 1
    expected[2, 1, 0] = 0
    expected[0, 0, 5] = -1
    votes = labels.votes(made)
    assert votes.dtype == np.float32
    np.testing.assert_array_equal(votes, expected)


@pytest.mark.parametrize("images", [["c", "b", "a"], ["a", "c"], ["b"]])
def test_votes_that_are_counted_in_pieces_are_the_votes(images: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = manifest(ROWS, images=images)
    whole = labels.votes(made)
    monkeypatch.setattr(labels, "_LABELS_AT_ONCE", 2)
    np.testing.assert_array_equal(labels.votes(made), whole)


def test_votes_of_an_image_that_is_not_at_hand_are_not_counted() -> None:
    np.testing.assert_array_equal(labels.votes(manifest(ROWS, images=["b"])), np.full((1, 2, 6), NAN))


def test_order_of_rows_and_kind_of_column_do_not_matter() -> None:
    made = manifest(ROWS, images=["a", "b", "c"])
    other = manifest(ROWS[::-1], images=["a", "b", "c"])
    text = dict.fromkeys(LABEL_COLUMNS[:3], "str")
    plain = manifest(ROWS, images=["a", "b", "c"]).labels.astype(text)
    np.testing.assert_array_equal(labels.votes(made), labels.votes(other))
    plainly = Manifest(**{**vars(made), "labels": plain})
    np.testing.assert_array_equal(labels.votes(made), labels.votes(plainly))


SEVERAL = tuple(
    NameMatch(finding=name, class_index=index, grade="close", reason="Made up.")
    for name, index in (("Nodule", 2), ("Edema", 3), ("Mass", 2), ("Lung tumor", 2))
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"Nodule": 1, "Mass": 0}, 1),
        ({"Nodule": 0, "Mass": 1}, 1),
        ({"Nodule": 1, "Mass": -1}, 1),
        ({"Nodule": -1, "Mass": 0, "Lung tumor": NAN}, -1),
        ({"Nodule": 0, "Mass": NAN}, 0),
        ({"Nodule": NAN, "Mass": NAN}, NAN),
        ({"Nodule": NAN, "Mass": NAN, "Edema": 1}, NAN),
        ({"Nodule": 0, "Mass": 0, "Lung tumor": 1, "Edema": 0}, 1),
    ],
)
def test_of_several_names_for_a_class_what_says_most_counts(said: dict[str, float], meant: float) -> None:
    rows = [("a", name, "R", value) for name, value in said.items()]
    for order in (rows, rows[::-1]):
        votes = labels.votes(manifest(order, images=["a"], names=SEVERAL))
        np.testing.assert_array_equal(votes[0, 0, 2], np.float32(meant))
        np.testing.assert_array_equal(votes[0, 0, 3], np.float32(said.get("Edema", NAN)))


def test_a_name_that_a_reader_gives_twice_counts_once_and_by_what_says_most() -> None:
    rows = [("a", "Nodule", "R", value) for value in (0.0, 1.0, NAN, -1.0)]
    for order in (rows, rows[::-1]):
        assert labels.votes(manifest(order, images=["a"], names=SEVERAL))[0, 0, 2] == 1


def test_readers_are_not_combined_with_each_other() -> None:
    rows = [("a", "Nodule", "R1", 1.0), ("a", "Mass", "R2", 0.0), ("a", "Mass", "R1", -1.0), ("b", "Mass", "R2", -1.0)]
    votes = labels.votes(manifest(rows, images=["a", "b"], names=SEVERAL))
    np.testing.assert_array_equal(votes[:, :, 2], np.array([[1, 0], [NAN, -1]], dtype=np.float32))


value_of_a_row = st.sampled_from([1.0, 0.0, -1.0, NAN])


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([name.finding for name in SEVERAL]), value_of_a_row)))
def test_votes_are_those_of_a_slow_count(said: list[tuple[str, str, float]]) -> None:
    made = manifest([(image, name, "R", value) for image, name, value in said], images=["a", "b"], names=SEVERAL)
    votes = labels.votes(made).reshape(2, -1, 6) if said else np.full((2, 1, 6), NAN, np.float32)
    for row, image in enumerate("ab"):
        for index in (2, 3):
            meant = {name.finding for name in SEVERAL if name.class_index == index}
            values = [value for where, name, value in said if where == image and name in meant]
            expected = next((value for value in (1, -1, 0) if value in values), NAN)
            np.testing.assert_array_equal(votes[row, 0, index], np.float32(expected))


def test_a_class_is_unstated_only_if_all_its_names_are() -> None:
    made = manifest([("a", "Nodule", "R", NAN), ("a", "Mass", "R", 0.0)], images=["a"], names=SEVERAL)
    assert labels.unstated(made.labels, names=SEVERAL) == ("Edema",)
    rows = [("a", "Nodule", "R", NAN), ("a", "Edema", "R", 0.0)]
    made = manifest(rows, images=["a"], names=SEVERAL)
    assert labels.unstated(made.labels, names=SEVERAL) == ("Nodule", "Mass", "Lung tumor")
    nothing = manifest([("a", "Edema", "R", NAN)], images=["a"], names=SEVERAL)
    assert labels.unstated_note(nothing.labels, names=SEVERAL)[0].startswith("No row has a label")


@pytest.mark.parametrize("k", [1, 2, 4, 30])
def test_votes_and_policies_take_as_many_classes_as_the_run_has(k: int) -> None:
    classes = tuple(f"Finding {index}" for index in range(k))
    own = tuple(replace(SEVERAL[0], finding=name.lower(), class_index=index) for index, name in enumerate(classes))
    said = np.random.default_rng(k).choice([1, 0, -1, NAN], size=(20, k)).astype(np.float32)
    rows = [(str(i), name.finding, "R", float(said[i, j])) for i in range(20) for j, name in enumerate(own)]
    made = manifest(rows, images=[str(i) for i in range(20)], names=own, classes=classes)
    votes = labels.votes(made)
    np.testing.assert_array_equal(votes[:, 0], said)
    for policy in (*chexpert.policies(classes), *vinbigdata.policies(classes)):
        reference = labels.apply(policy, votes)
        assert reference.present.shape == (20, k)
        check_reference(reference, has_class=policy.has_class)
        single = np.flatnonzero(reference.classes >= 0)
        assert (reference.present[single, reference.classes[single]] == 1).all()
        assert policy.described(votes)


def test_exactly_one_by_hand() -> None:
    present = np.array(
        [[0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 1], [NAN, 0, 1, 0, 0, 0], [NAN] * 6], dtype=np.float32
    )
    reference = labels.exactly_one(present)
    assert reference.classes.tolist() == [2, -1, -1, -1, -1]
    assert reference.classes.dtype == np.int8
    assert reference.left_out.tolist() == [None, "none", "several", "uncertain", "uncertain"]
    np.testing.assert_array_equal(reference.present, present)


@pytest.mark.parametrize("policy", CHEXPERT_POLICIES, ids=lambda policy: policy.name)
def test_a_finding_that_is_blank_in_every_row_is_unknown_and_takes_no_class_away(policy: Policy) -> None:
    said = np.array([[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 1, -1, 0, 1, 0], [0, 0, 0, 0, 0, 0]], dtype=np.float32)
    blank = said.copy()
    blank[:, 5] = NAN
    before, reference = (labels.apply(policy, votes[:, None]) for votes in (said, blank))
    assert np.isnan(reference.present[:, 5]).all()
    np.testing.assert_array_equal(reference.present[:, :5], before.present[:, :5])
    assert reference.classes.tolist() == before.classes.tolist()
    assert reference.left_out[:3].tolist() == before.left_out[:3].tolist()
    assert reference.left_out[3] == ("uncertain" if policy.has_class else None)


def test_a_finding_that_is_stated_once_is_absent_where_it_is_blank() -> None:
    votes = np.full((3, 1, 6), NAN, dtype=np.float32)
    votes[0, 0] = 0
    (zeros,) = (policy for policy in CHEXPERT_POLICIES if policy.name == "u_zeros")
    assert (labels.apply(zeros, votes).present == 0).all()


@pytest.mark.parametrize("policy", [*CHEXPERT_POLICIES, *POLICIES], ids=lambda policy: policy.name)
def test_a_dataset_without_a_label_knows_nothing(policy: Policy) -> None:
    reference = labels.apply(policy, np.full((2, 1, 6), NAN, dtype=np.float32))
    assert np.isnan(reference.present).all()
    assert reference.classes.tolist() == [-1, -1]
    assert reference.left_out.tolist() == (["uncertain"] * 2 if policy.has_class else [None] * 2)


def test_findings_that_are_never_stated_are_named() -> None:
    made = manifest(ROWS, images=["a", "b", "c"])
    assert labels.unstated(made.labels, names=NAMES) == ("Nodule/Mass", "Lung Opacity", "Pleural effusion")
    (said,) = labels.unstated_note(made.labels, names=NAMES)
    assert said.startswith("Blank in every row: Nodule/Mass, Lung Opacity, Pleural effusion. There it is unknown")
    blank = made.labels.assign(value=np.float32(NAN))
    assert labels.unstated_note(blank, names=NAMES)[0].startswith("No row has a label")


def test_presence_only_gives_no_class() -> None:
    reference = labels.presence_only(np.eye(6, dtype=np.float32))
    assert reference.classes.tolist() == [-1] * 6
    assert reference.left_out.tolist() == [None] * 6


@pytest.mark.parametrize("shape", [(3, 6), (6,)])
def test_votes_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must have the shape"):
        labels.apply(POLICIES[0], np.zeros(shape, dtype=np.float32))


value = st.sampled_from([1.0, 0.0, -1.0, NAN])
by_one = arrays.arrays(np.float32, st.tuples(st.integers(0, 6), st.just(1), st.just(6)), elements=value)
mark = st.sampled_from([1.0, 0.0])


@st.composite
def by_several(draw: st.DrawFn) -> Votes:
    votes = draw(arrays.arrays(np.float32, st.tuples(st.integers(0, 6), st.integers(1, 4), st.just(6)), elements=mark))
    unseen = draw(arrays.arrays(np.bool_, votes.shape[:2]))
    votes[unseen] = NAN
    return votes


def check_reference(reference: labels.Reference, *, has_class: bool) -> None:
    """What holds of every reference standard: a class or a reason, and the class is the one that is present."""
    single = reference.classes >= 0
    assert set(np.unique(reference.present[~np.isnan(reference.present)])) <= {0, 1}
    if has_class:
        assert [reason is None for reason in reference.left_out] == single.tolist()
    assert set(reference.left_out) <= {None, "none", "several", "uncertain"}


@given(by_one)
def test_every_policy_of_one_reader_gives_a_class_or_a_reason(votes: Votes) -> None:
    for policy in CHEXPERT_POLICIES:
        reference = labels.apply(policy, votes)
        check_reference(reference, has_class=policy.has_class)
        chosen = np.flatnonzero(reference.classes >= 0)
        assert (np.nansum(reference.present[chosen], axis=1) == 1).all()
        assert (reference.present[chosen, reference.classes[chosen]] == 1).all()


@given(by_several())
def test_every_policy_of_several_readers_gives_a_class_or_a_reason(votes: Votes) -> None:
    order = np.random.default_rng(0).permutation(votes.shape[1])
    for policy in POLICIES:
        reference = labels.apply(policy, votes)
        check_reference(reference, has_class=True)
        shuffled = labels.apply(policy, votes[:, order])
        np.testing.assert_array_equal(reference.classes, shuffled.classes)
        np.testing.assert_array_equal(reference.present, shuffled.present)


@given(by_several())
def test_a_stricter_vote_marks_no_more(votes: Votes) -> None:
    loose, middle, strict = (np.nan_to_num(labels.apply(policy, votes).present) for policy in POLICIES[:3])
    assert (loose >= middle).all()
    assert (middle >= strict).all()
