"""What the marker of a synthetic site makes of a dataset, wherever it lies."""

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_core.datasets import synthetic
from cxr_core.datasets.registry import read
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

Lay = Callable[..., Path]

CHEXPERT = ("Path", "Sex", "Age", "Frontal/Lateral", "AP/PA", "No Finding", "Enlarged Cardiomediastinum",
            "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis",
            "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices")  # fmt: skip


@pytest.fixture
def chexpert(tmp_path: Path) -> Path:
    """A folder that holds CheXpert's, as it is unpacked."""
    home = tmp_path / "download" / "CheXpert-v1.0-small"
    path = "train/patient00001/study1/view1_frontal.jpg"
    (home / path).parent.mkdir(parents=True)
    cv2.imwrite(str(home / path), np.zeros((8, 8), np.uint8))
    row = [f"CheXpert-v1.0-small/{path}", "Male", "50", "Frontal", "PA", "1.0", *[""] * 13]
    (home / "train.csv").write_text("\n".join(",".join(cells) for cells in (CHEXPERT, row)))
    return tmp_path / "download"


@pytest.fixture
def table(tmp_path: Path) -> Lay:
    """A table of these files."""

    def laid(*files: str, folder: str = ".") -> Path:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for file in files:
            (tmp_path / folder / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / file).touch()
        rows = [["image", *FINDINGS], *([file, "1", *["0"] * 5] for file in files)]
        (tmp_path / folder / "mine.csv").write_text("\n".join(",".join(row) for row in rows))
        return tmp_path / folder / "mine.csv"

    return laid


def one(name: str, root: Path, tmp_path: Path) -> Manifest:
    (manifest,) = read(name, root, private=tmp_path / "private")
    return manifest


def test_without_a_marker_a_site_is_taken_for_real(chexpert: Path, table: Lay, tmp_path: Path) -> None:
    for manifest in (one("chexpert", chexpert, tmp_path), one("table", table("a.png"), tmp_path)):
        assert not manifest.synthetic
        assert "computer" not in " ".join(manifest.notes)


@pytest.mark.parametrize("marked", ["download/CheXpert-v1.0-small", "download", "."])
@pytest.mark.parametrize("given", ["download", "download/CheXpert-v1.0-small"])
def test_a_marker_in_the_site_or_above_it_is_found_from_whichever_folder_is_given(
    chexpert: Path, tmp_path: Path, marked: str, given: str
) -> None:
    plain = one("chexpert", chexpert, tmp_path)
    synthetic.mark(tmp_path / marked)
    manifest = one("chexpert", tmp_path / given, tmp_path)
    assert manifest.synthetic
    assert manifest.notes == ("A computer drew these images: SYNTHETIC.txt in their folder says so.", *plain.notes)
    assert manifest.images.equals(plain.images)
    assert manifest.fingerprint() != plain.fingerprint()


def test_a_marker_below_a_site_or_beside_it_is_none_of_it(chexpert: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    synthetic.mark(tmp_path / "other")
    synthetic.mark(chexpert / "CheXpert-v1.0-small" / "train" / "patient00001")
    assert not one("chexpert", chexpert, tmp_path).synthetic


def test_a_site_behind_a_link_is_what_the_folders_say_that_it_lies_in(chexpert: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    chexpert.rename(there / "download")
    (here / "link").symlink_to(there / "download")
    synthetic.mark(here)
    assert not one("chexpert", here / "link", tmp_path).synthetic
    synthetic.mark(there)
    assert one("chexpert", here / "link", tmp_path).synthetic


@pytest.mark.parametrize("marked", ["phantom", "phantom/vinbigdata"])
def test_a_table_in_a_marked_folder_is_synthetic(table: Lay, tmp_path: Path, marked: str) -> None:
    path = table("train/a.png", "train/b.png", folder="phantom/vinbigdata")
    synthetic.mark(tmp_path / marked)
    assert one("table", path, tmp_path).synthetic


def test_a_table_above_marked_folders_says_how_many_of_its_images_lie_there(table: Lay, tmp_path: Path) -> None:
    path = table("vinbigdata/train/a.png", "real/b.png", "real/c.png")
    synthetic.mark(tmp_path / "vinbigdata")
    manifest = one("table", path, tmp_path)
    assert manifest.synthetic
    assert manifest.notes[0] == "A computer drew 1 of these 3 images: SYNTHETIC.txt in their folder says so."
    shutil.rmtree(tmp_path / "vinbigdata")
    assert not one("table", path, tmp_path).synthetic


def test_the_marker_says_in_words_what_it_is(tmp_path: Path) -> None:
    synthetic.mark(tmp_path)
    said = (tmp_path / synthetic.MARKER).read_text()
    assert "A computer drew every image below this folder" in said
    assert "no result on them is one on patients" in said
