"""Trains the members of a run, each on its part of the training dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from cxr_core import files
from cxr_core.experiment import Experiment
from cxr_core.manifest import Manifest
from cxr_core.pipeline.hands import watched, work_off
from cxr_core.pipeline.place import Place, RunFolder
from cxr_core.pipeline.plan import Plan, training_policy
from cxr_core.progress.journal import Journal
from cxr_core.progress.report import EpochSoFar, MemberSoFar
from cxr_core.roles import Member
from cxr_core.settings import Role

if TYPE_CHECKING:  # torch comes only when a network is trained
    from cxr_core.training import Followed, MemberTask


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


def ready(manifest: Manifest, *, experiment: Experiment, place: Place) -> str:
    """Looks, before hours of decoding, whether training could begin: policy, device and starting weights.

    Returns:
        The device.

    Raises:
        SettingsError: If there is no such policy or device.
        CxrError: If starting weights are not at hand or do not fit.
    """
    from cxr_core.network import build

    training_policy(manifest, experiment=experiment)
    device = chosen_device(place)
    build(experiment.network, n_classes=len(experiment.findings), generator_seed=0, weights_folder=place.weights)
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
    drawn: Plan, *, experiment: Experiment, place: Place, folder: RunFolder, device: str, journal: Journal
) -> None:
    """Trains every member that has no weights yet, from where an earlier attempt stopped, and tells how far it is."""
    from cxr_core.training import Followed, MemberTask, read_epochs, train_member

    tasks = [
        _task(drawn, member, experiment=experiment, place=place, folder=folder, device=device)
        for member in drawn.members
    ]

    def tell(task: MemberTask) -> None:
        last = read_epochs(task.out)[-1]
        held_out = "" if last.held_out_loss is None else f", held out {last.held_out_loss:.2f}"
        tqdm.write(f"  {task.model_id}: loss {last.train_loss:.2f}{held_out}")

    followed = list(zip(drawn.members, map(Followed.of, tasks), strict=True))

    def look() -> int:
        members = tuple(_so_far(member, one) for member, one in followed)
        done = sum(member.planned if member.is_done else len(member.epochs) for member in members)
        journal.tell(members)
        journal.reach(done)
        return done

    total = len(tasks) * experiment.recipe.epochs
    journal.begin("train", total=total, done=look())
    with watched(look, total=total, unit=" epochs"):
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
            files.copy(one.weights, own)
        copied.append(replace(one, weights=own))
    return copied


def chosen_device(where: Place) -> str:
    """The device that a setting means on this machine.

    Raises:
        SettingsError: If there is no such device.
    """
    from cxr_core.network.device import choose_device

    return str(choose_device(where.device))


def _so_far(member: Member, followed: "Followed") -> MemberSoFar:
    is_done = followed.is_done
    return MemberSoFar(
        model_id=member.model_id,
        regime=member.regime,
        fold=member.fold,
        number=member.number,
        planned=followed.task.recipe.epochs,
        epochs=tuple(
            EpochSoFar(
                epoch=epoch.epoch,
                train_loss=epoch.train_loss,
                held_out_loss=epoch.held_out_loss,
                seconds=epoch.seconds,
            )
            for epoch in followed.epochs()
        ),
        is_done=is_done,
    )


def _task(
    drawn: Plan, member: Member, *, experiment: Experiment, place: Place, folder: RunFolder, device: str
) -> "MemberTask":
    from cxr_core.training import MemberTask

    pictures = drawn.dataset.images["picture_hash"].to_numpy(object)
    rows = {role: drawn.rows(member, role) for role in ("train", "internal_test", "validation")}
    hashes = {role: tuple(pictures[of_role].tolist()) for role, of_role in rows.items()}
    classes = {role: tuple(drawn.classes[of_role].tolist()) for role, of_role in rows.items()}
    return MemberTask(
        model_id=member.model_id,
        seed=experiment.seed,
        member=member.number,
        fold=member.fold,
        network=experiment.network,
        recipe=experiment.recipe,
        n_classes=len(experiment.findings),
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
