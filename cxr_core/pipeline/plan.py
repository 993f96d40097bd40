"""The training plan of a run: the split, the training policy and the cap, drawn once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core import roles, splits
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.manifest import Manifest, Reference
from cxr_core.pipeline import held_out
from cxr_core.pipeline.sites import Dataset
from cxr_core.roles import Member, Roles
from cxr_core.settings import Outputs, Role
from cxr_core.splits import Mask


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The images that each member trains on, drawn once per run.

    Attributes:
        dataset: The training dataset.
        policy: The training policy.
        labels: What of each image is learned under it, as in `training.objective`: a class, or a row of presence;
            -1 for none, where the pixels are not at hand, and of findings that are not trained.
        not_trained: The indices of findings of which some member's training images do not show both presence and
            absence; nobody is trained on them or gives them a score. Empty where one class excludes the others.
        capped: Shape ``(n,)``, what the cap leaves out.
        members: Every member.
        roles: From model id to the role of each image; ``unused`` where the pixels are not at hand.
        notes: What a user must know about the split, one sentence each.
    """

    dataset: Dataset
    policy: str
    labels: npt.NDArray[np.int8]
    not_trained: tuple[int, ...]
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
        """The images that have a role for a member and labels to learn from or to be compared with, within the cap."""
        return np.flatnonzero((self.roles[member.model_id] == role) & is_labelled(self.labels) & ~self.capped)

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
    policy = training_policy(dataset.manifest, name=experiment.training_policy, outputs=experiment.outputs)
    reference = dataset.references[policy]
    parts = held_out.draw_parts(dataset.images, experiment=experiment)
    notes: tuple[str, ...] = ()
    if "split" in experiment.regimes:
        held_out.check(parts, at_hand=dataset.at_hand, dataset=dataset.name, folds=experiment.folds)
        notes = held_out.notes(parts, at_hand=dataset.at_hand, dataset=dataset.name)
    labels = _labels(reference, at_hand=dataset.at_hand, outputs=experiment.outputs)
    capped = np.zeros(len(labels), np.bool_)
    if experiment.outputs == "softmax":
        capped = splits.capped(labels, parts, cap=experiment.cap, seed=experiment.seed)
    members = roles.members(experiment.regimes, count=experiment.members, folds=experiment.folds)

    def of_members() -> dict[str, Roles]:
        found = {}
        for member in members:
            own = roles.source_roles(member, parts, labelled=is_labelled(labels), capped=capped)
            own[~dataset.at_hand] = "unused"
            found[member.model_id] = own
        return found

    not_trained = _one_sided(labels, of_members().values())
    if not_trained:
        labels[:, not_trained] = -1
        notes = (*notes, _note_not_trained(not_trained, dataset=dataset, policy=policy))
    plan = Plan(
        dataset=dataset,
        policy=policy,
        labels=labels,
        not_trained=not_trained,
        capped=capped,
        members=members,
        roles=of_members(),
        notes=notes,
    )
    _check_enough(plan)
    return plan


def training_policy(manifest: Manifest, *, name: str | None, outputs: Outputs = "softmax") -> str:
    """The name of the policy that decides what is trained on.

    Args:
        manifest: Of the dataset to train on.
        name: As asked for; None for the dataset's default.
        outputs: Of the networks.

    Raises:
        DataError: If the dataset has no such policy.
        SettingsError: If it gives no single class to networks that need one.
    """
    policy = manifest.policy(name or manifest.default_policy.name)
    if outputs == "softmax" and not policy.has_class:
        raise SettingsError(f"--training-policy {policy.name} gives no single class to train on. Choose another.")
    return policy.name


def is_labelled(labels: npt.NDArray[np.int8]) -> Mask:
    """Which images have a class, or a finding whose presence is known, shape ``(n,)``."""
    return np.asarray((labels.reshape(len(labels), -1) >= 0).any(axis=1), np.bool_)


def _labels(reference: Reference, *, at_hand: Mask, outputs: Outputs) -> npt.NDArray[np.int8]:
    if outputs == "softmax":
        return np.where(at_hand, reference.classes, -1).astype(np.int8)
    return np.where(at_hand[:, np.newaxis], np.nan_to_num(reference.present, nan=-1), -1).astype(np.int8)


def _one_sided(labels: npt.NDArray[np.int8], of_members: Iterable[Roles]) -> tuple[int, ...]:
    """The findings that some member cannot learn: its training images do not show both presence and absence."""
    if labels.ndim == 1:
        return ()
    learned = np.ones(labels.shape[1], np.bool_)
    for own in of_members:
        trained = labels[own == "train"]
        learned &= (trained == 1).any(axis=0) & (trained == 0).any(axis=0)
    return tuple(np.flatnonzero(~learned).tolist())


def _note_not_trained(not_trained: Sequence[int], *, dataset: Dataset, policy: str) -> str:
    names = [dataset.manifest.classes[index] for index in not_trained]
    if len(names) == len(dataset.manifest.classes):
        raise SettingsError(
            f"{dataset.name}: there is nothing to train: under the policy {policy!r} the training images show both "
            f"presence and absence of none of {', '.join(names)}. Choose other --findings, another --training-policy "
            "or more images."
        )
    return (
        f"{dataset.name}: Not trained: {', '.join(names)}. Under the policy {policy!r} the training images do not show "
        "both presence and absence, so that no network gives a score."
    )


def _check_enough(plan: Plan) -> None:
    for member in plan.members:
        found = len(plan.rows(member, "train"))
        if found < 2:
            raise SettingsError(
                f"{member.model_id} would be trained on {found} images of {plan.dataset.name} under the policy "
                f"{plan.policy!r}. Choose another --training-policy or more images."
            )
