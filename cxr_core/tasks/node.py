"""What a node of a cluster must have in common with the machine that gives out the work: the program, and the folders.

A node that lacks them must not begin: it would set aside each image whose disk it does not have.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cxr_core import provenance
from cxr_core.errors import SettingsError
from cxr_core.tasks.parcel import on_this_node


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The machine that gives out the work, as it travels with it.

    Attributes:
        versions: Of what computes, by name; what a build adds to them for its kind of processor is left out.
        roots: By name the folders under which the paths of tasks lie there, absolute.
    """

    versions: Mapping[str, str]
    roots: Mapping[str, str]

    @classmethod
    def here(cls, roots: Mapping[str, Path]) -> "Sender":
        """This machine.

        Args:
            roots: By name the folders under which the paths of tasks lie.
        """
        return cls(versions=_versions(), roots={name: str(root.absolute()) for name, root in roots.items()})

    def check_node(self) -> None:
        """Sees whether this machine can do that one's work.

        Raises:
            SettingsError: If it has another version of something that computes, or a folder is not there.
        """
        node, own = platform.node(), _versions()
        other = [name for name, version in self.versions.items() if own.get(name) != version]
        if other:
            name = other[0]
            raise SettingsError(
                f"The node {node} has {name} {own.get(name)}, expected {self.versions[name]} as where the command was "
                "started. Install the same versions on all nodes."
            )
        here = on_this_node()
        for name, sent in self.roots.items():
            if not (folder := Path(here.get(name, sent))).is_dir():
                raise SettingsError(
                    f"The node {node} has no folder {folder}, where it looks for {name}. Mount the same storage there, "
                    f"and say where it lies by {_variable(name)} on that node."
                )


def _versions() -> dict[str, str]:
    return {name: version.partition("+")[0] for name, version in provenance.versions().items() if name != "python"}


def _variable(name: str) -> str:
    own = {"results": "SECOND_SITE_RESULTS", "cache": "SECOND_SITE_CACHE"}
    return own.get(name, f"SECOND_SITE_DATA={name}=DIR")
