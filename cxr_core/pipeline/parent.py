"""The parent of a run: its settings, its members with what shaped them, and its source rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment, from_json
from cxr_core.images import identity
from cxr_core.pipeline import hashes, held_out, members
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.roles import Member
from cxr_core.settings import Role
from cxr_core.store import schema
from cxr_core.store.open import open_run

_OF_DATASETS = ("dataset", "policy", "image", "attribute", "name_match", "raw_label", "box", "reference", "rejected")
_OF_MODELS = {"model": "origin <> 'adapted'", "epoch": "true", "threshold": "operating_point = 'stated'"}
"""What of them is inherited: what was fitted to the old run's sites is chosen anew."""

_ANSWERS = ("prediction", "feature", "saliency", "mean_map")


@dataclass(frozen=True, kw_only=True)
class Parent:
    """An old run, as far as a new one needs it.

    Attributes:
        folder: Where it lies.
        experiment: Its settings.
        datasets: The names of its source datasets.
        pipeline: Fingerprint of the harmonization of its images.
        trained: Its members; the weights are those in `folder`.
        not_trained: The indices of findings that they give no score, since they were not trained on them.
        notes: What was to be known about its source datasets.
        thinned: Those of its datasets whose held-out images it did not all answer.
        sealed_at: When it was sealed, UTC.
    """

    folder: RunFolder
    experiment: Experiment
    datasets: tuple[str, ...]
    pipeline: str
    trained: tuple[Trained, ...]
    not_trained: tuple[int, ...]
    notes: tuple[str, ...]
    thinned: frozenset[str]
    sealed_at: str

    def copy_rows(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Copies everything about the source site, and the models, into a new results file."""
        path = str(self.folder.results).replace("'", "''")
        connection.execute(f"ATTACH '{path}' AS parent (READ_ONLY)")
        there = schema.tables_of(connection, database="parent")  # a parent of an earlier version may lack a table
        for table in [name for name in _OF_DATASETS + _ANSWERS if name in there]:
            connection.execute(
                f"INSERT INTO {table} BY NAME FROM parent.{table} WHERE list_contains($1, dataset)",
                [list(self.datasets)],
            )
        for table, own in [(name, own) for name, own in _OF_MODELS.items() if name in there]:
            connection.execute(f"INSERT INTO {table} BY NAME FROM parent.{table} WHERE {own}")
        connection.execute("DETACH parent")


def read_parent(folder: RunFolder) -> Parent:
    """Reads an old run.

    Raises:
        StoreError: If it is not complete, cannot be read, or is not what it was when it was sealed.
        DataError: If it knows its images by hashes of another kind than this release.
        SettingsError: If it has no source images, its settings cannot be understood, or a member's weights are gone.
    """
    hashes.check(folder)
    with open_run(folder.results) as connection:
        config, notes, sealed_at = connection.execute(
            "SELECT config->'experiment', notes, created_at::VARCHAR FROM run"
        ).fetchall()[0]
        datasets = connection.execute(
            "SELECT dataset, pipeline_fingerprint FROM dataset WHERE site = 'source'"
        ).fetchall()
        pipeline = _pipeline([fingerprint for _, fingerprint in datasets], folder)
        trained = _trained(connection, folder)
        not_trained = _not_trained(connection)
        experiment = _experiment(config, folder)
        _check_folds(connection, folder)
        missing = _count_unpredicted(connection, experiment=experiment)
    own = [note for note in notes if any(note.startswith(f"{name}: ") for name, _ in datasets)]
    own += [held_out.note_unpredicted(name, images=images) for name, images in missing.items()]
    return Parent(
        folder=folder,
        experiment=experiment,
        datasets=tuple(name for name, _ in datasets),
        pipeline=pipeline,
        trained=trained,
        not_trained=not_trained,
        notes=tuple(dict.fromkeys(own)),
        thinned=frozenset(missing),
        sealed_at=sealed_at,
    )


def _pipeline(fingerprints: Sequence[str | None], folder: RunFolder) -> str:
    """How the images of its source datasets were harmonized."""
    known = [fingerprint for fingerprint in fingerprints if fingerprint is not None]
    if not known:
        raise SettingsError(
            f"The run {folder.run_id!r} cannot be scored again: expected a source dataset with images, found none. "
            "Name a run that trained its networks."
        )
    return known[0]


def _experiment(config: str, folder: RunFolder) -> Experiment:
    try:
        return from_json(config)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"The settings of the run {folder.run_id!r} are not those of this release: {error}."
        ) from error


def _check_folds(connection: duckdb.DuckDBPyConnection, folder: RunFolder) -> None:
    """Refuses a run that was sealed before the ensembles of single folds were kept."""
    folds, ensembles = connection.execute(
        "SELECT count(DISTINCT fold), count(DISTINCT fold) FILTER (member IS NULL) FROM model"
    ).fetchall()[0]
    if folds != ensembles:
        raise SettingsError(
            f"The run {folder.run_id!r} holds {folds} folds and the ensembles of {ensembles}: an earlier release made "
            "it, which compared ensembles of unlike size. Train it again."
        )


def _count_unpredicted(connection: duckdb.DuckDBPyConnection, *, experiment: Experiment) -> dict[str, int]:
    trained_on = connection.execute("SELECT dataset FROM dataset WHERE training_policy IS NOT NULL").fetchall()
    counts = {name: held_out.count_unpredicted(connection, name, experiment=experiment) for (name,) in trained_on}
    return {name: count for name, count in counts.items() if count}


def _trained(connection: duckdb.DuckDBPyConnection, folder: RunFolder) -> tuple[Trained, ...]:
    rows = connection.execute(
        "SELECT model_id, regime, fold, member FROM model WHERE member IS NOT NULL ORDER BY regime, fold, member"
    ).fetchall()
    found = []
    for model_id, regime, fold, number in rows:
        weights = members.weights_file(folder, model_id)
        if not weights.exists():
            raise SettingsError(
                f"The run {folder.run_id!r} cannot be scored again: its member {weights} is gone. Train it again."
            )
        member = Member(model_id=model_id, regime=regime, fold=fold, number=number)
        seen = _seen(connection, model_id)
        identity.check_kinds(seen, [identity.OWN])
        found.append(Trained(member=member, weights=weights, seen=seen))
    return tuple(found)


def _not_trained(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    rows = connection.execute(
        """
        SELECT index FROM finding
        WHERE (SELECT bool_and(isnan(probability[index + 1])) FROM prediction)
        ORDER BY index
        """
    ).fetchall()
    return tuple(index for (index,) in rows)


def _seen(connection: duckdb.DuckDBPyConnection, model_id: str) -> dict[str, Role]:
    rows: Sequence[tuple[str, Role]] = connection.execute(
        """
        SELECT content_hash, role
        FROM prediction JOIN image USING (dataset, image_id) JOIN dataset USING (dataset)
        WHERE model_id = ? AND site = 'source' AND role IN ('train', 'validation')
        ORDER BY role DESC -- an image that was both counts as trained on
        """,
        [model_id],
    ).fetchall()
    return dict(rows)
