"""Checkpoints that a killed training goes on from: one file an epoch, few of them kept; and what they tell of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from cxr_core.errors import DataError, UnreadableError
from cxr_core.network.tensor_file import read, read_metadata, write
from cxr_core.training.task import Epoch, MemberTask, epochs_as_json, epochs_from_json, read_epochs


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A training as it was after an epoch.

    Attributes:
        epochs: So far, first to last.
        tensors: Of the learner.
    """

    epochs: tuple[Epoch, ...]
    tensors: Mapping[str, torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class Checkpoints:
    """The checkpoints of one member under one fingerprint.

    Attributes:
        folder: Where they lie; those of other members and settings may lie beside them.
        model_id: Of the member.
        fingerprint: Of its task. Others are never read.
    """

    folder: Path
    model_id: str
    fingerprint: str

    def save(self, tensors: Mapping[str, torch.Tensor], *, epochs: Sequence[Epoch], best: int) -> None:
        """Keeps the state after the last of `epochs`, the one before it, and that after the epoch `best`."""
        metadata = {"fingerprint": self.fingerprint, "epochs": epochs_as_json(epochs)}
        write(self._path(len(epochs)), tensors=tensors, metadata=metadata)
        for number, path in self._found().items():
            if number not in {len(epochs), len(epochs) - 1, best}:
                path.unlink(missing_ok=True)

    def numbers(self) -> list[int]:
        """After which epochs there is one, whole or damaged, the last first."""
        return sorted(self._found(), reverse=True)

    def after(self, epoch: int) -> Checkpoint | None:
        """The one after an epoch, None if it is not there or damaged.

        Raises:
            UnreadableError: If it is there and cannot be read.
        """
        try:
            stored = read(self._path(epoch), is_ours=True)
            epochs = epochs_from_json(stored.metadata.get("epochs", ""))
        except UnreadableError:
            raise  # it may be whole: to train again from before it would delete it
        except (DataError, ValueError):
            return None
        whole = stored.metadata.get("fingerprint") == self.fingerprint and len(epochs) == epoch
        return Checkpoint(epochs=epochs, tensors=stored.tensors) if whole else None

    def epochs(self) -> tuple[Epoch, ...]:
        """The epochs so far, first to last, as the last one that can be read tells them; its tensors are not read."""
        for number in self.numbers():
            try:
                epochs = epochs_from_json(read_metadata(self._path(number)).get("epochs", ""))
            except (UnreadableError, ValueError):
                continue
            if len(epochs) == number:
                return epochs
        return ()

    def clear(self) -> None:
        """Removes them all."""
        for path in self._found().values():
            path.unlink(missing_ok=True)

    def _path(self, epoch: int) -> Path:
        return self.folder / f"{self.model_id}.{self.fingerprint}.{epoch:03d}.safetensors"

    def _found(self) -> dict[int, Path]:
        name = re.compile(rf"{re.escape(f'{self.model_id}.{self.fingerprint}')}\.(\d+)\.safetensors")
        matches = [(name.fullmatch(path.name), path) for path in self.folder.glob("*.safetensors")]
        return {int(match[1]): path for match, path in matches if match}


@dataclass(frozen=True, kw_only=True)
class MemberProgress:
    """A task that another process, or this one, works on; all that is known of it is what lies on disk.

    Attributes:
        task: What is trained.
        checkpoints: Where its epochs are told until its weights are written.
    """

    task: MemberTask
    checkpoints: Checkpoints

    @classmethod
    def of(cls, task: MemberTask) -> "MemberProgress":
        """Follows a task."""
        checkpoints = Checkpoints(folder=task.folder, model_id=task.model_id, fingerprint=task.fingerprint())
        return cls(task=task, checkpoints=checkpoints)

    @property
    def is_done(self) -> bool:
        """Whether its weights are written."""
        return read_metadata(self.task.out).get("fingerprint") == self.checkpoints.fingerprint

    def epochs(self) -> tuple[Epoch, ...]:
        """The epochs behind it, first to last."""
        return read_epochs(self.task.out) if self.is_done else self.checkpoints.epochs()
