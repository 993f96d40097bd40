"""Which jobs a run has given out, kept beside it: the next start ends what a killed command has left."""

import json
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

from cxr_core import files
from cxr_core.errors import SettingsError, UnreadableError
from cxr_core.tasks.slurm.cluster import JOB_NAME, AwayError, Cluster, job_of

_FILE = "jobs.json"


class Ledger:
    """The jobs of one run. A mark is written before the first is given out, and every job has it as its comment.

    Raises:
        UnreadableError: If what an earlier start wrote is there and cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self.mark, self._jobs = self._read()

    def note(self, elements: Iterable[str]) -> None:
        """Writes down jobs that were given out; of none, it writes the mark."""
        self._jobs = list(dict.fromkeys([*self._jobs, *map(job_of, elements)]))
        self._write()

    def settle(self) -> None:
        """Writes down that all that was given out has ended."""
        self._jobs = []
        self._write()

    def end_old(self, cluster: Cluster, *, wait_s: float, poll_s: float) -> None:
        """Ends the jobs of an earlier start, and waits for their end: two would write the same files.

        Args:
            cluster: Where they may run.
            wait_s: How long it may take.
            poll_s: How often it is asked.

        Raises:
            SettingsError: If they do not end, or the cluster does not say.
        """
        if not self._path.exists():
            return
        deadline = time.monotonic() + wait_s
        while running := self._running(cluster, deadline=deadline, poll_s=poll_s):
            cluster.cancel(running)
            if time.monotonic() > deadline:
                raise SettingsError(
                    f"Jobs of an earlier start of this run do not end: {', '.join(sorted(running))}. End them "
                    f"(scancel {' '.join(sorted(running))}) and start the same command again."
                )
            time.sleep(poll_s)
        self.settle()

    def _running(self, cluster: Cluster, *, deadline: float, poll_s: float) -> set[str]:
        """The jobs of an earlier start that still wait, run or end; not those whose node will never say so."""
        while True:
            try:
                seen = cluster.seen(self._jobs)
            except AwayError as error:
                if time.monotonic() > deadline:
                    raise SettingsError(
                        f"Whether jobs of an earlier start of this run still run is not known: {error} "
                        "Start the same command again once `squeue` answers."
                    ) from error
                time.sleep(poll_s)
            else:
                break
        own = {
            element: found
            for element, found in seen.items()
            if not found.is_ended
            and (found.comment == self.mark or (job_of(element) in self._jobs and found.name.startswith(JOB_NAME)))
        }
        if time.monotonic() > deadline and all(found.is_ending for found in own.values()):
            return set()
        return {job_of(element) for element in own}

    def _read(self) -> tuple[str, list[str]]:
        try:
            noted = json.loads(self._path.read_text(encoding="utf-8"))
            return str(noted["mark"]), [str(job) for job in noted["jobs"]]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return f"{JOB_NAME}{uuid.uuid4().hex}", []
        except OSError as error:
            raise UnreadableError.of(self._path, error) from error

    def _write(self) -> None:
        files.write(self._path, (json.dumps({"mark": self.mark, "jobs": self._jobs}) + "\n").encode())
