"""The rows of the tables `model` and `epoch`."""

from collections.abc import Sequence

import duckdb
import pandas as pd

from cxr_core.pipeline import members
from cxr_core.pipeline.workspace import RunFolder
from cxr_core.roles import Member, fold_ensemble, pooled_ensemble
from cxr_core.settings import Architecture
from cxr_core.store import write


def append(
    connection: duckdb.DuckDBPyConnection,
    trained: Sequence[Member],
    *,
    seed: int,
    architecture: Architecture,
    folder: RunFolder,
) -> None:
    """Appends the members of a run, their epochs, and the ensembles that they make.

    Args:
        connection: The new results file.
        trained: The members, whose weights are in the folder.
        seed: The run's.
        architecture: Of every network.
        folder: The run's.
    """
    from cxr_core.network.tensor_file import read_metadata
    from cxr_core.training import read_epochs

    weights = [members.weights_file(folder, member.model_id) for member in trained]
    sizes = [int(read_metadata(file)["parameters"]) for file in weights]
    models: list[dict[str, object]] = [
        {
            "model_id": member.model_id,
            "regime": member.regime,
            "fold": member.fold,
            "member": member.number,
            "weights_file": file.relative_to(folder.path).as_posix(),
            "parameters": size,
        }
        for member, file, size in zip(trained, weights, sizes, strict=True)
    ]
    epochs = [
        {
            "model_id": member.model_id,
            "epoch": epoch.epoch,
            "train_loss": epoch.train_loss,
            "held_out_loss": epoch.held_out_loss,
            "seconds": epoch.seconds,
            "learning_rate": epoch.learning_rate,
        }
        for member, file in zip(trained, weights, strict=True)
        for epoch in read_epochs(file)
    ]
    common = {
        "seed": seed,
        "architecture": architecture,
        "outputs": "softmax",
        "origin": "trained",
    }
    write.append(connection, "model", pd.DataFrame(models + _ensembles(trained, sizes)).assign(**common))
    write.append(connection, "epoch", pd.DataFrame(epochs))


def _ensembles(trained: Sequence[Member], sizes: Sequence[int]) -> list[dict[str, object]]:
    """One of each regime; with folds one of each fold too, and one that pools them all."""
    found: dict[str, dict[str, object]] = {}
    parameters: dict[str, int] = {}
    for member, size in zip(trained, sizes, strict=True):
        own: dict[str, int | None] = {member.regime: None}
        if member.fold is not None:
            own |= {fold_ensemble(member.regime, member.fold): member.fold, pooled_ensemble(member.regime): None}
        for model_id, fold in own.items():
            parameters[model_id] = parameters.get(model_id, 0) + size
            found[model_id] = {"model_id": model_id, "regime": member.regime, "fold": fold}
    return [{**row, "parameters": parameters[model_id]} for model_id, row in found.items()]
