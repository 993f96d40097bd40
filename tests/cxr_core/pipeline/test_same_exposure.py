"""One exposure at two sites through two windows: known as the same, and each site's own picture."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import duckdb
import numpy as np
import pytest
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset

from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.images import shards
from cxr_core.images.cache import Pixels
from cxr_core.images.cache_reader import CacheReader
from cxr_core.images.decode.file import decode
from cxr_core.images.harmonize import harmonize
from cxr_core.pipeline import sites
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.store.open import open_run

SIZE_PX = 32
SHARED = 6


def write_exposure(path: Path, pixels: np.ndarray, *, centre: int, width: int) -> None:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    data.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=["made"])
    data.Rows, data.Columns = pixels.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.WindowCenter, data.WindowWidth = centre, width
    data.PixelData = pixels.astype("<u2").tobytes()
    data["PixelData"].VR = "OW"
    data.save_as(path, enforce_file_format=True)


@pytest.fixture(scope="module")
def two_sites(hospitals, tmp_path_factory):
    """The source with some DICOM files, and a table of these exposures through a narrow window."""
    root = tmp_path_factory.mktemp("same")
    source, external = shutil.copytree(hospitals[0], root / "home"), root / "away"
    external.mkdir()
    with (external / "later.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image", "patient", "view", *FINDINGS])
        for i in range(SHARED):
            drawn = source / "train" / f"{i:032x}.png"
            pixels = cv2.imread(str(drawn), cv2.IMREAD_GRAYSCALE).astype(np.uint16) * 16
            drawn.unlink()
            write_exposure(drawn.with_suffix(".dicom"), pixels, centre=2048, width=4096)
            write_exposure(external / f"{i}.dcm", pixels, centre=1500, width=300)
            table.writerow([f"{i}.dcm", f"p{i}", "PA", *(int(k == i) for k in range(len(FINDINGS)))])
    return source, external / "later.csv"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    root = tmp_path_factory.mktemp("same_run")
    return Workspace(results=root / "results", cache=root / "cache", device="cpu", workers=1)


@pytest.fixture(scope="module")
def finished(two_sites, hospitals, workspace, tiny) -> RunFolder:
    source = sites.read(str(two_sites[0]), classes=FINDINGS, default="vinbigdata", workspace=workspace)
    external = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    return carry_out(trained_models(replace(tiny, members=1), source=source, external=external), workspace=workspace)


@pytest.fixture(scope="module")
def later(finished, two_sites, workspace) -> RunFolder:
    """The old run at a site that holds exposures of the source, through another window."""
    external = sites.read(f"table:{two_sites[1]}", classes=FINDINGS, default=None, workspace=workspace)
    return carry_out(inherited_models(finished, external=external, external_images="all"), workspace=workspace)


def hashes(folder: RunFolder, dataset: str, column: str) -> list[str]:
    order = "content_hash" if dataset == "later" else "image_id"
    with open_run(folder.results) as connection:
        sql = f"SELECT {column} FROM image WHERE dataset = $1 ORDER BY {order}"  # noqa: S608
        return [found for (found,) in connection.execute(sql, [dataset]).fetchall()]


def drawn_from(paths: list[Path]) -> dict[str, np.ndarray]:
    decoded = [decode(path, size_px=224) for path in paths]
    return {one.content_hash: harmonize(one, size_px=SIZE_PX) for one in decoded}


def test_what_was_trained_on_is_known_through_another_window(later):
    with open_run(later.results) as connection:
        roles = connection.execute(
            "SELECT role, count(*) FROM prediction WHERE model_id = 'full' AND dataset = 'later' GROUP BY ALL"
        ).fetchall()
    assert roles == [("train", SHARED)]
    assert set(hashes(later, "later", "content_hash")) < set(hashes(later, "vinbigdata", "content_hash"))


def test_each_site_has_its_own_picture_and_the_earlier_run_keeps_its(later, finished, two_sites, workspace):
    internal = drawn_from(sorted((two_sites[0] / "train").glob("*.dicom")))
    external = drawn_from(sorted(two_sites[1].parent.glob("*.dcm")))
    assert internal.keys() == external.keys()
    lookup = CacheReader(shards.folder(workspace.cache, size_px=SIZE_PX))
    for folder, dataset, expected in (
        (finished, "vinbigdata", internal),
        (later, "vinbigdata", internal),
        (later, "later", external),
    ):
        contents, pictures = hashes(folder, dataset, "content_hash"), hashes(folder, dataset, "picture_hash")
        pixels = Pixels.open(workspace.cache, size_px=SIZE_PX, picture_hashes=pictures).take(np.arange(len(pictures)))
        for content, picture, one in zip(contents, pictures, pixels, strict=True):
            np.testing.assert_array_equal(lookup.find(picture), one)
            if content in expected:
                np.testing.assert_array_equal(one, expected[content])


def test_an_old_run_without_kinds_is_not_scored_again(finished, two_sites, workspace, tmp_path):
    old = RunFolder(path=shutil.copytree(finished.path, tmp_path / "old"))
    (old.path / "run.json").unlink()  # an old release noted no hashes
    with duckdb.connect(str(old.results)) as connection:
        connection.execute("UPDATE image SET content_hash = substr(content_hash, 8), picture_hash = NULL")
    external = sites.read(f"table:{two_sites[1]}", classes=FINDINGS, default=None, workspace=workspace)
    with pytest.raises(DataError, match=r"blake3 and none.*run again"):
        carry_out(inherited_models(old, external=external, external_images="all"), workspace=workspace)
