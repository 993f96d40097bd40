"""The downloads of one image: a row a class, whatever its name, each with the image's id."""

from pathlib import Path

import pytest

from dashboard.image.data import table
from dashboard.image.data.answer import answer
from dashboard.image.data.readings import readings
from dashboard.image.data.truth import truths
from tests.support.made import image as made_image
from tests.support.made.runs import EXTERNAL
from tests.support.results import change, frame, key_of

KEY = (EXTERNAL.dataset, "i7")
NAMES = ("model", "policy", "class", "class class", "left_out", "Effusion")
OF_IMAGE = "WHERE dataset = 'chexpert_train' AND image_id = 'i7'"


@pytest.fixture
def path(results: Path) -> Path:
    path = made_image.write(results)
    for index, name in enumerate(NAMES):
        change(path, f"UPDATE finding SET name = '{name}' WHERE index = {index}")  # noqa: S608
    change(path, "UPDATE reference SET present = [1, 0, 0, 1, 0, 'nan'::FLOAT]")
    return path


def test_probabilities_are_those_of_each_model(path: Path) -> None:
    run = key_of(path)
    said, truth = answer(run, model="split", key=KEY), truths(run, key=KEY)[0]
    assert said is not None
    rows = table.probability_rows(run, KEY, said, truth, classes=NAMES)
    stored = frame(path, f"FROM prediction {OF_IMAGE}").set_index("model_id")
    assert len(rows) == 4 * len(NAMES)
    for model, start in zip(("split", "split-0", "split-1", "split-2"), range(0, len(rows), len(NAMES)), strict=True):
        own = rows[start : start + len(NAMES)]
        assert {(row["model"], row["image_id"]) for row in own} == {(model, "i7")}
        assert [row["finding"] for row in own] == list(NAMES)
        assert [row["probability"] for row in own] == pytest.approx(stored.loc[model, "probability"])


def test_policies_say_what_is_present_and_what_is_not_known(path: Path) -> None:
    rows = table.policy_rows(key_of(path), KEY, truths(key_of(path), key=KEY))
    first = [row for row in rows if row["policy"] == "u_ignore"]
    assert [row["finding"] for row in first] == list(NAMES)
    assert [row["present"] for row in first] == pytest.approx([1, 0, 0, 1, 0, float("nan")], nan_ok=True)


def test_labels_are_as_they_are_stored(path: Path) -> None:
    rows = table.label_rows(key_of(path), KEY, readings(key_of(path), key=KEY))
    stored = frame(path, f"SELECT finding, reader, value FROM raw_label {OF_IMAGE}")  # noqa: S608 (a constant)
    expected = {(row.finding, row.reader): None if row.value != row.value else row.value for row in stored.itertuples()}
    assert {(row["name"], row["reader"]): row["value"] for row in rows} == expected
