"""A small made-up run of a brought model of three classes that exclude each other, at two or three sites."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy.special import softmax

from cxr_core.experiment import Experiment
from cxr_core.manifest import Reference
from cxr_core.store import tables, write
from cxr_core.store.schema import SCHEMA_VERSION
from tests.support.evaluated import append_numbers

CLASSES = ("No Finding", "Edema", "Cardiomegaly")
N, PATIENTS = 300, 200
MIXES = {"home": (0.5, 0.3, 0.2), "val": (0.5, 0.3, 0.2), "away": (0.2, 0.3, 0.5)}
BIASES = {"home": (0.0, 0.0, 0.0), "val": (0.0, 0.0, 0.0), "away": (1.0, -1.0, 0.0)}
SITES = {"home": "source", "val": "validation", "away": "external"}
ROLES = {"home": "internal_test", "val": "validation", "away": "external_test"}


def write_softmax(path: Path, *, has_validation: bool = False) -> Path:
    """Writes the file: the model ``net`` on ``home`` and ``away``, where alone there are AP films, and men.

    Args:
        path: Where.
        has_validation: Whether there is a dataset ``val`` of the role ``validation``.
    """
    with write.new_results(path, classes=CLASSES) as connection:
        write.append(connection, "run", _run(path.parent.name))
        append_answers(connection, has_validation=has_validation)
        settings = Experiment(findings=CLASSES, replicates=100)
        append_numbers(connection, settings)
    return path


def append_answers(connection: duckdb.DuckDBPyConnection, *, has_validation: bool = False) -> None:
    """Appends everything but the numbers."""
    write.append(connection, "model", pd.DataFrame({"model_id": ["net"], "outputs": "softmax", "origin": "brought"}))
    for seed, dataset in enumerate(SITES):
        if dataset != "val" or has_validation:
            _append_site(connection, dataset, seed=seed)


def _append_site(connection: duckdb.DuckDBPyConnection, dataset: str, *, seed: int) -> None:
    rng = np.random.default_rng(seed)
    classes = rng.choice(3, N, p=MIXES[dataset]).astype(np.int8)
    logits = rng.normal(size=(N, 3)) + np.array(BIASES[dataset]) + 1.8 * np.eye(3)[classes]
    probability = softmax(logits, axis=1).astype(np.float32)
    classes[rng.random(N) < 0.05] = -1
    images = pd.DataFrame({"dataset": dataset, "image_id": [f"{dataset}{number:03d}" for number in range(N)]})
    images["patient_id"] = [f"{dataset}-p{patient}" for patient in rng.integers(0, PATIENTS, N)]
    images["view"] = np.where(rng.random(N) < (0.4 if dataset == "away" else 0), "AP", "PA")
    images["sex"] = rng.choice(["F", "M"], N) if dataset == "away" else "F"
    reference = Reference(
        classes=classes,
        left_out=np.where(classes < 0, "several", None).astype(object),
        present=np.where(classes[:, np.newaxis] < 0, np.nan, np.eye(3)[classes]).astype(np.float32),
    )
    counts = {"n_images": N, "n_patients": PATIENTS, "n_left_out": 0, "n_rejected": 0, "synthetic": False}
    described = {"dataset": dataset, "site": SITES[dataset], "reader": "table", "manifest_fingerprint": "none"}
    policy = {"dataset": dataset, "policy": "majority", "is_default": True, "description": "As the table says."}
    write.append(connection, "dataset", pd.DataFrame([described | counts]))
    write.append(connection, "policy", pd.DataFrame([policy]))
    write.append(connection, "image", images)
    for table in tables.references(dataset, images, {"majority": reference}):
        write.append(connection, "reference", table)
    rows = tables.predictions(
        "net",
        dataset,
        images["image_id"].to_numpy(object),
        role=np.full(N, ROLES[dataset], object),
        predicted=probability.argmax(axis=1).astype(np.int8),
        probability=probability,
    )
    write.append(connection, "prediction", rows)


def _run(name: str) -> pd.DataFrame:
    row = {"run_id": name, "created_at": pd.Timestamp("2026-11-24"), "preset": "score", "config": "{}"}
    made = {"versions": "{}", "device": "cpu", "seconds": 1.0, "schema_version": SCHEMA_VERSION, "notes": []}
    return pd.DataFrame([row | made])
