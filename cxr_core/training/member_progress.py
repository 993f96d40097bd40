"""A member in training, seen from the process that waits for it."""

from dataclasses import dataclass

from cxr_core.network.tensor_file import read_metadata
from cxr_core.training.checkpoints import Checkpoints
from cxr_core.training.task import Epoch, MemberTask, read_epochs


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
