"""Trains the members of a run, each on its part of the training dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.plan import Plan
from cxr_core.pipeline.workers import run_tasks
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.report import EpochSoFar, MemberSoFar
from cxr_core.roles import Member
from cxr_core.settings import Network, Recipe, Role

if TYPE_CHECKING:  # torch comes only when a network is trained
    from cxr_core.training import MemberProgress, MemberTask
    from cxr_core.training.objective import Label


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


def train(plan: Plan, *, seed: int, network: Network, recipe: Recipe, context: RunContext) -> None:
    """Trains every member that has no weights yet, from where an earlier attempt stopped, and tells how far it is.

    Args:
        plan: Which images each learns from.
        seed: The run's.
        network: What is trained.
        recipe: How.
        context: Of the run.
    """
    from cxr_core.training import MemberProgress, MemberTask, read_epochs, train_member

    tasks = [_task(plan, member, seed=seed, network=network, recipe=recipe, context=context) for member in plan.members]

    def tell(task: MemberTask) -> None:
        last = read_epochs(task.out)[-1]
        held_out = "" if last.held_out_loss is None else f", held out {last.held_out_loss:.2f}"
        context.progress.say(f"  {task.model_id}: loss {last.train_loss:.2f}{held_out}")

    followed = list(zip(plan.members, map(MemberProgress.of, tasks), strict=True))

    def done() -> int:
        members = tuple(_so_far(member, one) for member, one in followed)
        context.progress.tell(members)
        return sum(member.planned if member.is_done else len(member.epochs) for member in members)

    stage = context.progress.stage(
        "train", total=len(tasks) * recipe.epochs, done=done(), label="  all networks", unit=" epochs"
    )
    with stage as meter, meter.following(done):
        run_tasks(tasks, train_member, kind="train", device=context.device, executor=context.executor, on_done=tell)


def weights_file(folder: RunFolder, model_id: str) -> Path:
    """Where a member's weights are kept."""
    return folder.members / f"{model_id}.safetensors"


def resolve_device(workspace: Workspace) -> str:
    """The device that a setting means: on this machine one that is there; on a cluster each node finds out.

    Raises:
        SettingsError: If there is no such device on this machine.
    """
    from cxr_core.network.device import choose_device

    machines = workspace.machines
    if machines.executor != "local":
        has_gpu = machines.executor == "slurm" and machines.slurm.slurm_gpus > 0
        return ("cuda" if has_gpu else "cpu") if workspace.device == "auto" else workspace.device
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


def _as_given(labels: npt.NDArray[np.int8]) -> "tuple[Label, ...]":
    if labels.ndim == 1:
        return tuple(labels.tolist())
    return tuple(map(tuple, labels.tolist()))


def _task(
    plan: Plan, member: Member, *, seed: int, network: Network, recipe: Recipe, context: RunContext
) -> "MemberTask":
    from cxr_core.training import MemberTask

    pictures = plan.dataset.images["picture_hash"].to_numpy(object)
    rows = {role: plan.rows(member, role) for role in ("train", "internal_test", "validation")}
    hashes = {role: tuple(pictures[of_role].tolist()) for role, of_role in rows.items()}
    classes = {role: _as_given(plan.labels[of_role]) for role, of_role in rows.items()}
    return MemberTask(
        model_id=member.model_id,
        seed=seed,
        member=member.number,
        fold=member.fold,
        network=network,
        recipe=recipe,
        n_classes=len(plan.dataset.manifest.classes),
        cache=context.workspace.cache,
        train=hashes["train"],
        train_classes=classes["train"],
        held_out=hashes["internal_test"],
        held_out_classes=classes["internal_test"],
        validation=hashes["validation"],
        validation_classes=classes["validation"],
        device=context.device,
        weights_folder=context.workspace.weights,
        folder=context.folder.work / "checkpoints" / member.model_id,
        out=weights_file(context.folder, member.model_id),
        show_progress=False,
    )
