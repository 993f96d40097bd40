"""The lock, the requirements and what is installed here say the same."""

import importlib.util
import re
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
LOCKED = {line.split("==")[0]: Requirement(line) for line in LINES if not line.startswith("#")}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("constraints", ROOT / "docs" / "constraints.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_line_is_a_package_and_its_version_and_never_a_place():
    for line in LINES:
        assert re.fullmatch(r'#.*|[a-z0-9-]+==[0-9][A-Za-z0-9.+!]*(; sys_platform == "linux")?', line), line
    assert not re.search("://|/work|/tmp|/home|index|@", "".join(LINES))


def test_every_pin_of_the_requirements_is_there_identically(script):
    for pin in script.pins():
        assert str(pin.specifier).startswith("=="), pin
        assert LOCKED[canonicalize_name(pin.name)].specifier == pin.specifier, "write it again: make constraints"


def test_everything_that_the_requirements_pull_in_is_locked_at_the_version_installed(script):
    installed = script.pulled_in(default_environment())
    assert {"torch", "streamlit", "starlette", "pytest", "pluggy"} < installed.keys()
    for name, version in installed.items():
        assert name in LOCKED, "write it again: make constraints"
        assert LOCKED[name].specifier.contains(version, prereleases=True), f"{name} {version}: make constraints"


def test_what_only_linux_pulls_in_is_marked_so():
    assert {name for name, one in LOCKED.items() if one.marker is None} > {"torch", "numpy", "streamlit"}
    cuda = [one for name, one in LOCKED.items() if name.startswith(("nvidia-", "cuda-", "triton"))]
    assert cuda
    assert all(str(one.marker) == 'sys_platform == "linux"' for one in cuda)


def test_the_commands_that_install_go_by_it():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "pip install" in line and "-r requirements" in line]
    for line in installs:
        assert line.endswith("-c constraints.txt") or "-r requirements-dev.txt" in line
    assert sum(line.endswith("-c constraints.txt") for line in installs) == len(installs) - 1
