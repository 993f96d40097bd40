import hashlib
import hmac
import os
import stat
from pathlib import Path

import pandas as pd
import pytest

from cxr_core.datasets.table.pseudonyms import hide, open_key, pseudonym
from cxr_core.errors import DataError

NAMES = pd.DataFrame({"image_id": ["a.png", "b.png"], "file": ["a.png", "b.png"]})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "private" / "mine"
    key = open_key(folder)
    assert len(key) == 32
    assert open_key(folder) == key
    assert (mode(folder), mode(folder / "key")) == (0o700, 0o600)
    assert [entry.name for entry in folder.iterdir()] == ["key"]


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert open_key(tmp_path / "a") != open_key(tmp_path / "b")


def test_the_first_of_two_makers_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hardlink_to = Path.hardlink_to

    def be_beaten(self: Path, target: Path) -> None:
        self.write_bytes(b"1" * 32)
        hardlink_to(self, target)

    monkeypatch.setattr(Path, "hardlink_to", be_beaten)
    assert open_key(tmp_path) == b"1" * 32


def test_a_file_system_without_links_gets_a_key_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(f"{self} {target}")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert open_key(tmp_path) == open_key(tmp_path)


def test_a_damaged_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(DataError, match=r"key: expected a key of 32 bytes, found 5. Delete"):
        open_key(tmp_path)


def test_a_pseudonym_is_the_keyed_hash() -> None:
    expected = hmac.new(b"k", b"image\0a/b.png", hashlib.sha256).hexdigest()[:32]
    assert pseudonym(b"k", kind="image", name="a/b.png") == expected
    assert pseudonym(b"k", kind="patient", name="a/b.png") != expected
    assert pseudonym(b"l", kind="image", name="a/b.png") != expected


def test_the_map_leads_back_and_is_its_owners_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        hidden = hide(NAMES.assign(patient_id=["Ä", "Ä"], patient=["Ä", "Ä"]), folder=tmp_path)
    finally:
        os.umask(old)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "map.csv"), hidden, check_dtype=False)
    assert hidden["file"].tolist() == ["a.png", "b.png"]
    assert hidden["image_id"].is_unique
    assert hidden["patient_id"].nunique() == 1
    assert set(hidden["patient_id"]).isdisjoint(hidden["image_id"])
    assert mode(tmp_path / "map.csv") == 0o600


def test_a_map_in_pieces_is_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = pd.DataFrame({"image_id": ["a", "b, c", "d"], "file": ["a", "b, c", "d"]})
    names = names.assign(patient_id=["p", None, "p"], patient=["p", None, "p"])
    hide(names, folder=tmp_path)
    whole = (tmp_path / "map.csv").read_bytes()
    monkeypatch.setattr("cxr_core.datasets.table.pseudonyms._ROWS_AT_ONCE", 2)
    hidden = hide(names, folder=tmp_path)
    assert (tmp_path / "map.csv").read_bytes() == whole == hidden.to_csv(index=False).encode()
    assert hidden["patient"].tolist() == ["p", None, "p"]
    assert hidden["patient_id"].iloc[0] is hidden["patient_id"].iloc[2]


def test_without_patients_there_are_none(tmp_path: Path) -> None:
    assert hide(NAMES, folder=tmp_path).columns.tolist() == ["image_id", "file"]


def test_what_an_earlier_release_or_a_copy_left_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    hide(NAMES, folder=folder)
    for path, open_to_all in ((folder, 0o755), (folder / "key", 0o644), (folder / "map.csv", 0o644)):
        path.chmod(open_to_all)

    hide(NAMES, folder=folder)

    assert [mode(folder), mode(folder / "key"), mode(folder / "map.csv")] == [0o700, 0o600, 0o600]
