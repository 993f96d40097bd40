from pathlib import Path

import pytest

from cxr_core.datasets.folders import Names, contents, image_files, is_original


def test_contents_are_named(tmp_path: Path) -> None:
    assert contents(tmp_path / "none") == "no such folder"
    assert contents(tmp_path) == "an empty folder"
    (tmp_path / "b").mkdir()
    (tmp_path / "a").touch()
    assert contents(tmp_path) == "a, b/"
    assert contents(tmp_path / "a") == "a file"
    for number in range(9):
        (tmp_path / f"c{number}").touch()
    assert contents(tmp_path) == "a, b/, c0, c1, c2, c3 and 5 more"


def test_image_files_go_by_their_stem_and_originals_come_first(tmp_path: Path) -> None:
    for name in ("a.png", "a.dicom", "a", "b.JPG", "c.txt", "d", "e.jpeg", "e.png", "f.dcm"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    assert image_files(tmp_path) == {"a": "a.dicom", "b": "b.JPG", "d": "d", "e": "e.png", "f": "f.dcm"}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.dicom", b"", True),
        ("a.DCM", b"\x89PNG", True),
        ("a.png", b"", False),
        ("a", b"\x89PNG\r\n\x1a\n", False),
        ("a", b"\xff\xd8\xff\xe0", False),
        ("a", b"\0" * 128 + b"DICM", True),
    ],
)
def test_a_file_without_a_suffix_is_seen_by_its_first_bytes(
    tmp_path: Path, name: str, content: bytes, expected: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_original(tmp_path / name) is expected


def laid(root: Path, *names: str) -> Names:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return Names(root)


@pytest.mark.parametrize(
    ("on_disk", "typed"),
    [
        ("jose\u0301.png", "jos\u00e9.png"),
        ("jos\u00e9.png", "jose\u0301.png"),
        ("sta\u0308tion/jose\u0301.png", "st\u00e4tion/jos\u00e9.png"),
        ("img1.png", "IMG1.PNG"),
        ("Wards/A/IMG1.DCM", "wards/a/img1.dcm"),
        ("wards/1.2.840.7.dcm", "wards/1.2.840.7"),
        ("wards/1.2.840.7", "wards/1.2.840.7.dcm"),
        ("a.dicom", "a.dcm"),
        ("a b.png", "a b.png"),
    ],
)
def test_a_file_is_found_by_the_name_that_another_system_writes(tmp_path: Path, on_disk: str, typed: str) -> None:
    assert laid(tmp_path, on_disk, "other.png").file(typed) == on_disk


def test_a_name_as_it_is_comes_first_and_one_of_two_is_none(tmp_path: Path) -> None:
    names = laid(tmp_path, "a.png", "A.png", "b.png", "b.dcm", "Up/c.png", "UP/c.png")
    assert (names.file("a.png"), names.file("A.png")) == ("a.png", "A.png")
    assert [names.file(typed) for typed in ("A.PNG", "b", "b.jpg", "up/c.png", "d.png", "no/a.png", "a.png/x")] == [
        None
    ] * 7


def test_images_beside_the_found_ones_are_known(tmp_path: Path) -> None:
    names = laid(tmp_path, "a.png", "b.PNG", "notes.txt", "wards/c.dcm", "elsewhere/d.png")
    names.file("a.png")
    names.file("WARDS/x.dcm")
    assert names.images() == {"a.png", "b.PNG", "wards/c.dcm"}
