import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core import labels
from cxr_core.datasets import table
from cxr_core.datasets.chexpert.layout import TABLES
from cxr_core.datasets.table.reader import _TAKEN, dataset_name
from cxr_core.errors import DataError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

HEADER = "Image,Patient,View,Sex,Age," + ",".join(FINDINGS)
ROWS = (
    "wards/SMITH-1.dcm,SMITH,pa,m,30,1,,,,,",
    "wards/SMITH-2.jpg,SMITH,Lateral,Female,,0,1,-1.0,,0.0,",
    "z.png,JONES,,,,0,0,0,0,0,1",
)
FILES = ("wards/SMITH-1.dcm", "wards/SMITH-2.jpg", "z.png")

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """A table of these lines in a folder with these image files."""

    def laid(*lines: str, files: tuple[str, ...] = FILES, name: str = "mine.csv") -> Path:
        for file in files:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).touch()
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return tmp_path / name

    return laid


def read(path: Path) -> Manifest:
    (manifest,) = table.read(path, private=path.parent / "private")
    return manifest


def test_a_table_is_read_as_it_says(lay: Lay) -> None:
    path = lay(HEADER, *ROWS)
    manifest = read(path)
    assert (manifest.dataset, manifest.reader, manifest.root) == ("mine", "table", path.parent)
    assert manifest.images["view"].tolist() == ["PA", "lateral", None]
    assert manifest.images["sex"].tolist() == ["M", "F", None]
    np.testing.assert_array_equal(manifest.images["age_years"], [30, np.nan, np.nan])
    assert manifest.labels["finding"].cat.categories.tolist() == list(FINDINGS)
    nan = np.nan
    np.testing.assert_array_equal(
        manifest.labels["value"].to_numpy().reshape(3, 6),
        [[1, nan, nan, nan, nan, nan], [0, 1, -1, nan, 0, nan], [0, 0, 0, 0, 0, 1]],
    )
    assert manifest.default_policy.name == "u_ignore"
    assert manifest.notes == ()
    assert manifest.rejected == ()


def test_names_are_hidden_and_lead_to_the_files(lay: Lay) -> None:
    manifest = read(lay(HEADER, *ROWS, "gone/JONES.png,JONES,,,,1,,,,,"))
    shown = repr((
        manifest.images.to_csv(), manifest.labels.to_csv(), manifest.rejected, manifest.notes, manifest.names
    ))  # fmt: skip
    for name in ("SMITH", "JONES", "wards", ".png", ".dcm"):
        assert name not in shown
    images = manifest.images
    assert images["image_id"].tolist() == images["file"].tolist()
    found = [manifest.path(*pair) for pair in zip(images["image_id"], images["file"], strict=True)]
    assert [path.relative_to(manifest.root).as_posix() for path in found] == list(FILES)
    assert images["patient_id"].nunique() == 2
    assert images["patient_id"].iloc[0] == images["patient_id"].iloc[1]


def test_reading_again_gives_the_same_and_a_new_key_does_not(lay: Lay) -> None:
    path = lay(HEADER, *ROWS)
    first = read(path)
    assert read(path).fingerprint() == first.fingerprint()
    next((path.parent / "private").glob("mine-*/key")).unlink()
    assert read(path).fingerprint() != first.fingerprint()


def test_a_listed_image_without_a_file_is_rejected_under_its_pseudonym(lay: Lay) -> None:
    path = lay(HEADER, *ROWS, "none/c.png,JONES,,,,1,,,,,")
    manifest = read(path)
    ((pseudonym, _),) = manifest.rejected
    assert len(manifest.images) == 3
    assert pseudonym not in set(manifest.labels["image_id"])
    assert pseudonym not in manifest.private_files
    names = pd.read_csv(next((path.parent / "private").glob("mine-*/map.csv")), index_col="image_id")
    assert names.loc[pseudonym, "file"] == "none/c.png"


def test_columns_that_may_be_absent_are_noted_with_their_cost(lay: Lay) -> None:
    rows = [",".join([row.split(",")[0], *row.split(",")[5:]]) for row in ROWS]
    manifest = read(lay("image," + ",".join(FINDINGS), *rows))
    assert [note.split(":")[0] for note in manifest.notes] == ["No column patient", "No column view, sex or age"]
    assert "each image is taken as a patient of its own, so that intervals are too narrow" in manifest.notes[0]
    assert manifest.images[["patient_id", "view", "sex", "age_years"]].isna().all(axis=None)


def test_images_in_no_row_are_counted(lay: Lay) -> None:
    manifest = read(lay(HEADER, *ROWS, files=(*FILES, "wards/c.png", "wards/d.txt", "elsewhere/e.png")))
    assert manifest.notes == ("Image files beside the listed ones that are in no row of the table: 1.",)


def test_files_that_another_system_spells_otherwise_are_found(lay: Lay) -> None:
    files = ("Wards/smith-1.dcm", "Wards/jose\u0301.png", "z")
    rows = ("wards/SMITH-1.DCM,S,,,,1,0,0,0,0,0", "wards/jos\u00e9.png,J,,,,1,,,,,", "z.png,B,,,,1,,,,,")
    manifest = read(lay(HEADER, *rows, files=files))
    assert sorted(manifest.private_files.values()) == sorted(files)
    assert manifest.rejected == ()
    assert manifest.notes == ("Files found under another case, accent or suffix than the table's: 3.",)
    assert all(manifest.path(name, name).is_file() for name in manifest.images["image_id"])


def test_two_rows_of_one_file_are_refused(lay: Lay) -> None:
    with pytest.raises(DataError, match=r"mine.csv:3: .*found the file of line 2 in another spelling"):
        read(lay(HEADER, "z.png,JONES,,,,1,,,,,", "Z.png,JONES,,,,1,,,,,"))


def test_one_file_spelt_in_two_ways_is_one_image(lay: Lay) -> None:
    assert (
        read(lay(HEADER, "./z.png,JONES,,,,1,,,,,")).private_files.keys()
        == read(lay(HEADER, "z.png,JONES,,,,1,,,,,")).private_files.keys()
    )
    with pytest.raises(DataError, match=r"mine.csv:3: column 'image': expected each image once, found that of line 2"):
        read(lay(HEADER, "z.png,JONES,,,,1,,,,,", ".//z.png,JONES,,,,1,,,,,"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("/etc/SECRET.png,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        ("a/../../SECRET.png,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        ("..,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        ("~/SECRET.png,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        ("C:/SECRET.png,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        ("a\\SECRET.png,SECRET,,,,1,,,,,", "column 'image': expected a path below the table's folder"),
        (",SECRET,,,,1,,,,,", "column 'image': expected a name, found nothing"),
        ("SECRET.png,,,,,1,,,,,", "column 'patient': expected a name, found nothing"),
        ("SECRET.png,SECRET,SECRET,,,1,,,,,", "column 'view': expected one of pa, ap, frontal, lateral, blank"),
        ("SECRET.png,SECRET,,SECRET,,1,,,,,", "column 'sex': expected one of f, female, m, male"),
        ("SECRET.png,SECRET,,,SECRET,1,,,,,", "column 'age': expected years from 0 to 130, or blank"),
        ("SECRET.png,SECRET,,,,SECRET,,,,,", "column 'no finding': expected one of 1, 0, -1, blank"),
        ("SECRET.png,SECRET,,,,1,2,,,,", "column 'cardiomegaly': expected one of 1, 0, -1, blank"),
        ("SECRET.png,SECRET", "expected 11 cells as in the header, found 2"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_no_name(lay: Lay, row: str, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read(lay(HEADER, *ROWS, row))
    message = str(caught.value)
    assert "mine.csv:5: " in message
    assert words in message
    assert "SECRET" not in message


NOTHING_WORDS = ("nan", "NaN", "NULL", "None", "N/A", "<NA>")
SHEET_ERRORS = ("#N/A", "#REF!")


@pytest.mark.parametrize(
    ("column", "cell", "found"),
    [
        *(("patient", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(("image", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(("sex", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(("view", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(("age", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(("consolidation", cell, "a word that stands for nothing") for cell in NOTHING_WORDS),
        *(
            (column, cell, "a spreadsheet's error value")
            for column in ("image", "patient", "view", "sex", "age", "no finding")
            for cell in SHEET_ERRORS
        ),
        ("patient", "1.23457E+11", "a number in scientific notation"),
        ("patient", "12345.0", "a whole number with .0 behind it"),
        ("age", "19610203", "found a date"),
        ("age", "1961-02-03", "found a date"),
        ("age", "03.02.1961", "found a date"),
        ("age", "1961", "a number that may be a year"),
        ("age", "411", "found another number"),
        ("age", "130.5", "found another number"),
        ("age", "5e39", "found another number"),
        ("age", "1e400", "found another number"),
        ("age", "inf", "found an infinite number"),
        ("age", "-1", "found a number below 0"),
        ("age", '"45,5"', "found a number with a decimal comma"),
    ],
)
def test_a_cell_that_is_none_is_refused_by_its_kind(lay: Lay, column: str, cell: str, found: str) -> None:
    names = HEADER.lower().split(",")
    cells = ["wards/SMITH-1.dcm", "SMITH", "pa", "m", "30", "1", "", "", "", "", ""]
    cells[names.index(column)] = cell
    with pytest.raises(DataError) as caught:
        read(lay(HEADER, ROWS[1], ",".join(cells), ROWS[2]))
    message = str(caught.value)
    assert f"mine.csv:3: column '{column}': expected " in message
    assert found in message
    assert not any(said in message for said in ("1961", "1.23", "5e39", "12345", "45,5"))


@pytest.mark.parametrize("age", ["0", "130", "130.0", "89.5", " 7 "])
def test_ages_that_somebody_can_have_are_read(lay: Lay, age: str) -> None:
    manifest = read(lay(HEADER, ROWS[0].replace(",30,", f",{age},"), *ROWS[1:]))
    assert manifest.images["age_years"].iloc[0] == float(age)


def many(lay: Lay, *patients: str) -> Manifest:
    names = tuple(f"{number}.png" for number in range(len(patients)))
    rows = [f"{name},{patient},,,,1,0,0,0,0,0" for name, patient in zip(names, patients, strict=True)]
    return read(lay(HEADER, *rows, files=names))


def test_a_table_of_one_patient_and_one_that_has_most_images_are_said(lay: Lay) -> None:
    (said,) = many(lay, *["SMITH"] * 12).notes
    assert said.startswith("All 12 images are of one patient: nothing can be held out")
    (said,) = many(lay, *["SMITH"] * 7, *"abcde").notes
    assert said.startswith("One patient has 7 of 12 images.")
    assert many(lay, *["SMITH"] * 6, *"abcdef").notes == ()


def test_patients_that_differ_in_their_spelling_alone_are_said(lay: Lay) -> None:
    manifest = many(lay, "Jos\u00e9", "Jose\u0301", "SMITH", "Smith", "007", "7", "70")
    assert manifest.images["patient_id"].nunique() == 6
    assert manifest.notes == (
        (
            "Patients that differ from another in case, spaces, kinds of letters or leading zeros alone, and count as "
            "others: 2."
        ),
    )


@pytest.mark.parametrize("other", ["7\u200b", "\ufeff7", "\u202a7\u202c", "7\u00a0"])
def test_letters_that_show_nothing_make_no_other_patient(lay: Lay, other: str) -> None:
    manifest = many(lay, "7", other, "8")
    assert manifest.images["patient_id"].nunique() == 2
    assert manifest.notes == ()


@pytest.mark.parametrize("other", ["P 1", "P\u00a01", "\uff301", "p\uff11"])
def test_patients_that_look_alike_are_said(lay: Lay, other: str) -> None:
    manifest = many(lay, "P1", other, "P2")
    assert manifest.images["patient_id"].nunique() == 3
    assert manifest.notes[0].endswith("count as others: 1.")


def test_a_patient_of_letters_that_show_nothing_is_refused(lay: Lay) -> None:
    with pytest.raises(DataError, match="column 'patient': expected a name, found nothing"):
        many(lay, "P1", "\u200b", "P2")


def test_the_order_of_the_rows_changes_nothing(lay: Lay) -> None:
    first, again = read(lay(HEADER, *ROWS)), read(lay(HEADER, *reversed(ROWS)))
    pd.testing.assert_frame_equal(first.images, again.images)
    pd.testing.assert_frame_equal(first.labels, again.labels)
    assert first.fingerprint() == again.fingerprint()


def test_a_finding_that_is_blank_in_every_row_is_unknown_here(lay: Lay) -> None:
    rows = [f"{row.rpartition(',')[0]}," for row in ROWS]
    manifest = read(lay(HEADER, *rows))
    (said,) = manifest.notes
    assert said.startswith("Blank in every row: Consolidation. There it is unknown")
    votes = labels.votes(manifest)
    for policy in manifest.policies:
        present = labels.apply(policy, votes).present
        assert np.isnan(present[:, 5]).all()
        assert not np.isnan(present[:, :5]).all(axis=0).any()


def test_a_finding_without_a_column_is_unknown_here_and_said(lay: Lay) -> None:
    rows = [row.rpartition(",")[0] for row in ROWS]
    manifest = read(lay(HEADER.removesuffix(",Consolidation"), *rows))
    assert "Not labelled here: Consolidation. There it is unknown" in " ".join(manifest.notes)
    assert np.isnan(labels.apply(manifest.default_policy, labels.votes(manifest)).present[:, 5]).all()


def test_a_table_without_any_finding_is_refused(lay: Lay) -> None:
    with pytest.raises(DataError, match=r"mine.csv:1: expected a column for at least one of No Finding, Cardiomegaly"):
        read(lay("image,patient,Kerley lines", "z.png,JONES,1"))


def test_a_table_whose_images_are_all_elsewhere_is_refused(lay: Lay) -> None:
    with pytest.raises(DataError, match="found none of the 3 listed"):
        read(lay(HEADER, *ROWS, files=()))


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected a CSV file, found a folder"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("file", "name"), [("mine.csv", "mine"), ("St. Mary 2024.CSV", "st_mary_2024"), ("_a-b.csv", "a_b")]
)
def test_a_dataset_is_named_after_its_file(file: str, name: str) -> None:
    assert dataset_name(Path("x") / file) == name


@pytest.mark.parametrize("file", ["2024.csv", "病院.csv", "chexpert-train.csv", "VinBigData.csv"])
def test_a_name_that_is_none_or_taken_is_refused(file: str) -> None:
    with pytest.raises(DataError, match="Rename the file"):
        dataset_name(Path(file))


def test_the_names_of_all_published_datasets_are_taken() -> None:
    assert {f"chexpert_{part}" for part in TABLES} | {"vinbigdata", "vinbigdata_test"} == set(_TAKEN)


def test_two_tables_of_one_name_share_no_pseudonym(lay: Lay, tmp_path: Path) -> None:
    path = lay(HEADER, *ROWS)
    shutil.copytree(path.parent, tmp_path / "elsewhere", dirs_exist_ok=True)
    private = tmp_path / "private of both"
    (first,) = table.read(path, private=private)
    (second,) = table.read(tmp_path / "elsewhere" / path.name, private=private)
    assert first.dataset == second.dataset
    assert not set(first.images["image_id"]) & set(second.images["image_id"])
    assert len(list(private.glob("*/map.csv"))) == 2
