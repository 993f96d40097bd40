"""Where an original file is looked for, and where never."""

import json
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_core.files import fingerprint
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import pipeline_fingerprint
from cxr_core.images.original import Made
from dashboard.image.data import originals
from dashboard.image.data.originals import Absent
from dashboard.image.data.record import Record

KEY = ("chexpert_train", "i1")


def recorded(file: str | None, *, reader: str = "chexpert", content_hash: str | None = "blake3:0") -> Record:
    return Record(file=file, content_hash=content_hash, made=None, reader=reader, is_source=False, left_out=None)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SECOND_SITE_DATA", raising=False)
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def note(cache: Path, **places: Path) -> None:
    (cache / "roots.json").write_text(json.dumps({name: str(place) for name, place in places.items()}))


def make(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.eye(64, dtype=np.uint8) * 255)
    return path


def test_a_file_is_found_below_the_noted_folder(cache: Path, tmp_path: Path) -> None:
    made = make(tmp_path / "data" / "train" / "a.png")
    note(cache, chexpert_train=tmp_path / "data")

    assert originals.find(KEY, recorded("train/a.png"), cache=cache) == made
    assert originals.find(KEY, recorded("train/b.png"), cache=cache) == Absent(why="file")


def test_a_batch_of_chexpert_will_do(cache: Path, tmp_path: Path) -> None:
    batch = tmp_path / "data" / "CheXpert-v1.0 batch 2 (train 1)"
    made = make(batch / "a.png")
    note(cache, chexpert_train=batch)

    assert originals.find(KEY, recorded(f"{batch.name}/a.png"), cache=cache) == made


def test_the_folder_around_chexpert_will_do(cache: Path, tmp_path: Path) -> None:
    made = make(tmp_path / "data" / "CheXpert-v1.0-small" / "train" / "a.png")
    note(cache, chexpert_train=tmp_path / "data")

    assert originals.find(KEY, recorded("train/a.png"), cache=cache) == made


def test_the_environment_goes_first_and_may_name_the_reader(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "moved" / "a.png")
    monkeypatch.setenv("SECOND_SITE_DATA", os.pathsep.join([f"chexpert={tmp_path / 'moved'}"]))

    assert originals.find(KEY, recorded("a.png"), cache=cache) == made


def test_where_nobody_knows_the_folder_that_is_said(cache: Path, tmp_path: Path) -> None:
    assert originals.find(KEY, recorded("a.png"), cache=cache) == Absent(why="folder")
    note(cache, chexpert_train=tmp_path / "gone")
    assert originals.find(KEY, recorded("a.png"), cache=cache) == Absent(why="folder")


@pytest.mark.parametrize("file", ["../secret.png", "train/../../secret.png", "{root}/secret.png", ""])
def test_nothing_outside_the_folder_is_opened(cache: Path, tmp_path: Path, file: str) -> None:
    make(tmp_path / "secret.png")
    (tmp_path / "data" / "train").mkdir(parents=True)
    note(cache, chexpert_train=tmp_path / "data")

    found = originals.find(KEY, recorded(file.format(root=tmp_path)), cache=cache)

    assert found == Absent(why="file")


def test_a_private_file_is_found_through_the_map_that_was_kept(cache: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine" / "own.csv"
    made = make(tmp_path / "mine" / "miller.png")
    table.touch()
    note(cache, own=table)
    private = cache / "private" / f"own-{fingerprint(str(table.resolve()))[:8]}"
    private.mkdir(parents=True)
    (private / "map.csv").write_text("image_id,file\nabc,miller.png\ndef,../secret.png\n")
    hidden = recorded("abc", reader="table")

    assert originals.find(("own", "abc"), hidden, cache=cache) == made
    assert originals.find(("own", "def"), hidden, cache=cache) == Absent(why="file")
    assert originals.find(("own", "other"), hidden, cache=cache) == Absent(why="file")
    (private / "map.csv").write_bytes(b"\xff\xfe\x00")
    assert originals.find(("own", "abc"), hidden, cache=cache) == Absent(why="file")


def test_what_is_found_is_decoded_and_what_is_refused_says_why(cache: Path, tmp_path: Path) -> None:
    made = make(tmp_path / "data" / "a.png")
    note(cache, chexpert_train=tmp_path / "data")
    right = recorded("a.png", content_hash=decode(made, size_px=64).content_hash)

    found = originals.original(KEY, right, cache=cache)
    another_picture = Made(picture_hash="blake3:0", pipeline=pipeline_fingerprint(32), size_px=32)
    changed = originals.original(KEY, replace(right, made=another_picture), cache=cache)
    other = originals.original(KEY, recorded("a.png"), cache=cache)
    never_read = originals.original(KEY, recorded("a.png", content_hash=None), cache=cache)

    assert isinstance(found, originals.Original)
    assert (found.shown_height, found.shown_width) == (64, 64)
    assert isinstance(changed, Absent)
    assert (changed.why, "its window" in changed.detail) == ("refused", True)
    assert isinstance(other, Absent)
    assert (other.why, "another image" in other.detail) == ("refused", True)
    assert isinstance(never_read, Absent)
    assert never_read.why == "refused"


def test_settings_that_are_no_pairs_are_said_without_their_content(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECOND_SITE_DATA", "/home/someone/data")
    found = originals.original(KEY, recorded("train/a.png"), cache=cache)
    assert isinstance(found, Absent)
    assert found.why == "refused"
    assert "NAME=DIR" in found.detail
    assert "someone" not in found.detail


def test_a_name_that_no_file_can_have_is_not_there(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    note(cache, chexpert_train=tmp_path / "data")
    for name in ("a" * 5000, "a\0b", "train/" * 2000):
        assert originals.original(KEY, recorded(name), cache=cache) == Absent(why="file")


def test_an_image_that_was_not_brought_is_told_from_one_that_was_left_out(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "None").touch()
    note(cache, chexpert_train=tmp_path / "data")

    assert originals.find(KEY, recorded(None), cache=cache) == Absent(why="file")
    absent, unread = (
        originals.original(KEY, recorded(file, content_hash=None), cache=cache) for file in (None, "a.png")
    )
    assert absent == Absent(
        why="refused", detail="This run was given no image files of its dataset, only what is told of them."
    )
    assert unread == Absent(why="refused", detail="It was left out of this run before it was read.")
