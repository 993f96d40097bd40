"""Predictions of every model for every image of a dataset, with their roles, written as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from tqdm import tqdm

from cxr_core import files
from cxr_core.experiment import Experiment
from cxr_core.pipeline import ensembles
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.prediction_plan import CAM, PredictionPlan, predicted_rows
from cxr_core.pipeline.workers import run_tasks
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.journal import Journal
from cxr_core.store import tables, write

if TYPE_CHECKING:  # torch comes only when images are predicted
    from cxr_core.prediction import Predictions, PredictionTask

SHARD = 1024
"""Images in a file of predictions: what a killed run may lose."""


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """The members of a run, ready to be asked.

    Attributes:
        trained: The members.
        experiment: For the size of the images.
        workspace: For the cache.
        folder: The run's folder, where shards of predictions are kept until it is sealed.
        device: What predicts.
    """

    trained: Sequence[Trained]
    experiment: Experiment
    workspace: Workspace
    folder: RunFolder
    device: str

    def predict(self, plan: PredictionPlan, *, journal: Journal) -> None:
        """Makes the shards of predictions that are missing, one file each, and tells how far it is."""
        from cxr_core.prediction import PredictionTask, predict_shard

        tasks = [task for one in self.trained for task in self._tasks(plan, one)]
        total = sum(len(task.picture_hashes) for task in tasks)
        journal.begin("predict", total=total, dataset=plan.dataset.name)
        with tqdm(total=total, desc=f"  {plan.dataset.name}", unit=" images") as bar:

            def tell(task: PredictionTask) -> None:
                bar.update(len(task.picture_hashes))
                journal.advance(len(task.picture_hashes))

            run_tasks(tasks, predict_shard, device=self.device, workers=self.workspace.workers, on_done=tell)

    def append(self, connection: duckdb.DuckDBPyConnection, plan: PredictionPlan) -> None:
        """Appends the predictions, features and maps of every member and ensemble for one dataset."""
        for regime in dict.fromkeys(one.member.regime for one in self.trained):
            of_regime = [one for one in self.trained if one.member.regime == regime]
            said = {one.member.model_id: self._append_member(connection, plan, one) for one in of_regime}
            for ensemble in ensembles.of_regime(plan, of_regime):
                ensembles.append(connection, plan, ensemble, said)

    def _append_member(
        self, connection: duckdb.DuckDBPyConnection, plan: PredictionPlan, one: Trained
    ) -> "Predictions | None":
        from cxr_core.ensemble import predicted
        from cxr_core.prediction import load

        rows = predicted_rows(plan, one.member)
        if not rows.size:
            return None
        predictions = _joined([load(task.out) for task in self._tasks(plan, one)])
        model_id, name = one.member.model_id, plan.dataset.name
        image_ids = plan.dataset.images["image_id"].to_numpy(object)[rows]
        role = plan.roles[model_id][rows]
        of = (model_id, name, image_ids)
        answer = tables.predictions(
            *of, role=role, predicted=predicted(predictions.probability), probability=predictions.probability
        )
        write.append(connection, "prediction", answer)
        write.append(connection, "feature", tables.features(*of, vectors=predictions.features))
        write.append(
            connection, "saliency", tables.saliency(*of, method=CAM, maps=predictions.maps, scale=predictions.scale)
        )
        return predictions

    def _tasks(self, plan: PredictionPlan, one: Trained) -> "list[PredictionTask]":
        from cxr_core.prediction import PredictionTask

        rows = predicted_rows(plan, one.member)
        pictures = plan.dataset.images["picture_hash"].to_numpy(object)[rows]
        folder = self.folder.work / "predictions" / one.member.model_id
        shards = [tuple(pictures[start : start + SHARD].tolist()) for start in range(0, len(pictures), SHARD)]
        return [
            PredictionTask(
                model_id=one.member.model_id,
                weights=one.weights,
                network=self.experiment.network,
                cache=self.workspace.cache,
                picture_hashes=shard,
                device=self.device,
                out=folder / f"{files.fingerprint(shard)}.safetensors",
            )
            for shard in shards
        ]


def _joined(shards: "Sequence[Predictions]") -> "Predictions":
    first = shards[0]
    return replace(
        first, **{one.name: np.concatenate([getattr(shard, one.name) for shard in shards]) for one in fields(first)}
    )
