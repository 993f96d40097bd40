"""A small made-up run of models that were brought: findings that do not exclude each other, scores and flags."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.experiment import Experiment
from cxr_core.manifest import Reference
from cxr_core.store import tables, write
from cxr_core.store.schema import SCHEMA_VERSION
from tests.support.evaluated import append_numbers

CLASSES = ("Edema", "Cardiomegaly", "Fracture", "Hernia")
THRESHOLDS = {"Edema": 0.5, "Cardiomegaly": 0.3, "Fracture": 0.6}
"""Of the model ``scores``, where it is not 0.5; the model ``flags`` says yes or no to each."""

UNSAID = "Hernia"
"""What the model ``scores`` says nothing of."""

UNLABELLED_OUTSIDE = "Fracture"
N, PATIENTS = 240, 150

Numbers = npt.NDArray[np.float32]


def write_brought(
    path: Path,
    *,
    has_internal: bool = True,
    classes: Sequence[str] = CLASSES,
    models: Sequence[str] = ("scores", "flags"),
    unit: str | None = None,
    role_basis: str | None = None,
    prevalence: Sequence[float] = (0.35,),
    is_softmax: bool = False,
    has_patients: bool = True,
    external: Sequence[str] = ("away",),
    policies: Sequence[str] = ("as_labelled",),
) -> Path:
    """Writes the file: models on ``home`` and ``away``, or on ``away`` alone.

    Args:
        path: Where.
        has_internal: Whether there is an internal test.
        classes: The run's.
        models: Of ``scores`` and ``flags``; with ``is_softmax`` of any names.
        unit: What a row of `image` is.
        role_basis: What the roles rest on.
        prevalence: Of each class, and again from the first where there are more.
        is_softmax: Whether an image has one class, and every model gives one.
        has_patients: Whether it is recorded of whom an image is.
        external: The external sites.
        policies: The label policies, all of which say the same; the first is the default.
    """
    outputs = "softmax" if is_softmax else "sigmoid"
    described = pd.DataFrame({"model_id": list(models), "outputs": outputs, "origin": "brought"})
    given = {finding: THRESHOLDS.get(finding, 0.5) for finding in classes if finding != UNSAID}
    settings = Experiment(outputs="softmax" if is_softmax else "sigmoid", replicates=100)
    with write.new_results(path, classes=classes) as connection:
        write.append(connection, "run", _run(path.parent.name))
        write.append(connection, "model", described)
        if "scores" in models and not is_softmax:
            write.append(connection, "threshold", tables.thresholds("scores", given, operating_point="stated"))
        away = (_Site(name, "external", seed=2 + place) for place, name in enumerate(external))
        sites = (_Site("home", "source", seed=1), *away)
        for site in sites if has_internal else sites[1:]:
            basis = pd.DataFrame([_dataset(site) | {"unit": unit, "role_basis": role_basis}])
            basis["n_patients"] = pd.array([PATIENTS if has_patients else None], "Int32")
            write.append(connection, "dataset", basis.astype({"unit": "str", "role_basis": "str"}))
            images = _images(site, has_patients=has_patients)
            write.append(connection, "policy", _policies(site.dataset, policies))
            if is_softmax:
                _append_single_classes(connection, site, images, classes=classes, models=models, policies=policies)
            else:
                _append_site(
                    connection,
                    site,
                    images,
                    classes=classes,
                    models=models,
                    prevalence=prevalence,
                    policies=policies,
                )
        append_numbers(connection, settings)
    return path


@dataclass(frozen=True)
class _Site:
    dataset: str
    site: str
    seed: int


def _images(site: _Site, *, has_patients: bool) -> pd.DataFrame:
    rng = np.random.default_rng(10 + site.seed)
    ids = np.array([f"{site.dataset}{number:03d}" for number in range(N)], object)
    images = pd.DataFrame({"dataset": site.dataset, "image_id": ids, "view": rng.choice(["PA", "AP"], N)})
    if has_patients:
        images["patient_id"] = [f"{site.dataset}-p{patient}" for patient in rng.integers(0, PATIENTS, N)]
    return images


def _append_single_classes(
    connection: duckdb.DuckDBPyConnection,
    site: _Site,
    images: pd.DataFrame,
    *,
    classes: Sequence[str],
    models: Sequence[str],
    policies: Sequence[str],
) -> None:
    rng, k, is_external = np.random.default_rng(site.seed), len(classes), site.site == "external"
    true = rng.integers(0, k, N).astype(np.int8)
    write.append(connection, "image", images)
    _append_labels(
        connection, images, np.eye(k, dtype=np.float32)[true], single=true, classes=classes, policies=policies
    )
    for model in models:
        logits = rng.normal(size=(N, k)) + (0.6 if is_external else 1.2) * np.eye(k)[true]
        probability = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
        rows = tables.predictions(
            model,
            site.dataset,
            images["image_id"].to_numpy(object),
            role=np.full(N, "external_test" if is_external else "internal_test", object),
            predicted=probability.argmax(axis=1).astype(np.int8),
            probability=probability,
        )
        write.append(connection, "prediction", rows)


def _append_site(
    connection: duckdb.DuckDBPyConnection,
    site: _Site,
    images: pd.DataFrame,
    *,
    classes: Sequence[str],
    models: Sequence[str],
    prevalence: Sequence[float],
    policies: Sequence[str],
) -> None:
    rng = np.random.default_rng(site.seed)
    dataset, is_external = site.dataset, site.site == "external"
    ids = images["image_id"].to_numpy(object)
    present = (rng.random((N, len(classes))) < np.resize(prevalence, len(classes))).astype(np.float32)
    present[rng.random(present.shape) < 0.1] = np.nan
    skill = np.full(len(classes), 0.3) if not is_external else np.linspace(0.15, 0.3, len(classes))
    scores = (np.nan_to_num(present) * skill + 0.7 * rng.random(present.shape)).round(2)
    for index, name in enumerate(classes):
        present[:, index] = np.nan if is_external and name == UNLABELLED_OUTSIDE else present[:, index]
    write.append(connection, "image", images)
    _append_labels(connection, images, present, single=np.full(N, -1, np.int8), classes=classes, policies=policies)
    role = np.full(N, "external_test" if is_external else "internal_test", object)
    unsaid = np.array([name == UNSAID for name in classes])
    if "scores" in models:
        probability = np.where(unsaid, np.nan, scores).astype(np.float32)
        rows = tables.predictions("scores", dataset, ids, role=role, probability=probability)
        write.append(connection, "prediction", rows)
    if "flags" in models:
        flagged = (scores > 0.4).astype(np.float32)
        write.append(connection, "prediction", tables.predictions("flags", dataset, ids, role=role, flagged=flagged))


def _append_labels(
    connection: duckdb.DuckDBPyConnection,
    images: pd.DataFrame,
    present: Numbers,
    *,
    single: npt.NDArray[np.int8],
    classes: Sequence[str],
    policies: Sequence[str],
) -> None:
    """What the table says, by its own names, which are those of the classes, and what follows from it."""
    dataset = str(images["dataset"].iloc[0])
    known = [index for index in range(len(classes)) if not np.isnan(present[:, index]).all()]
    names = {"finding": [classes[index] for index in known], "class": known, "grade": "exact", "reason": "The same."}
    write.append(connection, "name_match", pd.DataFrame(names).assign(dataset=dataset))
    for index in known:
        values = pd.array(present[:, index], "Float64").astype("Int8")
        rows = images[["dataset", "image_id"]].assign(finding=classes[index], reader="table", value=values)
        write.append(connection, "raw_label", rows)
    reference = Reference(classes=single, left_out=np.full(N, None, object), present=present)
    for table in tables.references(dataset, images, dict.fromkeys(policies, reference)):
        write.append(connection, "reference", table)


def _dataset(site: _Site) -> dict[str, object]:
    named = {"dataset": site.dataset, "site": site.site, "synthetic": False, "reader": "table"}
    counts = {"n_images": N, "n_patients": PATIENTS, "n_left_out": 0, "n_rejected": 0}
    return named | {"manifest_fingerprint": "none"} | counts


def _policies(dataset: str, names: Sequence[str]) -> pd.DataFrame:
    named = pd.DataFrame({"policy": list(names), "is_default": [name == names[0] for name in names]})
    return named.assign(dataset=dataset, description="As the table says.")


def _run(name: str) -> pd.DataFrame:
    row = {
        "run_id": name,
        "created_at": pd.Timestamp("2026-11-24"),
        "preset": "score",
        "config": "{}",
        "versions": "{}",
    }
    return pd.DataFrame([row | {"device": "cpu", "seconds": 1.0, "schema_version": SCHEMA_VERSION, "notes": []}])
