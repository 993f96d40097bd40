"""Where datasets lie on this machine."""

import os

import pytest

from cxr_core import roots
from cxr_core.errors import SettingsError


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
