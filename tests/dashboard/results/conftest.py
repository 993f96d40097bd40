"""A run of 400 external images with an ensemble and three members whose answers are drawn at random."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun
from tests.support.rows import insert

TEST = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("results")
    run = MadeRun(images={"internal_test": 30, "external_test": 400, "train": 60}, sites=(INTERNAL, EXTERNAL))
    path = run.write(results)
    rng = np.random.default_rng(5)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM prediction WHERE model_id = 'split' AND dataset = 'chexpert_train'")
        members = rng.dirichlet(np.ones(6) / 2, size=(3, 400)).astype(np.float32)
        members[:, :20] = members[:, :1]  # twenty images with the very same probabilities: ties
        _add(connection, "split", members.mean(axis=0))
        for i, member in enumerate(members):
            _add(connection, f"split-{i}", member)
            _add(connection, f"full-{i}", member[::-1])
        connection.execute(
            "UPDATE image SET view = CASE hash(image_id) % 3 WHEN 0 THEN 'AP' WHEN 1 THEN 'PA' END, "
            "sex = CASE WHEN hash(image_id) % 5 < 2 THEN 'F' WHEN hash(image_id) % 5 < 4 THEN 'M' END, "
            "age_years = CASE WHEN hash(image_id) % 7 > 0 THEN hash(image_id) % 95 END"
        )
        connection.execute(
            "UPDATE reference SET class = NULL, left_out = 'several' "
            "WHERE policy = 'u_ignore' AND hash(image_id) % 11 = 0"
        )
    return path


@pytest.fixture
def run(file: Path) -> RunKey:
    return RunKey(name=file.parent.name, path=str(file), changed_ns=file.stat().st_mtime_ns)


@pytest.fixture(scope="module")
def judged(file: Path) -> pd.DataFrame:
    """The same images, joined and judged by pandas alone."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = {name: connection.sql(f"FROM {name}").df() for name in ("prediction", "reference", "image")}
    of_test = tables["prediction"].query("dataset == 'chexpert_train' and role == 'external_test'")
    frame = of_test[of_test.model_id == "split"].merge(tables["image"], on=["dataset", "image_id"])
    policy = tables["reference"].query("policy == 'u_ignore'").dropna(subset="class")
    frame = frame.merge(policy, on=["dataset", "image_id"])
    frame["confidence"] = [p[k] for p, k in zip(frame.probability, frame.predicted, strict=True)]
    members = of_test[of_test.model_id.str.startswith("split-")].groupby("image_id")
    frame["answers"] = frame.image_id.map(members.predicted.apply(list))
    frame["others"] = [sum(a != k for a in answers) for answers, k in zip(frame.answers, frame.predicted, strict=True)]
    return frame


def _add(connection: duckdb.DuckDBPyConnection, model: str, probability: np.ndarray) -> None:
    rows = [
        (model, "chexpert_train", f"i{i}", "external_test", int(p.argmax()), p.tolist())
        for i, p in enumerate(probability)
    ]
    insert(connection, "prediction", rows)
