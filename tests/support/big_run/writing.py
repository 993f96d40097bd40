"""Writes a made-up run whole, through the tables and the writer of the library."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from cxr_core import provenance
from cxr_core.evaluation.group import Measured
from cxr_core.experiment import PAPER
from cxr_core.store import tables, write
from cxr_core.store.runs import RESULTS_FILE
from cxr_core.store.schema import SCHEMA_VERSION
from tests.support.big_run import measured, shown, sites
from tests.support.big_run.answers import REGIMES, Answers, answers, roles
from tests.support.big_run.measured import Mixes
from tests.support.big_run.sites import DrawnSite
from tests.support.big_run.size import Size
from tests.support.made.shift import take_apart

_PIPELINE = "0" * 16
_PARAMETERS = 11_179_590
_CREATED_AT = datetime(2026, 1, 1, 12, tzinfo=UTC)  # older than any run that really ran


Evaluate = Callable[[duckdb.DuckDBPyConnection], None]
"""Fills the tables `metric` and `gap` of a run whose answers are in the file."""


def write_run(results: Path, *, size: Size, seed: int = 0, evaluate: Evaluate | None = None) -> Path:
    """A sealed run that nobody ran; the same size and seed give the same rows.

    Args:
        results: The folder of runs; the run lies in a folder of its own below.
        size: How large.
        seed: Of everything that is drawn.
        evaluate: What measures it instead; without, the metrics have intervals that are only plausible.

    Returns:
        Its results file.
    """
    path = results / size.name / RESULTS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    internal = sites.internal(size, rng=np.random.default_rng([seed, 1]))
    external = sites.external(size, rng=np.random.default_rng([seed, 2]))
    mixes: Mixes = {regime: measured.train_mix(internal, roles(internal, regime=regime)) for regime in REGIMES}
    with write.new_results(path, classes=size.classes) as connection:
        _append_models(connection, size)
        found: tuple[Measured, ...] = ()
        for drawn in (internal, external):
            _append_site(connection, drawn)
            found += _append_answers(connection, drawn, size=size, seed=seed, mixes=None if evaluate else mixes)
        if evaluate is not None:
            evaluate(connection)
        else:
            rows = measured.metrics(found)
            write.append(connection, "metric", rows)
            write.append(connection, "gap", measured.gaps(found, rows))
            take_apart(connection)
        _append_run(connection, size=size, seed=seed)
    return path


def _append_site(connection: duckdb.DuckDBPyConnection, drawn: DrawnSite) -> None:
    images = drawn.images
    row = {
        "dataset": drawn.dataset,
        "site": drawn.site,
        "synthetic": True,
        "reader": drawn.reader,
        "training_policy": drawn.training_policy,
        "manifest_fingerprint": _PIPELINE,
        "pipeline_fingerprint": _PIPELINE,
        "n_images": len(images),
        "n_patients": int(images["patient_id"].nunique()) or None,
        "n_left_out": len(images) - drawn.kept,
        "n_rejected": 0,
    }
    write.append(connection, "dataset", pd.DataFrame([row]).astype({"training_policy": "str"}))
    policies = [(policy.name, policy.is_default, policy.description) for policy in drawn.policies]
    described = pd.DataFrame(policies, columns=["policy", "is_default", "description"])
    write.append(connection, "policy", described.assign(dataset=drawn.dataset))
    matches = [(match.finding, match.class_index, match.grade, match.reason) for match in drawn.names]
    named = pd.DataFrame(matches, columns=["finding", "class", "grade", "reason"])
    write.append(connection, "name_match", named.assign(dataset=drawn.dataset))
    write.append(connection, "image", images.assign(dataset=drawn.dataset))
    for table in tables.references(drawn.dataset, images, drawn.references):
        write.append(connection, "reference", table)
    for table in _raw_labels(drawn):
        write.append(connection, "raw_label", table)


def _raw_labels(drawn: DrawnSite) -> list[pa.Table]:
    """A table per name: those of the classes, and support devices where the site would name them."""
    ids = drawn.images["image_id"].to_numpy(object)
    saw = (~np.isnan(drawn.votes)).any(axis=2) | (len(drawn.readers) == 1)
    image, reader = np.nonzero(saw)
    values = {match.finding: drawn.votes[image, reader, match.class_index] for match in drawn.names}
    if drawn.site == "external":
        rng = np.random.default_rng(len(ids))
        values["Support Devices"] = np.where(rng.random(len(image)) < 0.44, np.float32(1), np.float32(np.nan))
    readers = pa.DictionaryArray.from_arrays(reader.astype(np.int8), pa.array(drawn.readers))
    return [
        pa.table(
            {
                "dataset": write.repeated(drawn.dataset, len(image)),
                "image_id": pa.array(ids[image], pa.string()),
                "finding": write.repeated(finding, len(image)),
                "reader": readers,
                "value": pa.array(value, pa.float32(), from_pandas=True),
            }
        )
        for finding, value in values.items()
    ]


def _append_answers(
    connection: duckdb.DuckDBPyConnection, drawn: DrawnSite, *, size: Size, seed: int, mixes: Mixes | None
) -> tuple[Measured, ...]:
    ids = drawn.images["image_id"].to_numpy(object)[: drawn.kept]
    site = measured.site_of(drawn)
    found: tuple[Measured, ...] = ()
    ensembles: list[Answers] = []
    for one in answers(drawn, members=size.members, seed=seed):
        rows = tables.predictions(
            one.model_id, drawn.dataset, ids, role=one.role, predicted=one.predicted, probability=one.probability
        )
        write.append(connection, "prediction", rows)
        if mixes is not None:
            found += measured.measured(site, one, classes=drawn.classes, train_mix=mixes[one.regime])
        if one.member is None:
            ensembles.append(one)
    chosen = shown.rows(drawn, next(one for one in ensembles if one.regime == "split"), size=size)
    rng = np.random.default_rng([seed, 3, len(ids)])
    if drawn.site == "source":
        write.append(connection, "box", shown.boxes(drawn, chosen, rng=rng))
    for ensemble in ensembles:
        _append_shown(connection, drawn, ensemble, chosen, size=size, rng=rng)
    return found


def _append_shown(
    connection: duckdb.DuckDBPyConnection,
    drawn: DrawnSite,
    ensemble: Answers,
    chosen: shown.Rows,
    *,
    size: Size,
    rng: np.random.Generator,
) -> None:
    ids = drawn.images["image_id"].to_numpy(object)[chosen]
    for member in range(size.members):
        model = f"{ensemble.regime}-{member}"
        vectors = shown.features(drawn.truth[chosen], k=len(drawn.classes), length=size.features, rng=rng)
        write.append(connection, "feature", tables.features(model, drawn.dataset, ids, vectors=vectors))
    for model in (*(f"{ensemble.regime}-{member}" for member in range(size.members)), ensemble.model_id):
        maps, scale = shown.maps(len(chosen), k=len(drawn.classes), side=size.map_side, rng=rng)
        rows = tables.saliency(model, drawn.dataset, ids, method="cam", maps=maps, scale=scale)
        write.append(connection, "saliency", rows)
        if model == ensemble.model_id:
            write.append(connection, "mean_map", shown.mean_maps(drawn, ensemble, chosen, found=maps))


def _append_models(connection: duckdb.DuckDBPyConnection, size: Size) -> None:
    models = [
        (f"{regime}-{member}" if member is not None else regime, regime, member)
        for regime in REGIMES
        for member in (*range(size.members), None)
    ]
    rows = pd.DataFrame(models, columns=["model_id", "regime", "member"]).astype({"member": "Int8"})
    rows = rows.assign(seed=0, architecture="resnet18", parameters=_PARAMETERS, outputs="softmax", origin="trained")
    write.append(connection, "model", rows)
    epochs = np.arange(1, size.epochs + 1)
    for model, regime, member in models:
        if member is not None:
            loss = 1.7 * np.exp(-epochs / 5) + 0.05 * member / size.members
            held_out = loss + 0.02 * epochs if regime == "split" else np.full(len(epochs), np.nan)
            learned = {"epoch": epochs, "train_loss": loss, "held_out_loss": held_out, "seconds": 40.0}
            write.append(connection, "epoch", pd.DataFrame(learned).assign(model_id=model, learning_rate=1e-3))


def _append_run(connection: duckdb.DuckDBPyConnection, *, size: Size, seed: int) -> None:
    row = {
        "run_id": size.name,
        "created_at": _CREATED_AT.replace(tzinfo=None),
        "preset": PAPER.preset,
        "config": json.dumps({"experiment": PAPER.as_dict() | {"members": size.members, "seed": seed}}),
        "versions": json.dumps(provenance.versions()),
        "device": "cpu",
        "seconds": 3600.0,
        "schema_version": SCHEMA_VERSION,
        "notes": ["Nobody ran this run: it is as large as a real one, and its numbers are drawn."],
    }
    write.append(connection, "run", pd.DataFrame([row]))
