"""What every model says about every image of a dataset, with its role, written as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from cxr_core import files, roles
from cxr_core.experiment import Experiment
from cxr_core.pipeline.bring_in import Dataset
from cxr_core.pipeline.hands import work_off
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.place import Place, RunFolder
from cxr_core.progress.journal import Journal
from cxr_core.roles import Member, Roles
from cxr_core.store import tables, write

if TYPE_CHECKING:  # torch comes only when images are predicted
    from cxr_core.prediction import Predictions, PredictionTask

_Number = TypeVar("_Number", np.float32, np.uint8)

SHARD = 1024
"""Images in a file of predictions: what a killed run may lose."""

CAM = "cam"
"""The saliency method that every prediction brings: class activation maps."""


@dataclass(frozen=True, kw_only=True)
class Answering:
    """A dataset with what each member may say about it.

    Attributes:
        dataset: The dataset.
        roles: From model id to the role of each image; ``unused`` images are not predicted.
        pooled: Whether it is the training dataset of a run with folds.
    """

    dataset: Dataset
    roles: dict[str, Roles]
    pooled: bool


def elsewhere(dataset: Dataset, trained: Sequence[Trained]) -> Answering:
    """The roles outside the training dataset: the dataset's own, unless a member saw the same exposure."""
    contents = dataset.images["content_hash"].to_numpy(object)
    found = {}
    for one in trained:
        own = roles.roles_elsewhere(contents, seen=one.seen, role=dataset.role)
        own[~dataset.at_hand] = "unused"
        found[one.member.model_id] = own
    return Answering(dataset=dataset, roles=found, pooled=False)


def asked_of(answering: Answering, trained: Sequence[Trained]) -> tuple[Roles, npt.NDArray[np.bool_]]:
    """The role of each image for the ensemble of one regime, and which of its members answer for which image.

    Only ``split`` has folds to pool: with them an image at home is answered by the members that held it out.
    """
    of_members = [answering.roles[one.member.model_id] for one in trained]
    pooled = answering.pooled and trained[0].member.regime == "split"
    role = roles.ensemble_roles(of_members, pooled=pooled)
    return role, roles.averaged(of_members, role, pooled=pooled)


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """The members of a run, ready to be asked.

    Attributes:
        trained: The members.
        experiment: For the size of the images.
        place: For the cache.
        folder: The run's folder, where shards of predictions are kept until it is sealed.
        device: What predicts.
    """

    trained: Sequence[Trained]
    experiment: Experiment
    place: Place
    folder: RunFolder
    device: str

    def predict(self, answering: Answering, *, journal: Journal) -> None:
        """Makes the shards of predictions that are missing, one file each, and tells how far it is."""
        from cxr_core.prediction import PredictionTask, predict_shard

        tasks = [task for one in self.trained for task in self._tasks(answering, one)]
        total = sum(len(task.picture_hashes) for task in tasks)
        journal.begin("predict", total=total, dataset=answering.dataset.name)
        with tqdm(total=total, desc=f"  {answering.dataset.name}", unit=" images") as bar:

            def tell(task: PredictionTask) -> None:
                bar.update(len(task.picture_hashes))
                journal.advance(len(task.picture_hashes))

            work_off(tasks, predict_shard, device=self.device, workers=self.place.workers, on_done=tell)

    def append(self, connection: duckdb.DuckDBPyConnection, answering: Answering) -> None:
        """Appends the predictions, features and maps of every member and ensemble for one dataset."""
        for regime in dict.fromkeys(one.member.regime for one in self.trained):
            of_regime = [one for one in self.trained if one.member.regime == regime]
            answers = [self._append_member(connection, answering, one) for one in of_regime]
            _append_ensemble(connection, answering, of_regime, answers)

    def _append_member(
        self, connection: duckdb.DuckDBPyConnection, answering: Answering, one: Trained
    ) -> "Predictions | None":
        from cxr_core.ensemble import predicted
        from cxr_core.prediction import load

        rows = _predicted_rows(answering, one.member)
        if not rows.size:
            return None
        found = _joined([load(task.out) for task in self._tasks(answering, one)])
        model_id, name = one.member.model_id, answering.dataset.name
        image_ids = answering.dataset.images["image_id"].to_numpy(object)[rows]
        role = answering.roles[model_id][rows]
        of = (model_id, name, image_ids)
        answer = tables.predictions(
            *of, role=role, predicted=predicted(found.probability), probability=found.probability
        )
        write.append(connection, "prediction", answer)
        write.append(connection, "feature", tables.features(*of, vectors=found.features))
        write.append(connection, "saliency", tables.saliency(*of, method=CAM, maps=found.maps, scale=found.scale))
        return found

    def _tasks(self, answering: Answering, one: Trained) -> "list[PredictionTask]":
        from cxr_core.prediction import PredictionTask

        rows = _predicted_rows(answering, one.member)
        pictures = answering.dataset.images["picture_hash"].to_numpy(object)[rows]
        folder = self.folder.work / "predictions" / one.member.model_id
        shards = [tuple(pictures[start : start + SHARD].tolist()) for start in range(0, len(pictures), SHARD)]
        return [
            PredictionTask(
                model_id=one.member.model_id,
                weights=one.weights,
                network=self.experiment.network,
                cache=self.place.cache,
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


def _predicted_rows(answering: Answering, member: Member) -> npt.NDArray[np.intp]:
    return np.flatnonzero(answering.roles[member.model_id] != "unused")


def _append_ensemble(
    connection: duckdb.DuckDBPyConnection,
    answering: Answering,
    trained: Sequence[Trained],
    answers: "Sequence[Predictions | None]",
) -> None:
    from cxr_core import ensemble
    from cxr_core.saliency import Maps

    role, given = asked_of(answering, trained)
    rows = np.flatnonzero(given.any(axis=0))
    if not rows.size:
        return
    places = [np.searchsorted(rows, _predicted_rows(answering, one.member)) for one in trained]
    said = [(place, answer) for place, answer in zip(places, answers, strict=True) if answer is not None]
    asked = given[np.array([answer is not None for answer in answers])][:, rows]
    probability = ensemble.average(
        np.stack([_spread(answer.probability, place, rows.size) for place, answer in said]), given=asked
    )
    maps = ensemble.average_maps(
        [
            Maps(maps=_spread(answer.maps, place, rows.size), scale=_spread(answer.scale, place, rows.size))
            for place, answer in said
        ],
        given=asked,
    )
    of = (trained[0].member.regime, answering.dataset.name, answering.dataset.images["image_id"].to_numpy(object)[rows])
    answer = tables.predictions(
        *of, role=role[rows], predicted=ensemble.predicted(probability), probability=probability
    )
    write.append(connection, "prediction", answer)
    write.append(connection, "saliency", tables.saliency(*of, method=CAM, maps=maps.maps, scale=maps.scale))


def _spread(values: npt.NDArray[_Number], places: npt.NDArray[np.intp], size: int) -> npt.NDArray[_Number]:
    """Rows put in their places among `size` rows; what no row fills is 0, and no average counts it."""
    spread = np.zeros((size, *values.shape[1:]), values.dtype)
    spread[places] = values
    return spread
