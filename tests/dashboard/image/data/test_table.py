"""The downloads of one image: no class shares a column with another thing."""

from pathlib import Path

import pytest

from dashboard.image.data import table
from dashboard.image.data.answer import answer
from dashboard.image.data.truth import truths
from tests.support.made import image as made_image
from tests.support.made.runs import EXTERNAL
from tests.support.results import change, frame, key_of

KEY = (EXTERNAL.dataset, "i7")
NAMES = ("model", "policy", "class", "class class", "left_out", "Effusion")


@pytest.fixture
def path(results: Path) -> Path:
    path = made_image.write(results)
    for index, name in enumerate(NAMES):
        change(path, f"UPDATE finding SET name = '{name}' WHERE index = {index}")  # noqa: S608
    change(path, "UPDATE reference SET present = [1, 0, 0, 1, 0, 'nan'::FLOAT]")
    return path


def test_a_class_has_a_column_of_its_own_whatever_its_name(path: Path) -> None:
    said = answer(key_of(path), model="split", key=KEY)
    assert said is not None
    first, *members = table.probabilities_to_csv_rows(said, classes=NAMES)
    assert list(first) == ["model", "class model", *NAMES[1:]]
    stored = frame(path, "FROM prediction WHERE dataset = 'chexpert_train' AND image_id = 'i7'").set_index("model_id")
    for row in (first, *members):
        assert list(row.values())[1:] == pytest.approx(stored.loc[str(row["model"]), "probability"])
    assert len(members) == 3


def test_a_policy_has_one_too(path: Path) -> None:
    row = table.policies_to_csv_rows(truths(key_of(path), key=KEY))[0]
    assert list(row) == [
        "policy", "class", "left_out", "model", "class policy", "class class", "class class class", "class left_out",
        "Effusion",
    ]  # fmt: skip
    assert row["policy"] == "u_ignore"
    assert list(row.values())[3:] == pytest.approx([1, 0, 0, 1, 0, float("nan")], nan_ok=True)
