"""The plan of a dataset's predictions: the images that each member predicts, and their roles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core import roles
from cxr_core.pipeline.ingest import Dataset
from cxr_core.pipeline.members import Trained
from cxr_core.roles import Member, Roles

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
