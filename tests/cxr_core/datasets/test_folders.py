from pathlib import Path

from cxr_core.datasets.folders import contents, image_files


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
    for name in ("a.png", "a.dicom", "b.JPG", "c.txt", "d", "e.jpeg", "e.png", "f.dcm"):
        (tmp_path / name).touch()
    assert image_files(tmp_path) == {"a": "a.dicom", "b": "b.JPG", "e": "e.png", "f": "f.dcm"}
