"""What a node of a cluster must have in common with the machine that gives out the work: the program, and the folders.

A node that lacks them must not begin: it would set aside each image whose disk it does not see.
"""

import os
import platform
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cxr_core import provenance
from cxr_core.errors import SettingsError
from cxr_core.tasks.parcel import on_this_node

# What is in these changes all the time; that they are the same is seen by what a node has written there.
_OWN = {"results": "SECOND_SITE_RESULTS", "cache": "SECOND_SITE_CACHE"}
_NAMES = 5
_SOON_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Root:
    """A folder where the work is given out.

    Attributes:
        folder: It, absolute.
        holds: Some of the names in it, for a node to see whether it means the same one.
    """

    folder: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The machine that gives out the work, as it travels with it.

    Attributes:
        versions: Of what computes, by name; what a build adds to them for its kind of processor is left out.
        roots: By name the folders under which the paths of tasks lie there.
    """

    versions: Mapping[str, str]
    roots: Mapping[str, Root]

    @classmethod
    def here(cls, roots: Mapping[str, Path]) -> "Sender":
        """This machine.

        Args:
            roots: By name the folders under which the paths of tasks lie.
        """
        described = {
            name: Root(folder=str(root.absolute()), holds=() if name in _OWN else _some_names(root))
            for name, root in roots.items()
            if root.is_dir()  # a cache may not have been needed yet
        }
        return cls(versions=_versions(), roots=described)

    def check_node(self) -> None:
        """Sees whether this machine can do that one's work.

        Raises:
            SettingsError: If it has another version of something that computes, or a folder is not there or another.
        """
        node, own = platform.node(), _versions()
        for name, version in self.versions.items():
            if own.get(name) != version:
                raise SettingsError(
                    f"The node {node} has {name} {own.get(name)}, expected {version} as where the command was started. "
                    "Install the same versions on all nodes."
                )
        here = on_this_node()
        for name, root in self.roots.items():
            folder = Path(here.get(name, root.folder))
            remedy = f"Mount the same storage there, and say where it lies by {_variable(name)} on that node."
            if not folder.is_dir():
                raise SettingsError(f"The node {node} has no folder {folder}, where it looks for {name}. {remedy}")
            if not all((folder / each).exists() for each in root.holds):  # their names may be patients'
                raise SettingsError(
                    f"The node {node} looks for {name} in {folder}, which does not hold what {root.folder} holds where "
                    f"the command was started. {remedy}"
                )


def check_seen(path: Path, *, within_s: float) -> None:
    """Sees to it that a file that a node wrote is here too; shared storage may take its time to show it.

    Args:
        path: The file, as it is called here.
        within_s: How long that may take.

    Raises:
        SettingsError: If it is not here by then.
    """
    deadline = time.monotonic() + within_s
    while not path.exists():
        if time.monotonic() >= deadline:
            raise SettingsError(
                f"A node wrote {path}, which is not here. All nodes must see the same storage: check --results and "
                "--cache, and SECOND_SITE_RESULTS and SECOND_SITE_CACHE where nodes have their own."
            )
        with suppress(OSError), os.scandir(path.parent) as entries:
            next(entries, None)  # once the folder is opened anew, what is in it is asked for anew
        time.sleep(_SOON_S)


def _some_names(root: Path) -> tuple[str, ...]:
    try:
        with os.scandir(root) as entries:
            return tuple(entry.name for entry in islice(entries, _NAMES))
    except OSError:
        return ()


def _versions() -> dict[str, str]:
    return {name: version.partition("+")[0] for name, version in provenance.versions().items() if name != "python"}


def _variable(name: str) -> str:
    return _OWN.get(name, f"SECOND_SITE_DATA={name}=DIR")
