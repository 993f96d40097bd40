import numpy as np
import pytest

from cxr_core.datasets.vinbigdata import policies
from cxr_core.findings import FINDINGS
from cxr_core.labels import apply
from cxr_core.manifest import Reference, Votes


def votes_of(*readers: list[float] | None, seats: int = 4) -> Votes:
    """One image, read by these, and not by the others."""
    votes = np.full((1, seats, 6), np.nan, dtype=np.float32)
    for seat, marks in enumerate(readers):
        if marks is not None:
            votes[0, seat] = marks
    return votes


def under(name: str, votes: Votes) -> Reference:
    return apply(next(policy for policy in policies.policies(FINDINGS) if policy.name == name), votes)


TWO_OF_THREE = votes_of([0, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0], [0, 0, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("policy", "present", "label", "left_out"),
    [
        ("any_reader", [0, 1, 0, 1, 0, 1], -1, "several"),
        ("majority", [0, 1, 0, 1, 0, 0], -1, "several"),
        ("unanimous", [0, 0, 0, 0, 0, 0], -1, "none"),
        ("dominant", [0, 1, 0, 1, 0, 0], 1, None),
    ],
)
def test_three_readers_that_differ(policy: str, present: list[int], label: int, left_out: str | None) -> None:
    reference = under(policy, TWO_OF_THREE)
    assert reference.present.tolist() == [present]
    assert reference.classes.tolist() == [label]
    assert reference.left_out.tolist() == [left_out]


def test_majority_is_more_than_half_of_those_who_saw_the_image() -> None:
    one_of_two = votes_of([0, 0, 1, 0, 0, 0], None, [0, 0, 0, 0, 0, 0])
    assert under("majority", one_of_two).classes.tolist() == [-1]
    one_of_one = votes_of(None, [0, 0, 1, 0, 0, 0])
    assert under("majority", one_of_one).classes.tolist() == [2]
    two_of_four = votes_of(*[[0, 0, 1, 0, 0, 0]] * 2, *[[0, 0, 0, 0, 0, 0]] * 2)
    assert under("majority", two_of_four).classes.tolist() == [-1]


def test_who_gave_any_label_saw_the_image() -> None:
    one_of_two = votes_of([0, 0, 1, 0, 0, 0], [np.nan, 0, np.nan, 0, 0, 0])
    assert under("majority", one_of_two).classes.tolist() == [-1]


def test_unanimous_asks_only_those_who_saw_the_image() -> None:
    two = votes_of([0, 0, 0, 0, 1, 0], None, [0, 0, 0, 0, 1, 0])
    assert under("unanimous", two).classes.tolist() == [4]


def test_dominant_gives_no_class_where_nobody_marked_any() -> None:
    reference = under("dominant", votes_of([0] * 6, [0] * 6, [0] * 6))
    assert reference.classes.tolist() == [-1]
    assert reference.left_out.tolist() == ["none"]


def test_dominant_prefers_more_marks_to_a_lower_index() -> None:
    votes = votes_of([0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0])
    assert under("dominant", votes).classes.tolist() == [5]


@pytest.mark.parametrize("policy", [policy.name for policy in policies.policies(FINDINGS)])
def test_presence_is_unknown_where_nobody_saw_the_image(policy: str) -> None:
    assert np.isnan(under(policy, votes_of()).present).all()


def test_the_consensus_stands_as_one_reader() -> None:
    (policy,) = policies.TEST_POLICIES
    reference = apply(policy, votes_of([0, 1, 0, 0, 0, 0], seats=1))
    assert reference.classes.tolist() == [1]
    assert policy.is_default


def test_dominant_never_calls_its_own_class_absent() -> None:
    one_of_three = votes_of([0, 0, 0, 1, 0, 0], [0] * 6, [0] * 6)
    reference = under("dominant", one_of_three)
    assert reference.classes.tolist() == [3]
    assert reference.present.tolist() == [[0, 0, 0, 1, 0, 0]]
    tie = votes_of([0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0], [0] * 6)
    assert under("dominant", tie).present.tolist() == [[0, 0, 1, 0, 0, 0]]


def test_dominant_says_how_many_classes_come_from_a_tie() -> None:
    (dominant,) = (policy for policy in policies.policies(FINDINGS) if policy.name == "dominant")
    tie = votes_of([0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0], [0] * 6)
    clear = votes_of([0, 0, 1, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0] * 6)
    nobody = votes_of([0] * 6, [0] * 6, [0] * 6)
    votes = np.concatenate([tie, clear, clear, nobody])
    said = dominant.described(votes)
    assert said.startswith(dominant.description)
    assert said.endswith("A tie gave 1 of 3 images their class (33.3%), Nodule/Mass most often: 1 of 3 (33%).")
    assert dominant.described(np.concatenate([clear, nobody])) == dominant.description
    assert dominant.described(votes[:0]) == dominant.description
