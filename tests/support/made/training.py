"""What a made-up run of `runs` lacks for the page Training: epochs, training accuracies by class, a recipe."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from cxr_core.experiment import PAPER, Experiment
from cxr_core.findings import FINDINGS
from tests.support.rows import insert

FALLING = (1.6, 1.2, 1.0, 0.9)
RISING = (1.6, 1.0, 1.1, 1.3)
LEVEL = (1.6, 1.0, 0.901, 0.9)
TRAIN = (1.7, 1.1, 0.6, 0.3)


def add_epochs(path: Path, held_out: Mapping[str, Sequence[float] | None], *, train: Sequence[float] = TRAIN) -> None:
    """Gives members epochs: from the model's id to its losses on held-out images, None where nothing was held out."""
    rows = [
        (model, number, loss, None if losses is None else losses[number - 1], 2.0 + number, 1e-3)
        for model, losses in held_out.items()
        for number, loss in enumerate(train, start=1)
    ]
    with duckdb.connect(str(path)) as connection:
        connection.executemany("INSERT INTO epoch VALUES (?, ?, ?, ?, ?, ?)", rows)


def add_mix(
    path: Path, *, model: str, role: str, policy: str, positives: Sequence[int], classes: Sequence[str] = FINDINGS
) -> None:
    """Gives a model recalls, whose counts tell the mix of the classes."""
    key, total = (model, "vinbigdata", role, policy, "single_class", "all"), sum(positives)
    rows = [
        (*key, finding, "recall", 0.9, None, None, total, count, count, False)
        for finding, count in zip(classes, positives, strict=True)
    ]
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM metric WHERE metric = 'recall' AND model_id = ? AND role = ?", [model, role])
        insert(connection, "metric", rows)


def set_recipe(path: Path, experiment: Experiment = PAPER, *, parent: str | None = None) -> None:
    """Gives the run a configuration."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE run SET config = ?, parent = ?", [json.dumps({"experiment": experiment.as_dict()}), parent]
        )


def entropy(counts: Sequence[int]) -> float:
    """Of the mix that the counts make, in nats."""
    total = sum(counts)
    return sum(-count / total * math.log(count / total) for count in counts if count)


def cross_entropy(tested: Sequence[int], *, trained: Sequence[int]) -> float:
    """Of always answering with one mix, on images of another, in nats."""
    return -sum(
        count / sum(tested) * math.log(other / sum(trained))
        for count, other in zip(tested, trained, strict=True)
        if count
    )
