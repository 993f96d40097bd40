"""Which further columns of a table become attributes, which never do, and what is said of the others."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cxr_core.datasets import table
from cxr_core.errors import DataError, SettingsError
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest

N = 40
PATIENTS = [f"SMITH{i // 2:02d}" for i in range(N)]
WARDS = ["ICU", "Surgery", " icu  step down", "n/a"]

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """A table of 40 images of 20 patients with these further columns."""

    def laid(**columns: list[object]) -> Path:
        files = [f"{i:02d}.png" for i in range(N)]
        for file in files:
            (tmp_path / file).touch()
        known = {"image": files, "patient": PATIENTS, **{finding: [i % 2 for i in range(N)] for finding in FINDINGS}}
        pd.DataFrame(known | columns).to_csv(tmp_path / "mine.csv", index=False)
        return tmp_path / "mine.csv"

    return laid


def read(path: Path, *attributes: str) -> Manifest:
    (manifest,) = table.read(path, private=path.parent / "private", attributes=attributes)
    return manifest


def values(manifest: Manifest, name: str) -> list[str]:
    """The attribute of each image, in the order of the files, '' where it has none."""
    rows = manifest.attributes[manifest.attributes["name"] == name].set_index("image_id")["value"]
    return rows.reindex(manifest.images["image_id"]).fillna("").tolist()


def every(*cells: object) -> list[object]:
    return [cells[i % len(cells)] for i in range(N)]


def by_patient(*cells: object) -> list[object]:
    return [cells[(i // 2) % len(cells)] for i in range(N)]


def test_a_column_that_is_named_becomes_an_attribute(lay: Lay) -> None:
    manifest = read(lay(Ward=every(*WARDS), kVp=every("60-80", "80-100")), "ward", "kVp")
    assert values(manifest, "ward") == every("ICU", "Surgery", "icu step down", "")
    assert values(manifest, "kvp") == every("60-80", "80-100")
    assert not [note for note in manifest.notes if "not taken" in note]


def test_no_column_is_taken_unless_it_is_named_and_the_reading_says_which_there_are(lay: Lay) -> None:
    manifest = read(lay(Ward=every(*WARDS), kVp=every("60-80"), detector=every("A")), "ward")
    assert set(manifest.attributes["name"]) == {"ward"}
    assert manifest.notes[-1] == (
        "Columns that were not taken: kvp, detector. --attribute NAME takes one as an attribute of its images, "
        "if it holds no identifier, no date and no free text."
    )


def test_attributes_make_another_fingerprint_and_the_order_of_the_rows_none(lay: Lay) -> None:
    path = lay(ward=every(*WARDS))
    plain, with_ward = read(path), read(path, "ward")
    assert plain.fingerprint() != with_ward.fingerprint()
    pd.read_csv(path, dtype=str, keep_default_na=False).sample(frac=1, random_state=0).to_csv(path, index=False)
    assert read(path, "ward").fingerprint() == with_ward.fingerprint()


def test_images_that_are_not_there_have_no_attributes(lay: Lay, tmp_path: Path) -> None:
    path = lay(ward=every("ICU", "Surgery"))
    (tmp_path / "03.png").unlink()
    manifest = read(path, "ward")
    assert set(manifest.attributes["image_id"]) == set(manifest.images["image_id"])


def test_a_column_that_is_absent_or_blank_is_said(lay: Lay) -> None:
    manifest = read(lay(ward=every("", "n/a")), "ward", "kvp")
    assert manifest.attributes.empty
    assert manifest.notes[-2:] == (
        "The column ward is blank: no attribute of that name from this table.",
        "No column kvp: no attribute of that name from this table.",
    )


@pytest.mark.parametrize("name", ["view", "Sex", "image", "patient", "No Finding", "age"])
def test_what_is_always_taken_is_not_to_be_named(lay: Lay, name: str) -> None:
    with pytest.raises(SettingsError, match="always taken"):
        read(lay(), name)


@pytest.mark.parametrize("name", ["all", "a=b", "9 to 5", "", "x" * 41, "a\nb", "<b>", "_a"])
def test_what_can_be_no_name_of_an_attribute_is_refused(lay: Lay, name: str) -> None:
    with pytest.raises(SettingsError, match="expects the name of a column"):
        read(lay(), name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "name",
            "Patient Name",
            "patientname",
            "mrn",
            "patient_mrn",
            "PatientID2",
            "Accession of today",
            "id",
        ),
        *("case id", "surname", "familyname", "StudyInstanceUID uid", "initials", "radiologist", "subject no"),
        *("Birth year", "DateOfBirth", "dob", "study date", "StudyDate", "acquisition.date", "datetime", "day", "yob"),
        *("Geburtsdatum", "Untersuchungsdatum", "nachname"),
        *("zip", "postal code", "e-mail", "phone", "comment", "remarks", "clinical history", "report text", "Befund"),
        *("file", "file name", "path", "hash"),
    ],
)
def test_a_column_is_refused_by_its_name(lay: Lay, name: str) -> None:
    with pytest.raises(DataError, match="cannot be an attribute: its name says that it holds") as caught:
        read(lay(**{name: every("ICU", "Surgery")}), name)
    assert "rename it" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ward",
            "ward name",
            "manufacturer",
            "ManufacturerModelName",
            "model name",
            "device id",
            "site number",
            "kvp",
        ),
        *("no acute disease", "exudate"),
        *("exposure", "inpatient", "update", "grid", "software version", "study description", "Ger\u00e4t", "modality"),
    ],
)
def test_a_name_that_says_nothing_of_a_person_is_taken(lay: Lay, name: str) -> None:
    assert len(values(read(lay(**{name: every("ICU", "Surgery")}), name), name.lower())) == N


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (every("ICU", "ward of 3.4.2019"), "a date"),
        (every("2019-03-04", "2019-03-05"), "a date"),
        (every("03/2019", "04/2019"), "a date"),
        (every("08:30", "14:00"), "a time of day"),
        (every("ICU", "ICU", "ICU", "SECRET^NAME"), "a name in parts"),
        (every("ICU", "secret@ward.org"), "an e-mail"),
        (every("ICU", "Ward 4711-0815"), "a long number"),
        (every("10231", "10232"), "a long number"),
        (every("ICU", "SECRET fell from the ladder early this morning and cried"), "free text"),
    ],
)
def test_a_column_is_refused_by_one_of_its_cells_which_is_not_shown(lay: Lay, cells: list[object], found: str) -> None:
    path = lay(ward=cells)
    with pytest.raises(DataError) as caught:
        read(path, "ward")
    said = str(caught.value)
    first = next(i for i, cell in enumerate(cells) if cell != "ICU")
    assert said.startswith(f"{path}:{first + 2}: column 'ward': ")
    assert f"found {found}" in said
    assert not any(str(cell) in said for cell in cells if cell != "ICU")


@pytest.mark.parametrize(
    "cells",
    [
        [f"Ms {chr(65 + i % 26)}{chr(97 + i // 26)}" for i in range(N)],
        by_patient(*(f"Ms {chr(65 + i)}" for i in range(20))),
        by_patient(*(f"Ms {chr(65 + i)}" for i in range(11))),
    ],
    ids=["one an image", "one a patient", "more than half as many as patients"],
)
def test_a_column_of_nearly_as_many_values_as_patients_is_refused(lay: Lay, cells: list[object]) -> None:
    with pytest.raises(
        DataError, match=r"different values of 20 patients, as an identifier or free text does"
    ) as caught:
        read(lay(ward=cells), "ward")
    assert "Ms " not in str(caught.value)


def test_half_as_many_values_as_patients_are_taken(lay: Lay) -> None:
    assert (
        len(set(values(read(lay(ward=by_patient(*(f"Ward {chr(65 + i)}" for i in range(10)))), "ward"), "ward"))) == 10
    )


def test_two_values_are_taken_of_any_few_patients(lay: Lay) -> None:
    assert len(read(lay(ward=["a", "b", *[""] * 38]), "ward").attributes) == 2
    with pytest.raises(DataError, match="3 different values of 2 patients"):
        read(lay(ward=["a", "b", "c", *[""] * 37]), "ward")


@pytest.mark.parametrize(
    "cells", [[60 + i for i in range(N)], [f"{60.123456 + i}" for i in range(N)], every(*range(13))]
)
def test_numbers_of_many_values_are_to_be_binned(lay: Lay, cells: list[object]) -> None:
    with pytest.raises(DataError, match=r"numbers of \d+ different values.*Bin them \(60-80, 80-100\)"):
        read(lay(kvp=cells), "kvp")


def test_numbers_of_few_values_are_taken(lay: Lay) -> None:
    assert set(values(read(lay(kvp=every(60, 80, 100.5)), "kvp"), "kvp")) == {"60.0", "80.0", "100.5"}


def test_a_year_may_have_many_values(lay: Lay) -> None:
    assert len(set(values(read(lay(Year=every(*range(2000, 2016))), "year"), "year"))) == 16


@pytest.mark.parametrize("cell", ["1899", "2999", "19", "2019.0", "2019-03-04", "June"])
def test_a_year_is_a_year(lay: Lay, cell: str) -> None:
    with pytest.raises(
        DataError, match=r"column 'year': expected a year from 1900 to \d{4}, or blank, found"
    ) as caught:
        read(lay(Year=every("2019", cell)), "year")
    assert cell not in str(caught.value).partition("found")[2]


def test_what_is_no_name_of_a_column_or_is_a_cell_too_is_counted_and_not_shown(lay: Lay) -> None:
    names = ["SMITH07", "Ann Smith 12345", "ann.smith@ward.org", "SMITH^ANN", "4.3.2019", "a b c d e", "x" * 41, "00"]
    manifest = read(lay(**{name: every("x") for name in names}, kvp=every("y")))
    (note,) = [note for note in manifest.notes if "not taken" in note]
    assert note.startswith("Columns that were not taken: kvp, and 8 more. ")
    (note,) = [note for note in read(lay(SMITH07=every("x"))).notes if "not taken" in note]
    assert note.startswith("Columns that were not taken: none that can be shown (1). ")


def test_a_patient_in_two_words_of_a_columns_name_is_not_shown(lay: Lay) -> None:
    manifest = read(lay(**{"seen of smith07": every("x")}))
    assert "smith" not in " ".join(manifest.notes).lower()


def test_a_patient_whose_name_is_a_columns_name_is_not_shown(lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PATIENTS", every("Ann Smith", "Jo Miller"))
    manifest = read(lay(**{"ann smith": every("x")}))
    assert "smith" not in " ".join(manifest.notes).lower()


def test_of_many_columns_twenty_are_shown(lay: Lay) -> None:
    letters = [f"{a}{b}" for a in "pqr" for b in "abcdefghij"]
    (note,) = [note for note in read(lay(**{name: every("x") for name in letters})).notes if "not taken" in note]
    assert note.startswith(f"Columns that were not taken: {', '.join(letters[:20])}, and 10 more. ")


def test_a_table_without_a_header_row_names_none_of_its_cells(lay: Lay) -> None:
    path = lay(ward=every("SECRET"))
    path.write_text("\n".join(path.read_text().splitlines()[1:]))
    with pytest.raises(DataError) as caught:
        read(path)
    assert "SECRET" not in str(caught.value)
