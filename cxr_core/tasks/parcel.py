"""What travels to a node of a cluster, and what comes back: tasks with the paths in them, never arrays.

A path under a named root travels as the root's name and the rest. The node puts its own root before it, as its
variables SECOND_SITE_RESULTS, SECOND_SITE_CACHE and SECOND_SITE_DATA (`NAME=DIR` pairs) say, or else the sender's.
"""

import io
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from cxr_core import roots
from cxr_core.tasks.executor import Needs, Outcome
from cxr_core.tasks.local import Local

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Parcel(Generic[T]):
    """Some tasks that one node performs, one after the other.

    Attributes:
        tasks: They.
        perform: A function at the top level of a module.
        needs: What each of them takes.
    """

    tasks: Sequence[T]
    perform: Callable[[T], Path]
    needs: Needs

    def performed(self) -> "Performed":
        """Performs the tasks on this machine, in a process of their own."""
        found: list[tuple[int, Outcome]] = []
        try:
            found.extend(Local(workers=1).performed(self.tasks, self.perform, needs=self.needs))
        except Exception as error:  # noqa: BLE001 -- raised again where the work was given out
            return Performed(outcomes=dict(found), error=error)
        return Performed(outcomes=dict(found))


@dataclass(frozen=True, kw_only=True)
class Performed:
    """What became of a parcel.

    Attributes:
        outcomes: By a task's place in the parcel its outcome; of all, unless there is an error.
        error: What ends the whole work: a full disk, or a mistake in the program.
    """

    outcomes: Mapping[int, Outcome]
    error: Exception | None = None


def parcels(
    tasks: Sequence[T], perform: Callable[[T], Path], *, needs: Needs, size: int
) -> list[tuple[range, Parcel[T]]]:
    """Tasks in parcels of one size, each with the indices of its tasks.

    Args:
        tasks: What there is to do.
        perform: A function at the top level of a module.
        needs: What each task takes.
        size: Tasks a parcel, at least 1.
    """
    found = []
    for start in range(0, len(tasks), size):
        indices = range(start, min(start + size, len(tasks)))
        found.append((indices, Parcel(tasks=tuple(tasks[i] for i in indices), perform=perform, needs=needs)))
    return found


def packed(value: object, *, roots: Mapping[str, Path]) -> bytes:
    """A value as bytes that another machine can unpack.

    Args:
        value: What can be pickled.
        roots: By name the folders under which its paths lie on this machine.
    """
    written = io.BytesIO()
    _Packer(written, roots=roots).dump(value)
    return written.getvalue()


def unpacked(parcel: bytes, *, roots: Mapping[str, Path]) -> Any:  # noqa: ANN401 -- whatever was packed
    """What was packed, with the paths of this machine.

    Args:
        parcel: From `packed`, of this very program: unpickling others' bytes would run what they say.
        roots: By name the folders of this machine; of a root that is not among them the sender's is taken.
    """
    return _Unpacker(io.BytesIO(parcel), roots=roots).load()


def on_this_node() -> dict[str, Path]:
    """The named roots as this machine's variables give them."""
    named = {"results": "SECOND_SITE_RESULTS", "cache": "SECOND_SITE_CACHE"}
    own = {name: Path(os.environ[variable]) for name, variable in named.items() if os.environ.get(variable)}
    return own | roots.on_this_machine()


def perform_packed(parcel: bytes) -> bytes:
    """What a node does: unpacks a parcel, performs its tasks, and packs what became of them."""
    here = on_this_node()
    received: Parcel[Any] = unpacked(parcel, roots=here)
    return packed(received.performed(), roots=here)


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, *, roots: Mapping[str, Path]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        # The innermost root first: the cache may lie in the folder of results.
        absolute = {name: root.absolute() for name, root in roots.items()}
        self._roots = sorted(absolute.items(), key=lambda each: -len(each[1].parts))

    def persistent_id(self, value: object) -> tuple[str, str, str] | None:
        if not isinstance(value, Path):
            return None
        path = value.absolute()
        for name, root in self._roots:
            if path.is_relative_to(root):
                return name, path.relative_to(root).as_posix(), str(root)
        return "", str(path), ""


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, *, roots: Mapping[str, Path]) -> None:
        super().__init__(file)
        self._roots = roots

    def persistent_load(self, found: tuple[str, str, str]) -> Path:
        name, rest, senders = found
        return Path(self._roots.get(name, senders)) / rest if name else Path(rest)
