import numpy as np
import pytest

from cxr_core.datasets.chexpert.policies import policies
from cxr_core.findings import FINDINGS
from cxr_core.labels import apply
from cxr_core.manifest import Reference

NAN = np.nan
POLICIES = policies(FINDINGS)
POSITIVE = [NAN, 1, 0, NAN, NAN, NAN]
UNCERTAIN = [NAN, 1, -1, NAN, NAN, NAN]
ONLY_UNCERTAIN = [NAN, NAN, -1, NAN, NAN, NAN]
TWO = [NAN, 1, NAN, 1, NAN, NAN]
BLANK = [NAN] * 6
NORMAL = [1, NAN, NAN, NAN, -1, NAN]


def under(name: str, *rows: list[float]) -> Reference:
    votes = np.array(rows, dtype=np.float32)[:, None, :]
    return next(policy for policy in POLICIES if policy.name == name).rule(votes)


@pytest.mark.parametrize(
    ("policy", "row", "label", "left_out", "present"),
    [
        ("u_zeros", POSITIVE, 1, None, [0, 1, 0, 0, 0, 0]),
        ("u_zeros", UNCERTAIN, 1, None, [0, 1, 0, 0, 0, 0]),
        ("u_zeros", ONLY_UNCERTAIN, -1, "none", [0] * 6),
        ("u_zeros", TWO, -1, "several", [0, 1, 0, 1, 0, 0]),
        ("u_zeros", BLANK, -1, "none", [0] * 6),
        ("u_ones", POSITIVE, 1, None, [0, 1, 0, 0, 0, 0]),
        ("u_ones", UNCERTAIN, -1, "several", [0, 1, 1, 0, 0, 0]),
        ("u_ones", ONLY_UNCERTAIN, 2, None, [0, 0, 1, 0, 0, 0]),
        ("u_ones", BLANK, -1, "none", [0] * 6),
        ("u_ignore", POSITIVE, 1, None, [0, 1, 0, 0, 0, 0]),
        ("u_ignore", UNCERTAIN, -1, "uncertain", [0, 1, NAN, 0, 0, 0]),
        ("u_ignore", TWO, -1, "several", [0, 1, 0, 1, 0, 0]),
        ("u_ignore", BLANK, -1, "none", [0] * 6),
        ("explicit", POSITIVE, -1, None, [0, 1, 0, NAN, NAN, NAN]),
        ("explicit", UNCERTAIN, -1, None, [0, 1, NAN, NAN, NAN, NAN]),
        ("explicit", ONLY_UNCERTAIN, -1, None, [NAN] * 6),
        ("explicit", NORMAL, -1, None, [1, 0, 0, 0, 0, 0]),
        ("explicit", [1, 1, NAN, NAN, NAN, NAN], -1, None, [0, 1, NAN, NAN, NAN, NAN]),
        ("explicit", [0, NAN, NAN, NAN, NAN, NAN], -1, None, [0, NAN, NAN, NAN, NAN, NAN]),
    ],
)
def test_each_policy_by_hand(
    policy: str, row: list[float], label: int, left_out: str | None, present: list[float]
) -> None:
    reference = under(policy, row)
    assert reference.classes.tolist() == [label]
    assert reference.left_out.tolist() == [left_out]
    np.testing.assert_array_equal(reference.present, [present])


def test_rows_do_not_touch_each_other() -> None:
    rows = [POSITIVE, UNCERTAIN, TWO, BLANK, NORMAL]
    for policy in POLICIES:
        together = under(policy.name, *rows).present
        alone = [under(policy.name, row).present[0] for row in rows]
        np.testing.assert_array_equal(together, alone)


def test_the_default_and_the_one_without_a_class() -> None:
    assert [policy.name for policy in POLICIES if policy.is_default] == ["u_ignore"]
    assert [policy.name for policy in POLICIES if not policy.has_class] == ["explicit"]


def test_several_readers_are_refused() -> None:
    with pytest.raises(ValueError, match="one reader, found 2"):
        apply(POLICIES[0], np.zeros((1, 2, 6), dtype=np.float32))


def _explicit(classes: tuple[str, ...], *rows: list[float]) -> list[list[float]]:
    (policy,) = (one for one in policies(classes) if one.name == "explicit")
    present: list[list[float]] = policy.rule(np.array(rows, dtype=np.float32)[:, None]).present.tolist()
    return present


def test_no_finding_is_known_by_its_name_wherever_it_stands() -> None:
    assert _explicit(("Edema", "No Finding", "Fracture"), [NAN, 1, NAN], [1, 1, NAN]) == [
        [0, 1, 0],
        [1, 0, pytest.approx(NAN, nan_ok=True)],
    ]


def test_without_no_finding_nothing_follows_from_what_was_stated() -> None:
    rows = [1, NAN, NAN], [0, -1, 1]
    found = np.array(_explicit(("Edema", "Mass", "Fracture"), *rows))
    np.testing.assert_array_equal(found, np.array([[1, NAN, NAN], [0, NAN, 1]]))
