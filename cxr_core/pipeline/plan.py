"""The training plan of a run: the split, the training policy and the cap, drawn once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core import roles, splits
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.manifest import Manifest
from cxr_core.pipeline import held_out
from cxr_core.pipeline.sites import Dataset
from cxr_core.roles import Member, Roles
from cxr_core.settings import Role
from cxr_core.splits import Mask


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The images that each member trains on, drawn once per run.

    Attributes:
        dataset: The training dataset.
        policy: The training policy.
        classes: Shape ``(n,)``, the class of each image under it, -1 for none or where the pixels are not at hand.
        capped: Shape ``(n,)``, what the cap leaves out.
        members: Every member.
        roles: From model id to the role of each image; ``unused`` where the pixels are not at hand.
        notes: What a user must know about the split, one sentence each.
    """

    dataset: Dataset
    policy: str
    classes: npt.NDArray[np.int8]
    capped: Mask
    members: tuple[Member, ...]
    roles: dict[str, Roles]
    notes: tuple[str, ...]

    @property
    def left_out(self) -> npt.NDArray[np.object_]:
        """Shape ``(n,)``, the column of that name: None, or why an image takes no part: view, sample or cap."""
        left_out = self.dataset.images["left_out"].to_numpy(object).copy()
        left_out[self.capped] = "cap"
        return left_out

    def rows(self, member: Member, role: Role) -> npt.NDArray[np.intp]:
        """The images that have a role for a member and a class to learn from or to be compared with, within the cap."""
        return np.flatnonzero((self.roles[member.model_id] == role) & (self.classes >= 0) & ~self.capped)

    def seen(self, member: Member) -> dict[str, Role]:
        """From content hash to ``train`` or ``validation``, for every image that shaped the member."""
        found: dict[str, Role] = {}
        contents = self.dataset.images["content_hash"].to_numpy(object)
        for role in ("validation", "train"):
            found |= dict.fromkeys(contents[self.rows(member, role)].tolist(), role)
        return found


def draw_plan(dataset: Dataset, *, experiment: Experiment) -> Plan:
    """Draws the split, applies the training policy and the cap, and gives every member its roles.

    Raises:
        SettingsError: If a member would have nothing to learn from, or nothing to be tested on internally.
    """
    policy = training_policy(dataset.manifest, name=experiment.training_policy)
    reference = dataset.references[policy]
    parts = held_out.draw_parts(dataset.images, experiment=experiment)
    notes: tuple[str, ...] = ()
    if "split" in experiment.regimes:
        held_out.check(parts, at_hand=dataset.at_hand, dataset=dataset.name, folds=experiment.folds)
        notes = held_out.notes(parts, at_hand=dataset.at_hand, dataset=dataset.name)
    classes = np.where(dataset.at_hand, reference.classes, -1).astype(np.int8)
    capped = splits.capped(classes, parts, cap=experiment.cap, seed=experiment.seed)
    members = roles.members(experiment.regimes, count=experiment.members, folds=experiment.folds)
    of_members = {}
    for member in members:
        own = roles.source_roles(member, parts, classes=classes, capped=capped)
        own[~dataset.at_hand] = "unused"
        of_members[member.model_id] = own
    plan = Plan(
        dataset=dataset,
        policy=policy,
        classes=classes,
        capped=capped,
        members=members,
        roles=of_members,
        notes=notes,
    )
    _check_enough(plan)
    return plan


def training_policy(manifest: Manifest, *, name: str | None) -> str:
    """The name of the policy that decides what is trained on.

    Args:
        manifest: Of the dataset to train on.
        name: As asked for; None for the dataset's default.

    Raises:
        DataError: If the dataset has no such policy.
        SettingsError: If it gives no single class.
    """
    policy = manifest.policy(name or manifest.default_policy.name)
    if not policy.has_class:
        raise SettingsError(f"--training-policy {policy.name} gives no single class to train on. Choose another.")
    return policy.name


def _check_enough(plan: Plan) -> None:
    for member in plan.members:
        found = len(plan.rows(member, "train"))
        if found < 2:
            raise SettingsError(
                f"{member.model_id} would be trained on {found} images of {plan.dataset.name} under the policy "
                f"{plan.policy!r}. Choose another --training-policy or more images."
            )
