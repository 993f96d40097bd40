"""The whole way on real chest X-rays, where they are at hand."""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from cxr_core.cli.main import main

SITES = Path(__file__).parents[3].parent / "shared" / "real-cxr"
CHEXPERT = SITES / "chexpert"
pytestmark = pytest.mark.skipif(not SITES.is_dir(), reason="the real images are not on this machine")

SMALL = ("--weights", "none", "--architecture", "small", "--size-px", "64", "--epochs", "1", "--replicates", "100")


def start(folder, *words):
    place = ["--results", str(folder / "results"), "--cache", str(folder / "cache"), "--device", "cpu"]
    assert main([*words, *place]) == 0


def files_that_hold(folder, *words):
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [path for word in words if word.encode() in content]
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    start(folder, "paper", "--source", str(SITES / "vindr"), "--external", str(CHEXPERT), "--name", "real", *SMALL)
    return folder


def test_nothing_is_rejected_and_everything_is_there(finished):
    with duckdb.connect(str(finished / "results" / "real" / "results.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT dataset, n_images, n_rejected FROM dataset ORDER BY n_images").fetchall() == [
            ("vinbigdata", 47, 0),
            ("chexpert_train", 50, 0),
        ]
        # six members and two ensembles, and both ensembles as fitted to local patients
        counts = "SELECT origin, count(*), count(member) FROM model GROUP BY origin ORDER BY origin"
        assert connection.execute(counts).fetchall() == [("adapted", 2, 0), ("trained", 8, 6)]
        assert connection.execute("SELECT DISTINCT sex IS NULL FROM image").fetchall() == [(False,)]
        # so few images prove that it runs, and nothing else
        flagged = "SELECT bool_and(not_estimable) FROM metric WHERE dataset = 'chexpert_train' AND metric LIKE 'recall'"
        assert connection.execute(flagged).fetchall() == [(True,)]


def test_no_identifier_of_a_header_is_written_anywhere(finished):
    import pydicom

    headers = [pydicom.dcmread(path, stop_before_pixels=True) for path in (SITES / "vindr" / "train").iterdir()]
    patients = {str(header.PatientID) for header in headers}
    uids = {str(header.SOPInstanceUID) for header in headers}

    assert len(patients) > 1
    assert files_that_hold(finished, "SECRET", *patients, *uids) == []


def test_ones_own_table_leaves_no_name_of_a_file_or_patient(tmp_path):
    table = _copied_as_table(tmp_path / "mine")

    start(tmp_path, "paper", "--source", str(SITES / "vindr"), "--external", f"table:{table}", "--name", "own", *SMALL,
          "--members", "1")  # fmt: skip

    told = {
        path.relative_to(tmp_path).parts[:2] for path in files_that_hold(tmp_path, "PRIVATE_FILE", "PRIVATE_PATIENT")
    }
    assert told == {("mine", "my_hospital.csv"), ("cache", "private")}
    with duckdb.connect(str(tmp_path / "results" / "own" / "results.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT n_images, n_patients FROM dataset WHERE site = 'external'").fetchall() == [
            (50, 34)
        ]


def _copied_as_table(folder):
    folder.mkdir()
    root = CHEXPERT / "CheXpert-v1.0-small"
    ours = {"No Finding": "No Finding", "Cardiomegaly": "Cardiomegaly", "Nodule/Mass": "Lung Lesion",
            "Lung Opacity": "Lung Opacity", "Pleural Effusion": "Pleural Effusion",
            "Consolidation": "Consolidation"}  # fmt: skip
    table = folder / "my_hospital.csv"
    with (root / "train.csv").open() as there, table.open("w", newline="") as here:
        rows = csv.writer(here)
        rows.writerow(["image", "patient", "view", "sex", "age", *ours])
        for number, row in enumerate(csv.DictReader(there)):
            name = f"PRIVATE_FILE_{number}.jpg"
            shutil.copy(root.parent / row["Path"], folder / name)
            patient = f"PRIVATE_PATIENT_{row['Path'].split('/')[2]}"
            labels = [row[name].removesuffix(".0") for name in ours.values()]
            rows.writerow([name, patient, row["AP/PA"], row["Sex"], row["Age"], *labels])
    return table
