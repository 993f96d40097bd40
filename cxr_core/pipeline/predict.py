"""Predictions of every model for every image of a dataset, with their roles, written as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from cxr_core import files
from cxr_core.pipeline import saliency_tables
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.prediction_plan import CAM, PredictionPlan, append_ensemble, ensembles_of, predicted_rows
from cxr_core.pipeline.sites import Dataset
from cxr_core.pipeline.workers import run_tasks
from cxr_core.settings import Network, Outputs, Saliency
from cxr_core.store import tables, write

if TYPE_CHECKING:  # torch comes only when images are predicted
    from cxr_core.prediction import Predictions, PredictionTask

SHARD = 1024
"""Images in a file of predictions: what a killed run may lose."""


@dataclass(frozen=True, kw_only=True)
class NetworkAnswers:
    """The `ModelAnswers` of networks: what each member and each ensemble says of every dataset.

    Attributes:
        trained: The members.
        plans: What they are asked, a plan for each dataset.
        network: What they are.
        outputs: Whether one class excludes the others.
        not_trained: The indices of findings that no member was trained on: their scores are NaN, their maps empty.
        saliency: Methods beyond class activation maps.
        seed: The run's; it draws the images that those methods are for.
        context: Of the run; shards of predictions are kept in its folder until it is sealed.
        training_policies: As `ModelAnswers`.
        notes: As `ModelAnswers`.
        thinned: As `ModelAnswers`.
    """

    trained: Sequence[Trained]
    plans: tuple[PredictionPlan, ...]
    network: Network
    outputs: Outputs
    not_trained: tuple[int, ...] = ()
    saliency: Saliency
    seed: int
    context: RunContext
    training_policies: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    thinned: frozenset[str] = frozenset()

    @property
    def datasets(self) -> list[Dataset]:
        """As `ModelAnswers`."""
        return [plan.dataset for plan in self.plans]

    def predict(self) -> None:
        """Makes the shards of predictions that are missing, one file each, and tells how far it is."""
        self.context.progress.say("Predicting: probabilities, features and saliency in one pass")
        for plan in self.plans:
            self._predict(plan)

    def append(self, connection: duckdb.DuckDBPyConnection, dataset: str) -> None:
        """As `ModelAnswers`: predictions, features and saliency of members and ensembles."""
        plan = next(plan for plan in self.plans if plan.dataset.name == dataset)
        self._append_predictions(connection, plan)
        saliency_tables.append_other_methods(
            connection,
            plan,
            self.trained,
            saliency=self.saliency,
            not_trained=self.not_trained,
            network=self.network,
            seed=self.seed,
            context=self.context,
        )
        saliency_tables.append_mean_maps(
            connection, dataset, cache=self.context.workspace.cache, size_px=self.network.size_px
        )

    def _predict(self, plan: PredictionPlan) -> None:
        from cxr_core.prediction import PredictionTask, predict_shard

        tasks = [task for one in self.trained for task in self._tasks(plan, one)]
        total = sum(len(task.picture_hashes) for task in tasks)
        name, context = plan.dataset.name, self.context
        stage = context.progress.stage("predict", total=total, dataset=name, label=f"  {name}", unit=" images")
        with stage as meter:

            def tell(task: PredictionTask) -> None:
                meter.advance(len(task.picture_hashes))

            run_tasks(
                tasks, predict_shard, kind="predict", device=context.device, executor=context.executor, on_done=tell
            )

    def _append_predictions(self, connection: duckdb.DuckDBPyConnection, plan: PredictionPlan) -> None:
        for regime in dict.fromkeys(one.member.regime for one in self.trained):
            of_regime = [one for one in self.trained if one.member.regime == regime]
            said = {one.member.model_id: self._append_member(connection, plan, one) for one in of_regime}
            for ensemble in ensembles_of(plan, of_regime):
                append_ensemble(connection, plan, ensemble, said, outputs=self.outputs)

    def _append_member(
        self, connection: duckdb.DuckDBPyConnection, plan: PredictionPlan, one: Trained
    ) -> "Predictions | None":
        from cxr_core.ensemble import predicted
        from cxr_core.prediction import load

        rows = predicted_rows(plan, one.member)
        if not rows.size:
            return None
        predictions = _joined([load(task.out) for task in self._tasks(plan, one)]).without(self.not_trained)
        model_id, name = one.member.model_id, plan.dataset.name
        image_ids = plan.dataset.images["image_id"].to_numpy(object)[rows]
        role = plan.roles[model_id][rows]
        of = (model_id, name, image_ids)
        classes = predicted(predictions.probability) if self.outputs == "softmax" else None
        answer = tables.predictions(*of, role=role, predicted=classes, probability=predictions.probability)
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
        folder = self.context.folder.work / "predictions" / one.member.model_id
        shards = [tuple(pictures[start : start + SHARD].tolist()) for start in range(0, len(pictures), SHARD)]
        return [
            PredictionTask(
                model_id=one.member.model_id,
                weights=one.weights,
                network=self.network,
                outputs=self.outputs,
                cache=self.context.workspace.cache,
                picture_hashes=shard,
                device=self.context.device,
                out=folder / f"{files.fingerprint(shard)}.safetensors",
            )
            for shard in shards
        ]


def _joined(shards: "Sequence[Predictions]") -> "Predictions":
    first = shards[0]
    return replace(
        first, **{one.name: np.concatenate([getattr(shard, one.name) for shard in shards]) for one in fields(first)}
    )
