"""The files by which the command and the elements of its arrays speak: a parcel for each, and what became of it."""

import os
import pickle
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cxr_core import files
from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Needs
from cxr_core.tasks.node import Sender
from cxr_core.tasks.parcel import Parcel, Performed, packed, perform_packed, unpacked
from cxr_core.tasks.slurm.cluster import Call

_PARCEL = ".parcel"
_OUTCOME = ".outcome"

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""The variables that keep libraries from starting a thread for every core of a node that is shared with others."""


def thread_variables(needs: Needs) -> dict[str, str]:
    """The variables of an element whose tasks take so many cores."""
    return dict.fromkeys(THREADS, str(needs.cpus))


class Mailbox:
    """A folder of parcels and outcomes on storage that all machines see."""

    def __init__(self, folder: Path, *, roots: Mapping[str, Path]) -> None:
        self._folder = folder
        self._roots = roots
        self._sender = Sender.here(roots)

    def put(self, name: str, parcel: Parcel[Any]) -> Call:
        """Writes a parcel for an element to take."""
        call = self._call(name)
        files.write(call.parcel, pickle.dumps((self._sender, packed(parcel, roots=self._roots))))
        return call

    def arrived(self) -> set[str]:
        """The names of the parcels whose outcomes are there.

        The folder is listed: that something is missing, a network file system may believe for a minute.
        """
        try:
            with os.scandir(self._folder) as entries:
                return {entry.name.removesuffix(_OUTCOME) for entry in entries if entry.name.endswith(_OUTCOME)}
        except FileNotFoundError:
            return set()

    def take(self, name: str) -> Performed:
        """What became of a parcel; nothing of it is left here."""
        outcome: Performed = unpacked(self._call(name).outcome.read_bytes(), roots=self._roots)
        self.remove(name)
        return outcome

    def remove(self, name: str) -> None:
        """Takes a parcel back: an element that has not begun it will do nothing."""
        call = self._call(name)
        for path in (call.parcel, call.outcome):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Takes everything back."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _call(self, name: str) -> Call:
        return Call(parcel=self._folder / f"{name}{_PARCEL}", outcome=self._folder / f"{name}{_OUTCOME}")


def perform_call(parcel: str, outcome: str) -> None:
    """What an element does, on its node. A parcel that was taken back is none to perform.

    Args:
        parcel: The file with the packed parcel.
        outcome: The file to be written: there whole, or not at all.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # submitit's own answer goes on as if nothing had been said
    try:
        received = Path(parcel).read_bytes()
    except FileNotFoundError:
        return
    performed = _answered(received)
    if Path(parcel).exists():
        files.write(Path(outcome), performed)


def _answered(received: bytes) -> bytes:
    """What became of a parcel, or what is wrong with this node, which is raised where the work was given out."""
    try:
        sender, parcel = pickle.loads(received)  # noqa: S301 -- of this very program
        sender.check_node()
        return perform_packed(parcel)
    except SettingsError as error:
        wrong: Exception = error
    except Exception as error:  # noqa: BLE001 -- whatever another program's words do to this one
        words = f"A node could not take its tasks ({type(error).__name__}: {error})."
        wrong = RuntimeError(f"{words} Is the same program installed there?")
    return packed(Performed(outcomes={}, error=wrong), roots={})
