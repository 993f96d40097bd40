import os
import subprocess
import sys

import pytest

from cxr_core.errors import SettingsError, StoreError
from cxr_core.pipeline import place, roots
from cxr_core.pipeline.place import Place


def test_the_default_name_is_the_preset_and_a_fingerprint(tmp_path):
    where = Place(results=tmp_path)

    first = place.run_folder(where, preset="paper", identity={"seed": 0})
    other = place.run_folder(where, preset="paper", identity={"seed": 1})

    assert first.run_id.startswith("paper-")
    assert first.run_id != other.run_id


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "a b"])
def test_a_name_is_a_plain_one(tmp_path, name):
    with pytest.raises(SettingsError, match="--name"):
        place.run_folder(Place(results=tmp_path, name=name or " "), preset="paper", identity={})


def test_a_damaged_description_is_said_to_be_damaged(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text("{")

    with pytest.raises(StoreError, match="damaged"):
        place.run_folder(Place(results=tmp_path, name="mine"), preset="paper", identity={})


def test_results_that_are_a_file_are_said_to_be_unwritable(tmp_path):
    (tmp_path / "results").touch()
    folder = place.run_folder(Place(results=tmp_path / "results"), preset="paper", identity={})

    with pytest.raises(StoreError, match="Cannot write"), place.held(folder):
        pass


def test_a_hold_ends_with_its_process(tmp_path):
    folder = place.run_folder(Place(results=tmp_path), preset="paper", identity={})
    script = f"""
import os, signal
from pathlib import Path
from cxr_core.pipeline.place import RunFolder, held
with held(RunFolder(path=Path({str(folder.path)!r}))):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False)

    with place.held(folder):
        assert (folder.path / ".lock").exists()


def test_roots_are_noted_and_overridden(tmp_path, monkeypatch):
    monkeypatch.delenv("SECOND_SITE_DATA", raising=False)
    assert roots.find(tmp_path, "chexpert") is None

    roots.note(tmp_path, dataset="chexpert", root=tmp_path / "there")
    roots.note(tmp_path, dataset="vinbigdata", root=tmp_path / "here")
    assert roots.find(tmp_path, "chexpert") == tmp_path / "there"

    monkeypatch.setenv("SECOND_SITE_DATA", os.pathsep.join(["chexpert=/elsewhere", "other=/x"]))
    assert str(roots.find(tmp_path, "chexpert")) == "/elsewhere"
    assert roots.find(tmp_path, "vinbigdata") == tmp_path / "here"

    monkeypatch.setenv("SECOND_SITE_DATA", "chexpert")
    with pytest.raises(SettingsError, match="NAME=DIR"):
        roots.find(tmp_path, "chexpert")


def test_a_damaged_note_is_no_note(tmp_path):
    (tmp_path / "roots.json").write_text("[1")

    assert roots.find(tmp_path, "chexpert") is None
