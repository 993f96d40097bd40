"""Trains the members of a run, each on its part of the training dataset."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from cxr_core import files, roles, splits
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.pipeline.bring_in import Dataset
from cxr_core.pipeline.hands import watched, work_off
from cxr_core.pipeline.place import Place, RunFolder
from cxr_core.roles import Member, Roles
from cxr_core.settings import Role
from cxr_core.splits import Mask, Parts

if TYPE_CHECKING:  # torch comes only when a network is trained
    from cxr_core.training import MemberTask


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A member with its weights and with what shaped it.

    Attributes:
        member: Which one.
        weights: Its weights.
        seen: From content hash to ``train`` or ``validation``.
    """

    member: Member
    weights: Path
    seen: Mapping[str, Role]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who trains on what, drawn once per run.

    Attributes:
        dataset: The training dataset.
        policy: The training policy.
        classes: Shape ``(n,)``, the class of each image under it, -1 for none or where the pixels are not at hand.
        capped: Shape ``(n,)``, what the cap leaves out.
        members: Every member.
        roles: From model id to the role of each image; ``unused`` where the pixels are not at hand.
    """

    dataset: Dataset
    policy: str
    classes: npt.NDArray[np.int8]
    capped: Mask
    members: tuple[Member, ...]
    roles: dict[str, Roles]

    @property
    def left_out(self) -> npt.NDArray[np.object_]:
        """Shape ``(n,)``, the column of that name: None, or why an image takes no part: view, sample or cap."""
        left_out = self.dataset.images["left_out"].to_numpy(object).copy()
        left_out[self.capped] = "cap"
        return left_out

    def rows(self, member: Member, role: Role) -> npt.NDArray[np.intp]:
        """The images that have a role for a member and a class to learn from or to be compared with."""
        return np.flatnonzero((self.roles[member.model_id] == role) & (self.classes >= 0))

    def seen(self, member: Member) -> dict[str, Role]:
        """From content hash to ``train`` or ``validation``, for every image that shaped the member."""
        found: dict[str, Role] = {}
        contents = self.dataset.images["content_hash"].to_numpy(object)
        for role in ("validation", "train"):
            found |= dict.fromkeys(contents[self.rows(member, role)].tolist(), role)
        return found


def plan(dataset: Dataset, *, experiment: Experiment) -> Plan:
    """Draws the split, applies the training policy and the cap, and gives every member its roles.

    Raises:
        SettingsError: If a member would have nothing to learn from.
    """
    policy = experiment.training_policy or dataset.manifest.default_policy.name
    reference = dataset.references[dataset.manifest.policy(policy).name]
    if not dataset.manifest.policy(policy).has_class:
        raise SettingsError(f"--training-policy {policy} gives no single class to train on. Choose another.")
    parts = _parts(dataset, experiment=experiment)
    classes = np.where(dataset.at_hand, reference.classes, -1).astype(np.int8)
    capped = splits.capped(classes, parts, cap=experiment.cap, seed=experiment.seed)
    members = roles.members(experiment.regimes, count=experiment.members, folds=experiment.folds)
    of_members = {}
    for member in members:
        own = roles.home_roles(member, parts, classes=classes, capped=capped)
        own[~dataset.at_hand] = "unused"
        of_members[member.model_id] = own
    drawn = Plan(dataset=dataset, policy=policy, classes=classes, capped=capped, members=members, roles=of_members)
    _check_enough(drawn)
    return drawn


def train(drawn: Plan, *, experiment: Experiment, place: Place, folder: RunFolder, device: str) -> None:
    """Trains every member that has no weights yet, from where an earlier attempt stopped, and shows how far it is."""
    from cxr_core.training import MemberTask, epochs_done, read_epochs, train_member

    tasks = [
        _task(drawn, member, experiment=experiment, place=place, folder=folder, device=device)
        for member in drawn.members
    ]

    def tell(task: MemberTask) -> None:
        last = read_epochs(task.out)[-1]
        held_out = "" if last.held_out_loss is None else f", held out {last.held_out_loss:.2f}"
        tqdm.write(f"  {task.model_id}: loss {last.train_loss:.2f}{held_out}")

    total = len(tasks) * experiment.recipe.epochs
    with watched(lambda: sum(map(epochs_done, tasks)), total=total, unit=" epochs"):
        work_off(tasks, train_member, device=device, workers=place.workers, on_done=tell)


def weights_file(folder: RunFolder, model_id: str) -> Path:
    """Where a member's weights are kept."""
    return folder.members / f"{model_id}.safetensors"


def taken_along(trained: Sequence[Trained], *, folder: RunFolder) -> list[Trained]:
    """Copies an old run's members into a new run, so that it can be scored again without its parent."""
    copied = []
    for one in trained:
        own = weights_file(folder, one.member.model_id)
        if not own.exists():
            with files.written_whole(own) as part:
                shutil.copyfile(one.weights, part)
        copied.append(replace(one, weights=own))
    return copied


def chosen_device(where: Place) -> str:
    """The device that a setting means on this machine.

    Raises:
        SettingsError: If there is no such device.
    """
    from cxr_core.network.device import choose_device

    return str(choose_device(where.device))


def _parts(dataset: Dataset, *, experiment: Experiment) -> Parts:
    """The split, drawn over the images at hand; the others belong to no fold."""
    at_hand = np.flatnonzero(dataset.at_hand)
    images = dataset.images.iloc[at_hand]
    patients = [patient if isinstance(patient, str) else None for patient in images["patient_id"]]
    drawn = splits.draw(
        splits.linked(patients, images["content_hash"].tolist()),
        held_out=experiment.held_out,
        folds=experiment.folds,
        choosing=experiment.recipe.select != "last",
        seed=experiment.seed,
    )
    size = len(dataset.images)
    groups, fold = np.full(size, -1, np.int64), np.full(size, splits.NEVER, np.int16)
    validation = np.zeros(size, np.bool_)
    groups[at_hand], fold[at_hand], validation[at_hand] = drawn.groups, drawn.fold, drawn.validation
    return Parts(groups=groups, fold=fold, validation=validation, shares=drawn.shares)


def _check_enough(drawn: Plan) -> None:
    for member in drawn.members:
        found = len(drawn.rows(member, "train"))
        if found < 2:
            raise SettingsError(
                f"{member.model_id} would be trained on {found} images of {drawn.dataset.name} under the policy "
                f"{drawn.policy!r}. Choose another --training-policy or more images."
            )


def _task(
    drawn: Plan, member: Member, *, experiment: Experiment, place: Place, folder: RunFolder, device: str
) -> "MemberTask":
    from cxr_core.training import MemberTask

    contents = drawn.dataset.images["content_hash"].to_numpy(object)
    rows = {role: drawn.rows(member, role) for role in ("train", "internal_test", "validation")}
    hashes = {role: tuple(contents[of_role].tolist()) for role, of_role in rows.items()}
    classes = {role: tuple(drawn.classes[of_role].tolist()) for role, of_role in rows.items()}
    return MemberTask(
        model_id=member.model_id,
        seed=experiment.seed,
        member=member.number,
        fold=member.fold,
        network=experiment.network,
        recipe=experiment.recipe,
        cache=place.cache,
        train=hashes["train"],
        train_classes=classes["train"],
        held_out=hashes["internal_test"],
        held_out_classes=classes["internal_test"],
        validation=hashes["validation"],
        validation_classes=classes["validation"],
        device=device,
        weights_folder=place.weights,
        folder=folder.work / "checkpoints" / member.model_id,
        out=weights_file(folder, member.model_id),
        show_progress=False,
    )
