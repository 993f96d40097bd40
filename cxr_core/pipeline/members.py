"""Trains the members of a run, each on its part of the training dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from cxr_core import files
from cxr_core.experiment import Experiment
from cxr_core.manifest import Manifest
from cxr_core.pipeline.plan import Plan, training_policy
from cxr_core.pipeline.workers import progress_bar, run_tasks
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.journal import Journal
from cxr_core.progress.report import EpochSoFar, MemberSoFar
from cxr_core.roles import Member
from cxr_core.settings import Role

if TYPE_CHECKING:  # torch comes only when a network is trained
    from cxr_core.training import MemberProgress, MemberTask


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


def check_trainable(manifest: Manifest, *, experiment: Experiment, workspace: Workspace) -> str:
    """Looks, before hours of decoding, whether training could begin: policy, device and starting weights.

    Returns:
        The device.

    Raises:
        SettingsError: If there is no such policy or device.
        CxrError: If starting weights are not at hand or do not fit.
    """
    from cxr_core.network import build

    training_policy(manifest, experiment=experiment)
    device = resolve_device(workspace)
    build(experiment.network, n_classes=len(experiment.findings), generator_seed=0, weights_folder=workspace.weights)
    for said in notes(experiment):
        print(said)
    return device


def notes(experiment: Experiment) -> tuple[str, ...]:
    """What a reader of the numbers must know of the starting weights: which entry of a checkpoint they are.

    Raises:
        DataError: If there is no such file, or it cannot be read.
    """
    from cxr_core.network.starting_weights import started_from_note

    said = started_from_note(experiment.network.weights)
    return () if said is None else (said,)


def train(
    plan: Plan, *, experiment: Experiment, workspace: Workspace, folder: RunFolder, device: str, journal: Journal
) -> None:
    """Trains every member that has no weights yet, from where an earlier attempt stopped, and tells how far it is."""
    from cxr_core.training import MemberProgress, MemberTask, read_epochs, train_member

    tasks = [
        _task(plan, member, experiment=experiment, workspace=workspace, folder=folder, device=device)
        for member in plan.members
    ]

    def tell(task: MemberTask) -> None:
        last = read_epochs(task.out)[-1]
        held_out = "" if last.held_out_loss is None else f", held out {last.held_out_loss:.2f}"
        tqdm.write(f"  {task.model_id}: loss {last.train_loss:.2f}{held_out}")

    followed = list(zip(plan.members, map(MemberProgress.of, tasks), strict=True))

    def look() -> int:
        members = tuple(_so_far(member, one) for member, one in followed)
        done = sum(member.planned if member.is_done else len(member.epochs) for member in members)
        journal.tell(members)
        journal.reach(done)
        return done

    total = len(tasks) * experiment.recipe.epochs
    journal.begin("train", total=total, done=look())
    with progress_bar(look, total=total, unit=" epochs"):
        run_tasks(tasks, train_member, device=device, workers=workspace.workers, on_done=tell)


def weights_file(folder: RunFolder, model_id: str) -> Path:
    """Where a member's weights are kept."""
    return folder.members / f"{model_id}.safetensors"


def copy_members(trained: Sequence[Trained], *, folder: RunFolder) -> list[Trained]:
    """Copies an old run's members into a new run, so that it can be scored again without its parent."""
    copied = []
    for one in trained:
        own = weights_file(folder, one.member.model_id)
        if not own.exists():
            files.copy(one.weights, own)
        copied.append(replace(one, weights=own))
    return copied


def resolve_device(workspace: Workspace) -> str:
    """The device that a setting means on this machine.

    Raises:
        SettingsError: If there is no such device.
    """
    from cxr_core.network.device import choose_device

    return str(choose_device(workspace.device))


def _so_far(member: Member, progress: "MemberProgress") -> MemberSoFar:
    is_done = progress.is_done
    return MemberSoFar(
        model_id=member.model_id,
        regime=member.regime,
        fold=member.fold,
        number=member.number,
        planned=progress.task.recipe.epochs,
        epochs=tuple(
            EpochSoFar(
                epoch=epoch.epoch,
                train_loss=epoch.train_loss,
                held_out_loss=epoch.held_out_loss,
                seconds=epoch.seconds,
            )
            for epoch in progress.epochs()
        ),
        is_done=is_done,
    )


def _task(
    plan: Plan, member: Member, *, experiment: Experiment, workspace: Workspace, folder: RunFolder, device: str
) -> "MemberTask":
    from cxr_core.training import MemberTask

    pictures = plan.dataset.images["picture_hash"].to_numpy(object)
    rows = {role: plan.rows(member, role) for role in ("train", "internal_test", "validation")}
    hashes = {role: tuple(pictures[of_role].tolist()) for role, of_role in rows.items()}
    classes = {role: tuple(plan.classes[of_role].tolist()) for role, of_role in rows.items()}
    return MemberTask(
        model_id=member.model_id,
        seed=experiment.seed,
        member=member.number,
        fold=member.fold,
        network=experiment.network,
        recipe=experiment.recipe,
        n_classes=len(experiment.findings),
        cache=workspace.cache,
        train=hashes["train"],
        train_classes=classes["train"],
        held_out=hashes["internal_test"],
        held_out_classes=classes["internal_test"],
        validation=hashes["validation"],
        validation_classes=classes["validation"],
        device=device,
        weights_folder=workspace.weights,
        folder=folder.work / "checkpoints" / member.model_id,
        out=weights_file(folder, member.model_id),
        show_progress=False,
    )
