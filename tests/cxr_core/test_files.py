import os
import subprocess
import sys
import time

import pytest

from cxr_core import files


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


def test_what_dead_processes_left_is_swept_and_what_living_ones_write_is_not(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = [tmp_path / f".a.{dead.pid}.part", tmp_path / "below" / f".b.{dead.pid}.part.wal"]
    alive = tmp_path / f".c.{os.getpid()}.part"
    for path in (*left, alive):
        path.parent.mkdir(exist_ok=True)
        path.touch()

    files.sweep(tmp_path)

    assert [path.exists() for path in (*left, alive)] == [False, False, True]


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
