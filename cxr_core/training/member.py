"""Trains one member, from the start or from where an earlier attempt was stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path

from cxr_core.errors import DataError
from cxr_core.files import sweep
from cxr_core.images.cache import Pixels
from cxr_core.network.device import choose_device, reproducible
from cxr_core.network.images import OpenImages
from cxr_core.network.tensor_file import read_metadata, write
from cxr_core.settings import Recipe
from cxr_core.training.checkpoints import Checkpoints
from cxr_core.training.labelled_images import LabelledImages
from cxr_core.training.learner import Learner, network_tensors
from cxr_core.training.objective import Label, as_labels, has_label, labelled
from cxr_core.training.task import Epoch, MemberTask, epochs_as_json


def train_member(
    task: MemberTask, *, on_epoch: Callable[[Epoch], None] | None = None, open_images: OpenImages = Pixels.open
) -> Path:
    """Trains a member and writes its weights.

    A killed training, started again, ends with the same weights as an undisturbed one on the same machine (on the CPU:
    with the same number of threads). Nothing is trained if `task.out` is there and of the same fingerprint.

    Args:
        task: What to train.
        on_epoch: Called after each epoch that is trained here, once its checkpoint is on disk.
        open_images: Opens images of the cache.

    Returns:
        ``task.out``: the network's tensors, with the metadata ``fingerprint``, ``architecture``, ``size_px``,
        ``parameters``, ``chosen_epoch`` and ``epochs`` (see `read_epochs`).

    Raises:
        SettingsError: If starting weights are not at hand, the device is not there, or training diverges.
        DataError: If an image is not in the cache, or a weights file does not fit.
    """
    fingerprint = task.fingerprint()
    if read_metadata(task.out).get("fingerprint") == fingerprint:
        return task.out
    sweep(task.folder)
    sweep(task.out.parent)
    device = choose_device(task.device)
    checkpoints = Checkpoints(folder=task.folder, model_id=task.model_id, fingerprint=fingerprint)
    train, held_out, validation = _parts(task, open_images=open_images)
    with reproducible(device):
        learner = Learner.start(task, device=device)
        epochs = _resumed(learner, checkpoints)
        while not _is_done(epochs, recipe=task.recipe):
            epoch = learner.epoch(len(epochs) + 1, train=train, held_out=held_out, validation=validation)
            epochs = (*epochs, epoch)
            checkpoints.save(learner.tensors(), epochs=epochs, best=_chosen(epochs, recipe=task.recipe))
            if on_epoch is not None:
                on_epoch(epoch)
    _write(task, epochs, learner=learner, checkpoints=checkpoints, fingerprint=fingerprint)
    checkpoints.clear()
    return task.out


def _parts(
    task: MemberTask, *, open_images: OpenImages
) -> tuple[LabelledImages, LabelledImages | None, LabelledImages | None]:
    def opened(hashes: Sequence[str], classes: Sequence[Label]) -> LabelledImages:
        known = as_labels(classes, n_classes=task.n_classes)
        images = open_images(task.cache, size_px=task.network.size_px, picture_hashes=hashes)
        rows = labelled(known)
        return LabelledImages(images=images, rows=rows, labels=known[rows])

    def measured(hashes: Sequence[str], classes: Sequence[Label]) -> LabelledImages | None:
        return opened(hashes, classes) if any(map(has_label, classes)) else None

    validation = None
    if task.recipe.select != "last":
        validation = measured(task.validation, task.validation_classes)
    return opened(task.train, task.train_classes), measured(task.held_out, task.held_out_classes), validation


def _resumed(learner: Learner, checkpoints: Checkpoints) -> tuple[Epoch, ...]:
    """Restores the last state that is whole, and whose best epoch so far is still at hand."""
    for number in checkpoints.numbers():
        checkpoint = checkpoints.after(number)
        if checkpoint is None:
            continue
        best = _chosen(checkpoint.epochs, recipe=learner.task.recipe)
        if best == number or checkpoints.after(best) is not None:
            learner.restore(checkpoint.tensors)
            return checkpoint.epochs
    return ()


def _is_done(epochs: Sequence[Epoch], *, recipe: Recipe) -> bool:
    if not epochs:
        return False
    waited = len(epochs) - _chosen(epochs, recipe=recipe)
    return len(epochs) >= recipe.epochs or (recipe.select == "early_stopping" and waited >= recipe.patience)


def _chosen(epochs: Sequence[Epoch], *, recipe: Recipe) -> int:
    """The epoch whose weights are kept: the last, or the first of those with the lowest validation loss."""
    if recipe.select == "last":
        return epochs[-1].epoch
    losses = [epoch.validation_loss for epoch in epochs if epoch.validation_loss is not None]
    return 1 + losses.index(min(losses))


def _write(
    task: MemberTask, epochs: tuple[Epoch, ...], *, learner: Learner, checkpoints: Checkpoints, fingerprint: str
) -> None:
    chosen = _chosen(epochs, recipe=task.recipe)
    tensors = learner.tensors()
    if chosen != len(epochs):
        best = checkpoints.after(chosen)
        if best is None:
            raise DataError(
                f"The checkpoint of epoch {chosen} in {task.folder} is damaged. Start the same command again."
            )
        tensors = dict(best.tensors)
    metadata = {
        "fingerprint": fingerprint,
        "architecture": task.network.architecture,
        "size_px": str(task.network.size_px),
        "parameters": str(sum(parameter.numel() for parameter in learner.network.parameters())),
        "chosen_epoch": str(chosen),
        "epochs": epochs_as_json(epochs),
    }
    write(task.out, tensors=network_tensors(tensors), metadata=metadata)
