"""Writes a run's results file: datasets, models, answers, metrics, and last the row that describes the run."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pandas as pd

from cxr_core import provenance
from cxr_core.errors import DataError
from cxr_core.pipeline.sites import Dataset
from cxr_core.store import tables, write
from cxr_core.store.checked import NOTE_LENGTH
from cxr_core.store.schema import SCHEMA_VERSION


@dataclass(frozen=True, kw_only=True)
class Description:
    """The one row of the table `run`, without what is known only at the end."""

    run_id: str
    preset: str
    parent: str | None
    config: dict[str, object]
    device: str
    notes: tuple[str, ...]
    started: float


def rehearse(datasets: Sequence[Dataset], *, pipeline: str) -> None:
    """Writes what is known of the datasets to a database in memory: what results refuse is said before any training.

    Raises:
        DataError: If something in a dataset breaks a rule of the schema, such as a name of 300 characters.
    """
    for dataset in datasets:
        with duckdb.connect(":memory:") as connection:
            write.begin(connection, classes=dataset.manifest.classes)
            try:
                append_dataset(connection, dataset, training_policy=None, pipeline=pipeline)
            except duckdb.ConstraintException as error:
                raise _refused(dataset, str(error).splitlines()[0]) from error
            except duckdb.ConversionException as error:  # whose text would show the value
                raise _refused(dataset, "a number is too large for its column") from error


def append_dataset(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, *, training_policy: str | None, pipeline: str
) -> None:
    """Appends everything about one dataset that does not depend on a model.

    Args:
        connection: The new results file.
        dataset: The dataset with its images.
        training_policy: For the dataset that was trained on.
        pipeline: Fingerprint of the harmonization.
    """
    manifest, images = dataset.manifest, dataset.images
    patients = images["patient_id"].dropna()
    row = {
        "dataset": dataset.name,
        "site": dataset.site,
        "synthetic": dataset.synthetic,
        "reader": manifest.reader,
        "training_policy": training_policy,
        "manifest_fingerprint": manifest.fingerprint(),
        "pipeline_fingerprint": pipeline if dataset.at_hand.any() else None,
        "n_images": len(images),
        "n_patients": int(patients.nunique()) if len(patients) else None,
        "n_left_out": int(images["left_out"].notna().sum()),
        "n_rejected": len(dataset.rejected),
        "unit": dataset.unit,
        "role_basis": dataset.role_basis,
    }
    write.append(
        connection,
        "dataset",
        pd.DataFrame([row]).astype(
            dict.fromkeys(("training_policy", "pipeline_fingerprint", "unit", "role_basis"), "str")
        ),
    )
    write.append(connection, "policy", tables.policies(manifest, described=dataset.described))
    write.append(connection, "image", images.drop(columns="position", errors="ignore").assign(dataset=dataset.name))
    write.append(connection, "attribute", dataset.attributes.assign(dataset=dataset.name))
    write.append(connection, "name_match", tables.name_matches(manifest))
    write.append(connection, "raw_label", tables.raw_labels(manifest, images))
    write.append(connection, "box", tables.boxes(manifest, images))
    for table in tables.references(dataset.name, images, dataset.references):
        write.append(connection, "reference", table)
    write.append(connection, "rejected", tables.rejected(dataset.name, dataset.rejected))


def append_run(connection: duckdb.DuckDBPyConnection, described: Description) -> None:
    """Appends the row that describes the run."""
    row = {
        "run_id": described.run_id,
        "created_at": datetime.now(UTC).replace(tzinfo=None),
        "preset": described.preset,
        "parent": described.parent,
        "config": json.dumps(described.config),
        "versions": json.dumps(provenance.versions()),
        "git_commit": provenance.git_commit(),
        "device": described.device,
        "seconds": time.time() - described.started,
        "schema_version": SCHEMA_VERSION,
        "notes": [tables.cut(note, NOTE_LENGTH) for note in described.notes],
    }
    write.append(connection, "run", pd.DataFrame([row]))


def notes(datasets: Sequence[Dataset]) -> tuple[str, ...]:
    """What a reader of the numbers must know, from every dataset, each sentence once."""
    said = [f"{dataset.name}: {note}" for dataset in datasets for note in (*dataset.manifest.notes, *dataset.notes)]
    said += [
        f"{dataset.name}: {len(dataset.rejected)} files were set aside; the table `rejected` names them and says why."
        for dataset in datasets
        if dataset.rejected
    ]
    return tuple(dict.fromkeys(said))


def _refused(dataset: Dataset, said: str) -> DataError:
    return DataError(
        f"{dataset.name}: its tables hold what no results file takes ({said}). Names have at most 200 characters, "
        "paths 1,000; ages lie between 0 and 130. Change that in the tables, and start the same command again."
    )
