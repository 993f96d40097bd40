import os
import subprocess
import sys
import time

import pytest

from cxr_core import files
from cxr_core.errors import NoRoomError
from tests.support.scarce import scarce


def test_a_file_is_there_only_when_it_is_whole(tmp_path):
    path = tmp_path / "below" / "file"

    with files.written_whole(path) as part:
        part.write_text("half")
        assert not path.exists()
        part.write_text("whole")

    assert path.read_text() == "whole"
    assert os.listdir(path.parent) == ["file"]  # noqa: PTH208 -- hidden files too


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_text("before")

    def fail_on_the_way():
        with files.written_whole(path) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_on_the_way()

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["tmpfs", "limit"])
def test_on_a_full_disk_what_was_there_stays_and_what_is_needed_is_said(tmp_path, kind):
    with scarce(tmp_path / "disk", kilobytes=256, kind=kind) as disk:
        path = disk.path / "file"
        files.write(path, b"before")
        with pytest.raises(
            NoRoomError, match=r"Cannot write file to .*at least 3\.0 MB are needed, .* MB are free\. Make room"
        ):
            files.write(path, bytes(3_000_000))
        assert path.read_bytes() == b"before"
        assert list(disk.path.iterdir()) == [path]


def test_fewer_bytes_than_were_given_are_not_renamed(tmp_path):
    def write_less():
        with files.written_whole(tmp_path / "file", size=5) as part:
            part.write_bytes(b"half")

    with pytest.raises(NoRoomError, match="4 of 5 bytes arrived"):
        write_less()
    assert list(tmp_path.iterdir()) == []


def test_what_numpy_could_not_write_is_a_full_disk(tmp_path):
    def write_as_numpy_does():
        with files.written_whole(tmp_path / "file"):
            raise OSError("40960 requested and 8064 written")

    with pytest.raises(NoRoomError, match="40960 requested and 8064 written"):
        write_as_numpy_does()


def test_what_cannot_be_read_is_no_full_disk(tmp_path):
    def read_nothing():
        with files.written_whole(tmp_path / "file"):
            (tmp_path / "none").read_bytes()

    with pytest.raises(FileNotFoundError):
        read_nothing()


def test_what_the_disk_gives_back_otherwise_is_not_renamed(tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.write_bytes(b"meant")
    monkeypatch.setattr(files.Path, "write_bytes", lambda path, _: path.write_text("other"))
    monkeypatch.setattr(files.shutil, "copyfile", lambda _, part: part.write_text("other"))

    with pytest.raises(NoRoomError, match="gave back something else"):
        files.write(tmp_path / "file", b"meant")
    with pytest.raises(NoRoomError, match="does not equal its source"):
        files.copy(source, tmp_path / "file")
    assert list(tmp_path.iterdir()) == [source]


def test_a_copy_is_known_by_its_hash(tmp_path):
    (tmp_path / "source").write_bytes(b"abc")

    assert files.copy(tmp_path / "source", tmp_path / "below" / "copy") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert (tmp_path / "below" / "copy").read_bytes() == b"abc"


def test_what_dead_processes_left_is_swept_and_what_living_ones_write_is_not(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = [tmp_path / f".a.{dead.pid}.part", tmp_path / "below" / f".b.{dead.pid}.part.wal"]
    spilled = tmp_path / f".d.{dead.pid}.part.tmp"
    spilled.mkdir()
    (spilled / "block").touch()
    alive = tmp_path / f".c.{os.getpid()}.part"
    for path in (*left, alive):
        path.parent.mkdir(exist_ok=True)
        path.touch()

    files.sweep(tmp_path)

    assert [path.exists() for path in (*left, spilled, alive)] == [False, False, False, True]


def test_what_another_machine_may_be_writing_is_not_swept(tmp_path, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    monkeypatch.setattr(os, "getpid", lambda: dead.pid)  # as a process of another machine has it
    with files.written_whole(tmp_path / "ours") as part:
        part.touch()
        theirs = part.with_name(part.name.replace(files._HOST, "0123abcd"))
        theirs.touch()
        files.sweep(tmp_path)
        assert [part.exists(), theirs.exists()] == [False, True]
        part.touch()


def test_a_process_that_is_over_and_not_yet_buried_writes_nothing_more(tmp_path):
    zombie = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    zombie.stdout.read()  # ends when the process does
    part = tmp_path / f".a.{zombie.pid}.part"
    part.touch()

    deadline = time.monotonic() + 30
    while part.exists() and time.monotonic() < deadline:
        files.sweep(tmp_path)

    assert not part.exists()
    zombie.wait()


def test_a_fingerprint_does_not_depend_on_the_order_of_keys_but_on_every_value():
    assert files.fingerprint({"a": 1, "b": [2]}) == files.fingerprint({"b": [2], "a": 1})
    assert files.fingerprint({"a": 1, "b": [2]}) != files.fingerprint({"a": 1, "b": [3]})
    assert len(files.fingerprint(None)) == 16
