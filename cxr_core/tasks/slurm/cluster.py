"""What is asked of whatever runs job arrays: Slurm, or on this machine alone submitit's local executor."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_core.tasks.executor import Needs

JOB_NAME = "second-site-"
"""What the name of each job begins with; the kind of its tasks follows."""

_ENDED = {
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",
    "TIMEOUT",
}  # fmt: skip


class AwayError(Exception):
    """The cluster does not answer at the moment; its jobs may well run."""


class FullError(Exception):
    """The cluster takes no more jobs of this user at the moment."""


@dataclass(frozen=True, kw_only=True)
class Element:
    """An element of a job array, as the cluster lists it.

    Attributes:
        state: In the cluster's word.
        name: Of its job.
        reason: Why it waits, or ended so, in the cluster's word.
        comment: What its job was given as a mark.
    """

    state: str
    name: str
    reason: str = ""
    comment: str = ""

    @property
    def waits(self) -> bool:
        """Whether it has not begun."""
        return self.state == "PENDING"

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is done in it, though its node may not have said so yet."""
        return self.state == "COMPLETING" or self.is_ended

    @property
    def is_ended(self) -> bool:
        """Whether it is over."""
        return self.state in _ENDED

    @property
    def took_too_long(self) -> bool:
        """Whether it was ended for its time; the reason says so before the state does."""
        return self.state in ("TIMEOUT", "DEADLINE") or (self.is_ending and self.reason in ("TimeLimit", "DeadLine"))

    @property
    def took_too_much(self) -> bool:
        """Whether it was ended for its memory."""
        return self.state == "OUT_OF_MEMORY" or (self.is_ending and self.reason == "OutOfMemory")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one element does: performs a parcel and writes what became of it.

    Attributes:
        parcel: The file with the packed parcel.
        outcome: The file to be written.
    """

    parcel: Path
    outcome: Path


class Cluster(Protocol):
    """Whatever runs job arrays."""

    @property
    def slots(self) -> int:
        """How many tasks of one core it performs at a time, as far as is known; at least 1."""
        ...

    @property
    def array_size(self) -> int:
        """Elements that one array may have; at least 1."""
        ...

    def submit(self, calls: Sequence[Call], *, needs: Needs, mark: str) -> list[str]:
        """Gives out one array and returns the id of each of its elements.

        Args:
            calls: What each element does; no more of them than an array may have.
            needs: What each task takes.
            mark: By which its jobs are found again.

        Raises:
            AwayError: If it does not answer at the moment.
            FullError: If it takes no more jobs at the moment.
            SettingsError: If it never takes such a job.
        """
        ...

    def seen(self, jobs: Collection[str]) -> Mapping[str, Element]:
        """The elements that it still lists, by id: of these jobs, and perhaps of others of this user.

        Raises:
            AwayError: If it does not answer at the moment.
        """
        ...

    def is_hopeless(self, reason: str) -> bool:
        """Whether what waits for this reason waits in vain unless somebody mends something."""
        ...

    def cancel(self, jobs: Collection[str]) -> None:
        """Ends jobs with all their elements, as far as it answers; does not wait for their end."""
        ...

    def tidy(self, element: str) -> None:
        """Removes what was written for an element but its log."""
        ...


def job_of(element: str) -> str:
    """The job whose element it is."""
    return element.partition("_")[0]
