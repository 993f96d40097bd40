import subprocess
import sys

import pytest

from cxr_core.errors import SettingsError, StoreError
from cxr_core.pipeline import place
from cxr_core.pipeline.place import Place


def test_the_default_name_is_the_preset_and_a_fingerprint(tmp_path):
    where = Place(results=tmp_path)

    first = place.run_folder(where, preset="paper", identity={"seed": 0})
    other = place.run_folder(where, preset="paper", identity={"seed": 1})

    assert first.run_id.startswith("paper-")
    assert first.run_id != other.run_id


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "", "a b", "a" * 201])
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
