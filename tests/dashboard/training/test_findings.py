"""Training of findings that do not exclude each other: its numbers are those of scikit-learn over all known pairs."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, log_loss

from cxr_core.experiment import Experiment
from dashboard.training.data.training_sets import training_sets
from tests.support.evaluated import append_numbers
from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, answer, assert_is_whole, figures
from tests.support.results import change, frame, key_of

_TRAINED_ON = """
    UPDATE dataset SET training_policy = 'as_labelled' WHERE dataset = 'home';
    UPDATE prediction SET role = 'train' WHERE dataset = 'home' AND substr(image_id, 5)::INTEGER % 3 > 0;
    UPDATE threshold SET value = 0.5;
    INSERT INTO prediction BY NAME SELECT * REPLACE ('split-0' AS model_id) FROM prediction;
    INSERT INTO threshold BY NAME SELECT * REPLACE ('split-0' AS model_id) FROM threshold;
    DELETE FROM metric;
    DELETE FROM gap;
"""


@pytest.fixture
def path(results: Path) -> Path:
    """Three findings, of which a third of the internal images is a test and the others are training images."""
    made_run = made.write(results, "trained")
    change(made_run, _TRAINED_ON)
    with duckdb.connect(str(made_run)) as connection:
        settings = Experiment(outputs="sigmoid", replicates=100)
        append_numbers(connection, settings)
    return made_run


def _pairs(path: Path, role: str) -> pd.DataFrame:
    """Every image and finding whose presence is known."""
    rows = frame(
        path,
        f"""
        SELECT image_id, unnest(range(3)) AS finding, unnest(present) AS present, unnest(probability) AS score
        FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split' AND dataset = 'home' AND role = '{role}'
        """,  # noqa: S608
    )
    return rows.dropna(subset="present")


@pytest.mark.parametrize("class_weights", ["none", "balanced"])
def test_no_skill_is_the_loss_of_the_training_prevalences_as_they_are_weighed(path: Path, class_weights: str) -> None:
    config = json.dumps({"experiment": {"recipe": {"class_weights": class_weights}}})
    change(path, f"UPDATE run SET config = '{config}'")  # noqa: S608
    prevalence = _pairs(path, "train").groupby("finding")["present"].mean()
    tested = _pairs(path, "internal_test")
    answered = tested["finding"].map(prevalence) if class_weights == "none" else np.full(len(tested), 0.5)
    (found,) = training_sets(key_of(path))
    assert found.baseline_loss == pytest.approx(log_loss(tested["present"], answered))
    assert found.training == (_pairs(path, "train")["image_id"].nunique(),) * 2
    assert not found.are_few_held_out


def test_accuracy_is_over_every_known_finding_of_every_image(
    path: Path, open_page: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = Downloads(monkeypatch)
    app = open_page(page="training")
    assert_is_whole(app)
    expected = {}
    for role in ("train", "internal_test"):
        pairs = _pairs(path, role)
        expected[role] = accuracy_score(pairs["present"] == 1, pairs["score"] >= 0.5)
    tested = _pairs(path, "internal_test")
    frequent = tested.groupby("finding")["present"].transform(lambda known: known.mean() > 0.5)
    constant = accuracy_score(tested["present"] == 1, frequent)
    said = answer(app)
    assert f"split is right on {100 * expected['train']:.1f} % of what is known, finding by finding, of its" in said
    assert f"{100 * expected['internal_test']:.1f} % [" in said
    assert f"always answering what is more frequent of each finding ({100 * constant:.1f} %)" in said
    rows = {(row["model"], row["role"]): row for row in downloads.rows("training_accuracy")}
    assert {row["metric"] for row in rows.values()} == {"accuracy_over_findings"}
    for role, value in expected.items():
        assert float(rows["split", role]["value"]) == pytest.approx(value)
    losses = json.dumps(figures(app)[0])
    assert f"no skill {training_sets(key_of(path))[0].baseline_loss:.2f}" in losses
