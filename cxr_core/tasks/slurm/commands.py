"""Slurm itself: arrays by submitit, everything else by its own commands."""

import os
import shlex
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path

import cxr_core
from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Needs
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm import listing
from cxr_core.tasks.slurm.cluster import JOB_NAME, AwayError, Call, Element, FullError
from cxr_core.tasks.slurm.mailbox import perform_call, thread_variables

_ANSWER_S = 60
_CANCEL_S = 4  # a command that was told to stop has ten seconds for everything
_SLOTS_UNKNOWN = 8
_SLOTS_AT_MOST = 512
_WITHOUT_LIMIT = 10**6

# Jobs inherit this process's variables. Its own job's would change theirs, where it is one; its folders are the
# sender's, and would be taken for the node's own.
_KEPT = {"SLURM_CONF", "SBATCH_ACCOUNT", "SBATCH_QOS", "SBATCH_CONSTRAINT", "SBATCH_RESERVATION", "SBATCH_PARTITION"}
_LEFT_OUT = ("SLURM_", "SLURMD_", "SRUN_", "SBATCH_", "SUBMITIT_", "SECOND_SITE_")


@dataclass(frozen=True)
class SlurmCluster:
    """A `Cluster`: Slurm, as its commands on this machine reach it.

    Attributes:
        settings: What is asked for each job.
        logs: Where jobs write what they print, and submitit what it hands them.
    """

    settings: SlurmSettings
    logs: Path

    @property
    def slots(self) -> int:
        """As `Cluster`, of the nodes that are up; some where that is not known."""
        with suppress(AwayError):
            return min(self._slots() or _SLOTS_UNKNOWN, _SLOTS_AT_MOST)
        return _SLOTS_UNKNOWN

    @cached_property
    def array_size(self) -> int:
        """As `Cluster`."""
        return listing.array_size(_said(["scontrol", "show", "config"]))

    def submit(self, calls: Sequence[Call], *, needs: Needs, mark: str) -> list[str]:
        """As `Cluster`."""
        import submitit

        settings = self.settings
        if needs.gpus and not settings.slurm_gpus:
            raise SettingsError(
                "A GPU is asked for (--device cuda) and Slurm gives none: ask for it with --slurm-gpus 1."
            )
        executor = submitit.SlurmExecutor(self.logs)
        executor.update_parameters(
            job_name=f"{JOB_NAME}{needs.kind}",
            partition=settings.slurm_partition,
            time=settings.slurm_minutes,
            mem=f"{settings.slurm_memory_gb}G",
            cpus_per_task=needs.cpus,
            gpus_per_node=settings.slurm_gpus if needs.gpus else None,
            comment=mark,
            wckey=None,
            array_parallelism=_WITHOUT_LIMIT,
            stderr_to_stdout=True,
            use_srun=False,  # a step would get one core from Slurm 22.05 on
            setup=_setup(needs),
            additional_parameters={"no-requeue": True},  # what is lost is given out again here
        )
        try:
            with _own_environment(settings.slurm_partition), redirect_stderr(StringIO()):
                jobs = executor.map_array(
                    perform_call, [str(call.parcel) for call in calls], [str(call.outcome) for call in calls]
                )
        except submitit.core.utils.FailedJobError as error:
            raise _refused(str(error)) from error
        return [str(job.job_id) for job in jobs]

    def seen(self, jobs: Collection[str]) -> Mapping[str, Element]:  # noqa: ARG002 -- one question for all of this user
        """As `Cluster`; what ended is listed for some minutes."""
        command = ["squeue", "--array", "--noheader", "--states=all", f"--user={os.getuid()}"]
        return listing.elements(_said([*command, f"--format={listing.SQUEUE_FORMAT}"]))

    def is_hopeless(self, reason: str) -> bool:
        """As `Cluster`: the request can never be met, or no node of the partition is up."""
        if listing.waits_in_vain(reason):
            return True
        if not listing.waits_for_nodes(reason):
            return False
        try:
            return self._slots() == 0
        except AwayError:
            return False

    def cancel(self, jobs: Collection[str]) -> None:
        """As `Cluster`."""
        with suppress(AwayError):
            _said(["scancel", *sorted(jobs)], within_s=_CANCEL_S)

    def tidy(self, element: str) -> None:
        """As `Cluster`."""
        for path in (self.logs / f"{element}_submitted.pkl", self.logs / f"{element}_0_result.pkl"):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _slots(self) -> int:
        said = _said(["sinfo", "--Node", "--noheader", f"--format={listing.SINFO_FORMAT}"])
        settings = self.settings
        return listing.slots(said, partition=settings.slurm_partition, memory_gb=settings.slurm_memory_gb)


def check_there() -> None:
    """Sees to it that there are submitit and a Slurm that answers.

    Raises:
        SettingsError: If not.
    """
    try:
        import submitit  # noqa: F401
    except ModuleNotFoundError as error:
        raise SettingsError(
            '--executor slurm needs submitit, which is not installed: pip install "second-site[slurm]".'
        ) from error
    try:
        _said(["scontrol", "ping"])
    except AwayError as error:
        raise SettingsError(
            f"--executor slurm needs a Slurm that answers on this machine: {error} Start where `sinfo` shows nodes."
        ) from error


def _setup(needs: Needs) -> list[str]:
    """Lines before an element's program: where this library lies, and as many threads as it has cores."""
    ours = shlex.quote(str(Path(cxr_core.__path__[0]).parent))
    lines = [f'export PYTHONPATH={ours}"${{PYTHONPATH:+:$PYTHONPATH}}"']
    return lines + [f"export {name}={value}" for name, value in thread_variables(needs).items()]


@contextmanager
def _own_environment(partition: str | None) -> Iterator[None]:
    """Leaves out the variables that would change what is asked for, as long as the block takes."""
    kept = _KEPT - {"SBATCH_PARTITION"} if partition else _KEPT
    hidden = {name: os.environ[name] for name in list(os.environ) if name.startswith(_LEFT_OUT) and name not in kept}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _refused(said: str) -> Exception:
    if listing.is_away(said):
        return AwayError(said.strip())
    if listing.is_full(said):
        return FullError(said.strip())
    return SettingsError(f"Slurm does not take the jobs of this run: {listing.refusal(said)}")


def _said(command: list[str], *, within_s: float = _ANSWER_S) -> str:
    """What one of Slurm's commands prints.

    Raises:
        AwayError: If it is not there, fails, or does not end in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- our own words
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=within_s,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AwayError(f"{command[0]} cannot be asked ({error}).") from error
    if done.returncode != 0:
        raise AwayError(f"{command[0]} says: {' '.join(done.stderr.split()) or f'exit code {done.returncode}'}.")
    return done.stdout
