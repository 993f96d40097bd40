import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core.errors import SettingsError, StoreError, UnreadableError
from cxr_core.pipeline.workspace import RunFolder, Workspace, locked, run_folder


def test_the_default_name_is_the_preset_and_a_fingerprint(tmp_path):
    workspace = Workspace(results=tmp_path)

    first = run_folder(workspace, preset="paper", identity={"seed": 0})
    other = run_folder(workspace, preset="paper", identity={"seed": 1})

    assert first.run_id.startswith("paper-")
    assert first.run_id != other.run_id


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "a b", "a" * 201])
def test_a_name_is_a_plain_one(tmp_path, name):
    with pytest.raises(SettingsError, match="--name"):
        run_folder(Workspace(results=tmp_path, name=name or " "), preset="paper", identity={})


@pytest.mark.parametrize("content", ["{", "", "[1]", "7", "null", "{}", '{"config": 1}', "[" * 100_000, "\xff"])
def test_a_damaged_description_is_said_to_be_damaged(tmp_path, content):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text(content, encoding="latin-1")

    with pytest.raises(StoreError, match="damaged") as told:
        run_folder(Workspace(results=tmp_path, name="mine"), preset="paper", identity={})
    assert "elete" not in str(told.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO, errno.ENOTCONN])
def test_a_description_that_cannot_be_read_is_not_called_damaged(tmp_path, monkeypatch, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "read_text", refuse)

    with pytest.raises(UnreadableError, match=os.strerror(number)) as told:
        run_folder(Workspace(results=tmp_path, name="mine"), preset="paper", identity={})
    assert "damaged" not in str(told.value)
    assert "elete" not in str(told.value)


def test_a_run_that_cannot_be_seen_is_not_taken_for_one_that_is_not_there(tmp_path, monkeypatch):
    folder = RunFolder(path=tmp_path / "one")
    assert not folder.is_sealed

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(PermissionError):
        _ = folder.is_sealed


def test_results_that_are_a_file_are_said_to_be_unwritable(tmp_path):
    (tmp_path / "results").touch()
    folder = run_folder(Workspace(results=tmp_path / "results"), preset="paper", identity={})

    with pytest.raises(StoreError, match="Cannot write"), locked(folder):
        pass


def test_a_hold_ends_with_its_process(tmp_path):
    folder = run_folder(Workspace(results=tmp_path), preset="paper", identity={})
    script = f"""
import os, signal
from pathlib import Path
from cxr_core.pipeline.workspace import RunFolder, locked
with locked(RunFolder(path=Path({str(folder.path)!r}))):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -signal.SIGKILL

    with locked(folder):
        assert (folder.path / ".lock").exists()
