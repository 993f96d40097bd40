"""A small made-up run of models that were brought: findings that do not exclude each other, scores and flags."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.manifest import Reference
from cxr_core.pipeline import metric_tables
from cxr_core.progress.journal import Journal
from cxr_core.progress.meter import Progress
from cxr_core.store import tables, write
from cxr_core.store.schema import SCHEMA_VERSION

CLASSES = ("Edema", "Cardiomegaly", "Fracture", "Hernia")
THRESHOLDS = {"Edema": 0.5, "Cardiomegaly": 0.3, "Fracture": 0.6}
"""Of the model ``scores``, which says nothing of Hernia; the model ``flags`` says yes or no to each."""

UNLABELLED_OUTSIDE = "Fracture"
N, PATIENTS = 240, 150

Numbers = npt.NDArray[np.float32]


def write_brought(path: Path, *, has_internal: bool = True, classes: Sequence[str] = CLASSES) -> Path:
    """Writes the file: the models ``scores`` and ``flags`` on ``home`` and ``away``, or on ``away`` alone.

    Args:
        path: Where.
        has_internal: Whether there is an internal test.
        classes: The first so many of `CLASSES`.
    """
    models = pd.DataFrame({"model_id": ["scores", "flags"], "outputs": "sigmoid", "origin": "brought"})
    given = {finding: value for finding, value in THRESHOLDS.items() if finding in classes}
    with write.new_results(path, classes=classes) as connection:
        write.append(connection, "run", _run())
        write.append(connection, "model", models)
        write.append(connection, "threshold", tables.thresholds("scores", given, operating_point="stated"))
        if has_internal:
            _append_site(connection, "home", site="source", classes=classes, seed=1)
        _append_site(connection, "away", site="external", classes=classes, seed=2)
        metric_tables.append(connection, seed=0, replicates=100, progress=Progress(Journal(("evaluate",))))
    return path


def _append_site(
    connection: duckdb.DuckDBPyConnection, dataset: str, *, site: str, classes: Sequence[str], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    ids = np.array([f"{dataset}{number:03d}" for number in range(N)], object)
    present = (rng.random((N, len(classes))) < 0.35).astype(np.float32)
    present[rng.random(present.shape) < 0.1] = np.nan
    scores = (np.nan_to_num(present) * (0.3 if site == "source" else 0.15) + 0.7 * rng.random(present.shape)).round(2)
    for index, name in enumerate(classes):
        present[:, index] = np.nan if site == "external" and name == UNLABELLED_OUTSIDE else present[:, index]
    flagged = (scores > 0.4).astype(np.float32)
    unsaid = np.array([name not in THRESHOLDS for name in classes])
    write.append(connection, "dataset", _dataset(dataset, site))
    write.append(connection, "policy", _policy(dataset))
    images = pd.DataFrame({"dataset": dataset, "image_id": ids, "view": rng.choice(["PA", "AP"], N)})
    images["patient_id"] = [f"{dataset}-p{patient}" for patient in rng.integers(0, PATIENTS, N)]
    write.append(connection, "image", images)
    reference = Reference(classes=np.full(N, -1, np.int8), left_out=np.full(N, None, object), present=present)
    for table in tables.references(dataset, images, {"as_labelled": reference}):
        write.append(connection, "reference", table)
    role = np.full(N, "internal_test" if site == "source" else "external_test", object)
    probability = np.where(unsaid, np.nan, scores).astype(np.float32)
    write.append(
        connection, "prediction", tables.predictions("scores", dataset, ids, role=role, probability=probability)
    )
    write.append(connection, "prediction", tables.predictions("flags", dataset, ids, role=role, flagged=flagged))


def _dataset(dataset: str, site: str) -> pd.DataFrame:
    row = {"dataset": dataset, "site": site, "synthetic": True, "reader": "table", "manifest_fingerprint": "none"}
    return pd.DataFrame([row | {"n_images": N, "n_left_out": 0, "n_rejected": 0}])


def _policy(dataset: str) -> pd.DataFrame:
    return pd.DataFrame(
        [{"dataset": dataset, "policy": "as_labelled", "is_default": True, "description": "As the table says."}]
    )


def _run() -> pd.DataFrame:
    row = {
        "run_id": "brought",
        "created_at": pd.Timestamp("2030-01-01"),
        "preset": "score",
        "config": "{}",
        "versions": "{}",
    }
    return pd.DataFrame([row | {"device": "cpu", "seconds": 1.0, "schema_version": SCHEMA_VERSION, "notes": []}])
