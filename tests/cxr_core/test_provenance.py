"""The commit of a run is that of the code that computed it, never that of a repository around it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def git(folder, *words):
    done = subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *words],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def commit_told_in(packages):
    """In a process without the packages of this environment, where the project is installed too."""
    code = (
        f"import sys; sys.path.insert(0, '{packages}')\nfrom cxr_core import provenance; print(provenance.git_commit())"
    )
    words = [sys.executable, "-S", "-c", code]
    return subprocess.run(words, cwd="/", capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def packages(tmp_path):
    """A package's folder inside of a repository with a commit: an environment in somebody's project, say."""
    folder = tmp_path / "project" / "environment"
    (folder / "cxr_core").mkdir(parents=True)
    for name in ("__init__.py", "provenance.py"):
        shutil.copy(ROOT / "cxr_core" / name, folder / "cxr_core" / name)
    (tmp_path / "project" / "mine.txt").touch()
    git(tmp_path / "project", "init", "-q")
    git(tmp_path / "project", "add", "mine.txt")
    git(tmp_path / "project", "commit", "-qm", "theirs")
    return folder


def test_a_checkout_tells_its_commit(packages):
    git(packages, "add", "cxr_core")
    git(packages, "commit", "-qm", "ours")
    assert commit_told_in(packages) == git(packages, "rev-parse", "HEAD")


def test_a_package_in_somebody_elses_repository_does_not_tell_their_commit(packages):
    assert commit_told_in(packages) == "None"


@pytest.mark.parametrize(
    ("noted", "told"),
    [
        ({"url": "https://example.org/r.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, COMMIT),
        ({"url": "file:///somewhere", "dir_info": {}}, "None"),
    ],
)
def test_a_package_from_a_repository_tells_the_commit_that_pip_noted(packages, noted, told):
    described = packages / "second_site-0.1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: second-site\nVersion: 0.1.0\n")
    (described / "direct_url.json").write_text(json.dumps(noted))
    assert commit_told_in(packages) == told
