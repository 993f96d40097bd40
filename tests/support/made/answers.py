"""A made-up run whose answers differ from image to image, for the tests of Confusion and Cases."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from cxr_core.findings import FINDINGS
from cxr_core.metrics.catalogue import predicted_as
from tests.support.made.once import made_once
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun, Site
from tests.support.rows import Row, insert

IMAGES = {"internal_test": 240, "external_test": 600, "train": 240}

MIX = {INTERNAL.dataset: (0.3, 0.3, 0.35, 0.05, 0.0, 0.0), EXTERNAL.dataset: (0.2, 0.2, 0.2, 0.35, 0.05, 0.0)}
"""Shares of the true classes: Consolidation has no images, and internally Pleural Effusion has none either.

Of more classes again from the first."""

VIEWS = {INTERNAL.dataset: ("PA",), EXTERNAL.dataset: ("PA", "AP")}

JUDGED = """
    SELECT model_id, dataset, role, policy, image_id, class, predicted, probability, view, sex, age_years
    FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
    WHERE class IS NOT NULL
"""


@made_once
def write_answers(results: Path, run: MadeRun | None = None) -> Path:
    """Writes a run, gives its images other classes and its models other answers, and gives its results file."""
    run = run or MadeRun(images=IMAGES)
    path = run.write(results)
    generator = np.random.default_rng(4)
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        connection.execute("DELETE FROM prediction")
        for site in run.sites:
            _answer(connection, run, site, generator=generator)
        connection.commit()
    return path


def write_intervals(
    path: Path, *, model: str, dataset: str, role: str, policy: str, classes: Sequence[str] = FINDINGS
) -> None:
    """Records an interval for each count of a matrix: one image less, and two more."""
    frame = judged(path, model=model, dataset=dataset, role=role, policy=policy)
    rows = [
        (
            model,
            dataset,
            role,
            policy,
            "single_class",
            "all",
            classes[i],
            metric,
            n,
            n - 1,
            n + 2,
            len(frame),
            of_true,
            of_true,
            False,
        )
        for i in range(len(classes))
        for j, metric in enumerate(predicted_as(classes))
        for n in [int(((frame["class"] == i) & (frame["predicted"] == j)).sum())]
        for of_true in [int((frame["class"] == i).sum())]
    ]
    with duckdb.connect(str(path)) as connection:
        insert(connection, "metric", rows)


def judged(path: Path, *, model: str, dataset: str, role: str, policy: str) -> pd.DataFrame:
    """The images of a test with their class and the model's answer, straight from the file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        frame = connection.execute(JUDGED).df()
    rows = frame[
        (frame["model_id"] == model)
        & (frame["dataset"] == dataset)
        & (frame["role"] == role)
        & (frame["policy"] == policy)
    ].copy()
    rows["confidence"] = [p[i] for p, i in zip(rows["probability"], rows["predicted"], strict=True)]
    return rows.reset_index(drop=True)


def _answer(connection: duckdb.DuckDBPyConnection, run: MadeRun, site: Site, *, generator: np.random.Generator) -> None:
    role = "external_test" if site.site == "external" else "internal_test"
    n, k = run.images[role], len(run.classes)
    ids = [f"i{i}" for i in range(n)]
    true = generator.choice(k, size=n, p=_mix(site, k))
    known = pd.DataFrame(
        {
            "image_id": ids,
            "true": true,
            "view": generator.choice(VIEWS[site.dataset], size=n),
            "sex": generator.choice(["F", "M"], size=n),
            "age_years": generator.integers(20, 80, size=n),
        }
    )
    connection.register("known", known)
    connection.execute(
        "UPDATE reference SET class = known.true FROM known WHERE reference.image_id = known.image_id AND dataset = ?",
        [site.dataset],
    )
    connection.execute(
        "UPDATE image SET view = known.view, sex = known.sex, age_years = known.age_years FROM known "
        "WHERE image.image_id = known.image_id AND dataset = ?",
        [site.dataset],
    )
    for regime in run.regimes:
        own = "train" if regime == "full" and site.site == "source" else role
        for model in (regime, *(f"{regime}-{member}" for member in range(run.members))):
            insert(
                connection, "prediction", _predictions(model, site.dataset, own, ids, true, k=k, generator=generator)
            )


def _mix(site: Site, k: int) -> np.ndarray:
    shares = np.resize(MIX[site.dataset], k)
    return shares / shares.sum() if k != len(FINDINGS) else shares


def _predictions(
    model: str, dataset: str, role: str, ids: list[str], true: np.ndarray, *, k: int, generator: np.random.Generator
) -> list[Row]:
    scores = generator.gumbel(size=(len(ids), k)) + 1.5 * np.eye(k)[true] + np.resize([1.0, 0, 0, 0, 0, -9], k)
    weights = np.exp(2 * scores)
    probability = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    rows = zip(ids, probability.argmax(axis=1), probability.tolist(), strict=True)
    return [(model, dataset, image, role, int(predicted), shares) for image, predicted, shares in rows]
