"""What the headers of one's own images add to its table, and what is said of them."""

import csv
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom import Dataset, uid
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence

from cxr_core.findings import FINDINGS
from cxr_core.pipeline import seal, sites
from cxr_core.pipeline.inclusion import Inclusion
from cxr_core.pipeline.ingest import ingest

COUNT = 12
EVERYTHING = Inclusion(views="frontal", external_images="all", seed=0)
_HASH = re.compile(r"[0-9a-f]{32}")  # whose digits may be those of any date
PIXELS = np.random.default_rng(0).integers(0, 4096, (40, 36)).astype(np.uint16)


def lateral_code() -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "399173006", "SCT", "left lateral"
    return Sequence([item])


HEADERS = [
    {"ViewPosition": "PA"},
    {"ViewPosition": "LL"},
    {"ViewPosition": "LATERAL"},
    {"ViewCodeSequence": lateral_code()},
    {"PatientOrientation": ["P", "F"]},
    {"ViewPosition": "SKYLINE"},
    {"WindowCenter": 60, "WindowWidth": 120},
    {"WindowCenter": 20_000, "WindowWidth": 10},
    {"WindowCenter": 2000, "WindowWidth": 0, "ViewPosition": "AP"},
    {"ViewPosition": "PA", "Manufacturer": "Agfa", "ManufacturerModelName": "SECRET NAME", "StudyDate": "20190615"},
    {"ViewPosition": "PA", "Manufacturer": " Agfa", "ManufacturerModelName": "CR 85", "StudyDate": "20180615"},
    {"ViewPosition": "PA", "Manufacturer": "SECRET^NAME", "ManufacturerModelName": "CR 85", "StudyDate": "18000615"},
]
"""The fields that are not given are absent."""


def write(path: Path, number: int) -> None:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = uid.DigitalXRayImageStorageForPresentation
    data.file_meta.MediaStorageSOPInstanceUID = uid.generate_uid(entropy_srcs=["made"])
    data.Rows, data.Columns = PIXELS.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    turned = cv2.rotate(PIXELS, cv2.ROTATE_180) if number % 2 else PIXELS
    data.PixelData = (turned ^ number).astype("<u2").tobytes()
    data["PixelData"].VR = "OW"
    for name, value in HEADERS[number].items():
        setattr(data, name, value)
    data.save_as(path, enforce_file_format=True)


@pytest.fixture
def bring(tmp_path, workspace, context):
    """Brings in a table of these files, with a column of views or without."""

    def bring(*, views: list[str] | None):
        with (tmp_path / "mine.csv").open("w", newline="") as file:
            table = csv.writer(file)
            table.writerow(["image", "patient", *FINDINGS, *(["view"] if views else [])])
            for i in range(COUNT):
                write(tmp_path / f"{i}.dcm", i)
                labels = [int(k == i % len(FINDINGS)) for k in range(len(FINDINGS))]
                table.writerow([f"{i}.dcm", f"p{i}", *labels, *(views[i : i + 1] if views else [])])
        manifests = sites.read(f"table:{tmp_path / 'mine.csv'}", classes=FINDINGS, default=None, workspace=workspace)
        planned = sites.planned(manifests, site="external")
        (dataset,) = ingest(planned, inclusion=EVERYTHING, size_px=32, context=context)
        by_name = {name: image for image, name in dataset.manifest.private_files.items()}
        images = dataset.images.set_index("image_id")
        return dataset, images.loc[[by_name[f"{i}.dcm"] for i in range(COUNT)]]

    return bring


def test_what_is_lateral_by_its_header_is_left_out_of_a_frontal_test(bring):
    dataset, images = bring(views=None)
    assert images["view"].fillna("").tolist() == ["PA", *["lateral"] * 4, "", "", "", "AP", "PA", "PA", "PA"]
    left_out = (images["left_out"] == "view").tolist()
    assert left_out == [False, True, True, True, True, *[False] * 7]
    for column in ("content_hash", "picture_hash"):
        assert images[column].isna().tolist() == left_out
        assert images[column].dropna().str.startswith("blake3:").all()
    assert dataset.rejected == ()


def test_what_was_guessed_or_passed_over_is_counted_and_said(bring, capsys):
    dataset, _ = bring(views=None)
    said = capsys.readouterr().out
    expected = (
        "Images whose window did not fit their values: 2; the whole range was used.",
        "Images whose window or rescaling is none (width or slope 0, no number): 1; ",
        "Images whose header names their view by an unknown word or code: 1; it counts as not recorded.",
        "Images whose header gives as maker or model what may identify somebody (a date, a long number, free text): ",
        "Images whose header dates their study before 1900, after next year or by no date: 1; ",
        "Values of the attribute model that one patient alone has, or fewer than 30 images of unknown patients: 1; ",
    )
    for note, start in zip(dataset.notes, expected, strict=True):
        assert note.startswith(start)
        assert f"  mine: {note}" in said
        assert f"mine: {note}" in seal.notes([dataset])


def test_a_table_has_the_first_word_and_a_contradiction_is_said(bring):
    dataset, images = bring(views=["PA"] * COUNT)
    assert images["view"].tolist() == ["PA"] * COUNT
    assert dataset.notes[5] == (
        "Images that are frontal by the table and lateral by their header: 4; the table was followed."
    )


def test_maker_model_and_year_become_attributes_and_no_name_or_date_goes_further(bring, capsys, cache):
    dataset, images = bring(views=None)
    number = {image: i for i, image in enumerate(images.index)}
    found = {(number[image], name): value for image, name, value in dataset.attributes.itertuples(index=False)}
    assert found == {
        (9, "manufacturer"): "Agfa",
        (9, "year"): "2019",
        (10, "manufacturer"): "Agfa",
        (10, "model"): "CR 85",
        (10, "year"): "2018",
        (11, "model"): "CR 85",
    }
    kept = "".join(_HASH.sub("", index.read_text()) for index in cache.rglob("*.json"))
    said = kept + capsys.readouterr().out + "".join(dataset.notes)
    for secret in ("SECRET^", "0615", "06-15"):
        assert secret not in said


def test_images_that_say_a_computer_drew_them_make_the_site_synthetic(bring, monkeypatch):
    assert not bring(views=None)[0].synthetic
    monkeypatch.setitem(HEADERS[1], "SyntheticData", "YES")
    dataset, _ = bring(views=["PA"] * COUNT)
    assert dataset.synthetic
    assert "Images whose header says that a computer drew them: 1 of 12; the site is synthetic." in dataset.notes
