"""Where datasets lie on this machine."""

import errno
import os
import stat
from pathlib import Path

import pytest

from cxr_core import files, roots
from cxr_core.errors import SettingsError, UnreadableError


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


def test_a_note_that_cannot_be_read_is_no_note(tmp_path, monkeypatch):
    monkeypatch.delenv("SECOND_SITE_DATA", raising=False)
    (tmp_path / "roots.json").mkdir()

    assert roots.find(tmp_path, "chexpert") is None


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_folder_can_be_named_after_a_patient_so_its_owner_alone_reads_the_note(tmp_path):
    roots.note(tmp_path, dataset="chexpert", root=tmp_path / "Miller, Anna")

    assert mode(tmp_path / "roots.json") == 0o600


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("dataset", ["chexpert", "vinbigdata"])
def test_a_note_of_an_earlier_release_is_closed_whether_or_not_it_changes(tmp_path, dataset):
    roots.note(tmp_path, dataset="chexpert", root=tmp_path / "there")
    (tmp_path / "roots.json").chmod(0o644)

    roots.note(tmp_path, dataset=dataset, root=tmp_path / "there")

    assert mode(tmp_path / "roots.json") == 0o600
    assert roots.find(tmp_path, "chexpert") == tmp_path / "there"


def test_what_a_killed_process_left_open_is_not_written_into(tmp_path):
    left = tmp_path / f".roots.json.{os.getpid()}-{files._HOST}.part"
    left.touch(mode=0o666)
    left.chmod(0o666)

    roots.note(tmp_path, dataset="chexpert", root=tmp_path / "there")

    assert mode(tmp_path / "roots.json") == 0o600


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO])
def test_a_note_that_cannot_be_read_is_not_written_over(tmp_path, monkeypatch, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    (tmp_path / "roots.json").write_text('{"chexpert": "/there"}')
    monkeypatch.setattr(Path, "read_text", refuse)

    with pytest.raises(UnreadableError, match="cannot be read") as told:
        roots.note(tmp_path, dataset="vinbigdata", root=tmp_path / "here")
    assert "elete" not in str(told.value)
    assert roots.find(tmp_path, "chexpert") is None
    monkeypatch.undo()
    assert (tmp_path / "roots.json").read_text() == '{"chexpert": "/there"}'
