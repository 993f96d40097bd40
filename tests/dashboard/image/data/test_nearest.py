"""The nearest images are those that an independent computation finds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.metrics import neighbours
from cxr_core.store.runs import look_into
from dashboard.image.data import nearest
from dashboard.image.text import nearest as text
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.results.runs import run_key
from tests.support.made import image as made_image
from tests.support.made.answers import judged
from tests.support.made.image import MEMBERS
from tests.support.made.runs import EXTERNAL, INTERNAL
from tests.support.results import change, frame

INTERNAL_TEST = TestSet(model="split", dataset=INTERNAL.dataset, policy="dominant", role="internal_test")
ELSEWHERE = TestSet(model="split", dataset=EXTERNAL.dataset, policy="u_ignore", role="external_test")


@pytest.fixture
def path(results: Path) -> Path:
    return made_image.write(results)


def key_of(path: Path) -> RunKey:
    return run_key(look_into(path.parent))


def side_by_side(path: Path) -> pd.Series:
    """Each image's unit vectors of the members, one after the other, of length 1."""
    rows = frame(path, "FROM feature ORDER BY model_id")
    rows["unit"] = [np.asarray(vector) / np.linalg.norm(vector) for vector in rows["vector"]]
    return rows.groupby(["dataset", "image_id"])["unit"].apply(lambda units: np.concatenate(list(units)) / np.sqrt(3))


def expected(path: Path, test: TestSet, key: tuple[str, str], *, right_of: int | None) -> list[tuple[str, float]]:
    rows = judged(path, **test.parameters())  # type: ignore[arg-type]
    if right_of is not None:
        rows = rows[(rows["class"] == right_of) & (rows["predicted"] == right_of)]
    vectors = side_by_side(path)
    likeness = {
        image: float(vectors[test.dataset, image] @ vectors[key])
        for image in rows["image_id"]
        if (test.dataset, image) != key
    }
    return sorted(likeness.items(), key=lambda item: -item[1])


@pytest.mark.parametrize(("test", "right_of"), [(INTERNAL_TEST, 1), (ELSEWHERE, None)])
def test_the_nearest_are_those_of_the_members_unit_vectors_side_by_side(
    path: Path, test: TestSet, right_of: int | None
) -> None:
    key = (EXTERNAL.dataset, "i7")

    found = nearest.nearest(key_of(path), test, key=key, members=MEMBERS, right_of=right_of, limit=8)

    wanted = expected(path, test, key, right_of=right_of)[:8]
    assert [each.key[1] for each in found] == [image for image, _ in wanted]
    assert [each.cosine for each in found] == pytest.approx([cosine for _, cosine in wanted], abs=1e-5)
    if right_of is not None:
        assert {(each.true, each.predicted) for each in found} == {("Cardiomegaly", "Cardiomegaly")}


def test_the_database_finds_whom_the_library_finds(path: Path) -> None:
    key = (EXTERNAL.dataset, "i7")
    features = frame(path, f"FROM feature WHERE dataset = '{EXTERNAL.dataset}'").groupby("model_id")
    of_member = {model: dict(zip(own["image_id"], own["vector"], strict=True)) for model, own in features}
    tested = sorted(set(judged(path, **ELSEWHERE.parameters())["image_id"]) - {"i7"})  # type: ignore[arg-type]
    vectors = np.array([[vectors[image] for image in tested] for vectors in of_member.values()], np.float64)
    asked = np.array([vectors["i7"] for vectors in of_member.values()])

    found = nearest.nearest(key_of(path), ELSEWHERE, key=key, members=MEMBERS, right_of=None, limit=8)

    likeness = neighbours.likeness(vectors, asked)
    rows_found = neighbours.nearest(likeness, limit=8)
    assert [each.key[1] for each in found] == [tested[row] for row in rows_found]
    assert [each.cosine for each in found] == pytest.approx(likeness[rows_found].tolist(), abs=1e-6)


def test_of_a_larger_test_as_many_as_are_bounded_are_compared_and_always_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (EXTERNAL.dataset, "i7")
    nearest.nearest.clear()
    monkeypatch.setattr(nearest, "MOST_COMPARED", 20)
    found = nearest.nearest(key_of(path), ELSEWHERE, key=key, members=MEMBERS, right_of=None, limit=500)
    nearest.nearest.clear()
    again = nearest.nearest(key_of(path), ELSEWHERE, key=key, members=MEMBERS, right_of=None, limit=500)
    nearest.nearest.clear()
    assert len(found) == 20
    assert again == found
    assert nearest.compared_of_larger(key_of(path), ELSEWHERE, most=20) == 20
    assert nearest.compared_of_larger(key_of(path), ELSEWHERE, most=100_000) is None


def test_that_a_bound_was_met_is_said() -> None:
    assert text.drawn_by_seed(None) == ""
    assert text.drawn_by_seed(100_000) == "Sought among 100,000 images of this test, drawn at random."


def test_the_image_itself_is_not_among_them(path: Path) -> None:
    found = nearest.nearest(
        key_of(path), ELSEWHERE, key=(EXTERNAL.dataset, "i7"), members=MEMBERS, right_of=None, limit=500
    )

    assert len(found) == 119
    assert "i7" not in {each.key[1] for each in found}


def test_the_same_patient_is_marked_and_never_across_sites(path: Path) -> None:
    change(path, "UPDATE image SET patient_id = 'q2' WHERE dataset = 'vinbigdata'")
    key = (EXTERNAL.dataset, "i7")

    near = nearest.nearest(key_of(path), ELSEWHERE, key=key, members=MEMBERS, right_of=None, limit=500)
    internal = nearest.nearest(key_of(path), INTERNAL_TEST, key=key, members=MEMBERS, right_of=None, limit=500)

    assert {each.key[1] for each in near if each.same_patient} == {"i6", "i8"}
    assert internal
    assert not any(each.same_patient for each in internal)


def test_where_no_patient_is_recorded_that_is_not_known(path: Path) -> None:
    change(path, "UPDATE image SET patient_id = NULL")

    found = nearest.nearest(
        key_of(path), ELSEWHERE, key=(EXTERNAL.dataset, "i7"), members=MEMBERS, right_of=None, limit=3
    )

    assert [each.same_patient for each in found] == [None] * 3


def test_a_vector_of_zeros_is_like_nothing(path: Path) -> None:
    change(path, "UPDATE feature SET vector = [0, 0, 0, 0, 0] WHERE image_id = 'i3'")

    found = nearest.nearest(
        key_of(path), ELSEWHERE, key=(EXTERNAL.dataset, "i7"), members=MEMBERS, right_of=None, limit=500
    )

    assert "i3" not in {each.key[1] for each in found}
    assert len(found) == 118


def test_an_image_that_one_member_did_not_see_is_left_out(path: Path) -> None:
    change(path, "DELETE FROM feature WHERE image_id = 'i3' AND model_id = 'split-1'")

    found = nearest.nearest(
        key_of(path), ELSEWHERE, key=(EXTERNAL.dataset, "i7"), members=MEMBERS, right_of=None, limit=500
    )

    assert "i3" not in {each.key[1] for each in found}


def test_without_features_nothing_is_near(path: Path) -> None:
    change(path, "DELETE FROM feature")
    run, key = key_of(path), (EXTERNAL.dataset, "i7")

    assert not nearest.has_features(run, key=key, members=MEMBERS)
    assert nearest.nearest(run, ELSEWHERE, key=key, members=MEMBERS, right_of=None, limit=3) == ()
