"""Locks what our requirements pull in, at the versions installed here: `make constraints` writes `constraints.txt`."""

import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FILE = ROOT / "constraints.txt"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")

HEAD = """\
# Every package that ours pull in, at the version that was tested: Linux, x86_64, Python 3.11. Written by
# `make constraints`, never by hand. Other systems are asked for the same versions; what only they need is not locked.
"""

_ELSEWHERE = {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"}


def pins() -> list[Requirement]:
    """What the requirements files name."""
    lines = [line for name in REQUIREMENTS for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if re.match(r"\w", line)]


def pulled_in(environment: Mapping[str, str]) -> dict[str, str]:
    """The version of each package, of those installed here, that our requirements pull in on such a system."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(pin, "") for pin in pins()]
    while waiting:
        asked, extra = waiting.pop()
        if asked.marker is not None and not asked.marker.evaluate({**environment, "extra": extra}):
            continue
        name = canonicalize_name(asked.name)
        fresh = {(name, wanted) for wanted in ("", *asked.extras)} - seen
        seen |= fresh
        try:
            installed = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # what another system needs
        found[name] = installed.version
        waiting += [(Requirement(text), wanted) for _, wanted in fresh for text in installed.requires or ()]
    return found


def constraints() -> str:
    """The content of `constraints.txt`; what only Linux pulls in is marked so."""
    here, elsewhere = pulled_in(default_environment()), pulled_in({**default_environment(), **_ELSEWHERE})
    marks = {name: "" if name in elsewhere else '; sys_platform == "linux"' for name in here}
    return HEAD + "".join(f"{name}=={here[name]}{marks[name]}\n" for name in sorted(here))


if __name__ == "__main__":
    FILE.write_text(constraints(), encoding="utf-8")
