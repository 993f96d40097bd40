"""What `pip install .` brings: everything that is read at run time, the script, and the packages that it needs."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PACKAGES = ("cxr_core", "dashboard")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _ours(folder: Path) -> dict[str, bytes]:
    """Every file of both packages but what Python writes beside its own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for package in PACKAGES
        for path in sorted((folder / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as pip builds it, unpacked; built from a copy, since a build leaves files behind."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from setuptools.build_meta import build_wheel; build_wheel('made')"
    subprocess.run([sys.executable, "-c", code], cwd=source, check=True, capture_output=True)
    (made,) = (source / "made").glob("*.whl")
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(made) as packed:
        packed.extractall(unpacked)
    return unpacked


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel):
    assert _ours(wheel) == _ours(ROOT)
    assert {path.name.split("-")[0] for path in wheel.iterdir()} == {*PACKAGES, "second_site"}


def test_the_script_is_the_command_line(wheel):
    told = next(wheel.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert told.split() == ["[console_scripts]", "second-site", "=", PROJECT["scripts"]["second-site"]]
    module, function = PROJECT["scripts"]["second-site"].split(":")
    assert callable(getattr(import_module(module), function))


def test_unpacked_anywhere_it_names_its_own_commands(wheel, tmp_path):
    code = "from cxr_core.cli.main import main; main([])"
    environment = os.environ | {"PYTHONPATH": str(wheel)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "  second-site demo  " in done.stdout
    assert "  second-site dashboard  " in done.stdout
    assert "usage: second-site " in done.stdout
    assert "train.py" not in done.stdout


def test_every_range_takes_the_version_that_is_pinned_and_ends_before_one_that_nobody_tried():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(pin.name): pin for pin in map(Requirement, filter(lambda line: line[:1] != "#", lines))}
    ranges = {canonicalize_name(one.name): one for one in map(Requirement, PROJECT["dependencies"])}

    assert list(ranges) == list(pins), "the same packages in both lists, in the same order"
    for name, one in ranges.items():
        (pinned,) = (Version(each.version) for each in pins[name].specifier)
        bounds = {each.operator: Version(each.version) for each in one.specifier}
        assert one.specifier.contains(str(pinned)), name
        if pinned.major < 2000:  # a year is no promise
            assert bounds["<"] == Version(str(pinned.major + 1)), name
        assert bounds[">="] <= pinned, name
