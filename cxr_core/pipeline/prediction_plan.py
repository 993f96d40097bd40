"""The plan of a dataset's predictions: the images that each member predicts, their roles, and the ensembles of members.

Without folds a regime is one ensemble. With folds it is an ensemble of each fold, whose numbers are averaged, so that a
gap compares as many networks on both sides. Beside them stands one that has an answer for each image: internally that
of the fold that held the image out, externally that of all networks pooled, a model of its own that enters no gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt

from cxr_core import roles
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.sites import Dataset
from cxr_core.roles import Member, Roles
from cxr_core.settings import Outputs
from cxr_core.store import tables, write

CAM = "cam"
"""The saliency method that every prediction brings: class activation maps."""


@dataclass(frozen=True, kw_only=True)
class PredictionPlan:
    """A dataset with what each member may say about it.

    Attributes:
        dataset: The dataset.
        roles: From model id to the role of each image; ``unused`` images are not predicted.
        in_folds: Whether it is the training dataset of a run with folds: there an image has networks that held it out.
    """

    dataset: Dataset
    roles: dict[str, Roles]
    in_folds: bool


def external_plan(dataset: Dataset, trained: Sequence[Trained]) -> PredictionPlan:
    """The roles outside the training dataset: the dataset's own, unless a member saw the same exposure."""
    contents = dataset.images["content_hash"].to_numpy(object)
    found = {}
    for one in trained:
        own = roles.external_roles(contents, seen=one.seen, role=dataset.role)
        own[~dataset.at_hand] = "unused"
        found[one.member.model_id] = own
    return PredictionPlan(dataset=dataset, roles=found, in_folds=False)


def predicted_rows(plan: PredictionPlan, member: Member) -> npt.NDArray[np.intp]:
    """The images that a member is asked about, in the dataset's order."""
    return np.flatnonzero(plan.roles[member.model_id] != "unused")


if TYPE_CHECKING:  # torch comes only when images are predicted
    from cxr_core.prediction import Predictions
    from cxr_core.saliency import Maps

_Number = TypeVar("_Number", np.float32, np.uint8)


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Some members of a regime that answer a dataset as one model.

    Attributes:
        model_id: As in the table `model`.
        trained: Its members, m of them.
        role: The role of each of the dataset's n images.
        given: Which members count for which image, shape ``(m, n)``.
        has_maps: Whether its saliency is kept: of the one that has an answer for each image.
    """

    model_id: str
    trained: Sequence[Trained]
    role: Roles
    given: npt.NDArray[np.bool_]
    has_maps: bool


def ensembles_of(plan: PredictionPlan, trained: Sequence[Trained]) -> Iterator[Ensemble]:
    """The ensembles of one regime on one dataset.

    Args:
        plan: The dataset, and what each member may say about it.
        trained: All members of the regime.
    """
    regime = trained[0].member.regime
    folds = sorted({one.member.fold for one in trained if one.member.fold is not None})
    for fold in folds:
        own = [one for one in trained if one.member.fold == fold]
        yield _ensemble(roles.fold_ensemble(regime, fold), plan, own, has_maps=False)
    is_pooled = bool(folds) and not plan.in_folds
    yield _ensemble(roles.pooled_ensemble(regime) if is_pooled else regime, plan, trained, has_maps=True)


def append_ensemble(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    one: Ensemble,
    answers: "Mapping[str, Predictions | None]",
    *,
    outputs: Outputs,
) -> None:
    """Appends what an ensemble says, once its members have answered.

    Args:
        connection: The new results file.
        plan: The dataset.
        one: The ensemble.
        answers: From model id to a member's answers for the images it is asked about; None if there are none.
        outputs: Whether one class excludes the others.
    """
    from cxr_core import ensemble

    rows = np.flatnonzero(one.given.any(axis=0))
    if not rows.size:
        return
    said = [(np.searchsorted(rows, predicted_rows(plan, each.member)), each) for each in one.trained]
    found = [(place, answer) for place, each in said if (answer := answers[each.member.model_id]) is not None]
    given = one.given[np.array([answers[each.member.model_id] is not None for each in one.trained])][:, rows]
    of = (one.model_id, plan.dataset.name, plan.dataset.images["image_id"].to_numpy(object)[rows])
    probability = ensemble.average(
        np.stack([_spread(answer.probability, place, rows.size) for place, answer in found]), given=given
    )
    classes = ensemble.predicted(probability) if outputs == "softmax" else None
    table = tables.predictions(*of, role=one.role[rows], predicted=classes, probability=probability)
    write.append(connection, "prediction", table)
    if one.has_maps:
        maps = ensemble.average_maps([_maps(answer, place, rows.size) for place, answer in found], given=given)
        write.append(connection, "saliency", tables.saliency(*of, method=CAM, maps=maps.maps, scale=maps.scale))


def _ensemble(model_id: str, plan: PredictionPlan, trained: Sequence[Trained], *, has_maps: bool) -> Ensemble:
    of_members = [plan.roles[one.member.model_id] for one in trained]
    in_turn = plan.in_folds and len({one.member.fold for one in trained}) > 1
    role = roles.ensemble_roles(of_members, in_turn=in_turn)
    given = roles.averaged(of_members, role, in_turn=in_turn)
    return Ensemble(model_id=model_id, trained=trained, role=role, given=given, has_maps=has_maps)


def _maps(answer: "Predictions", places: npt.NDArray[np.intp], size: int) -> "Maps":
    from cxr_core.saliency import Maps

    return Maps(maps=_spread(answer.maps, places, size), scale=_spread(answer.scale, places, size))


def _spread(values: npt.NDArray[_Number], places: npt.NDArray[np.intp], size: int) -> npt.NDArray[_Number]:
    """Rows put in their places among `size` rows; what no row fills is 0, and no average counts it."""
    spread = np.zeros((size, *values.shape[1:]), values.dtype)
    spread[places] = values
    return spread
