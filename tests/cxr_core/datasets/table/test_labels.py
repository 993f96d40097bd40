"""Labels as hospitals write them: words, studies and usual headings, with and without image files."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core import labels
from cxr_core.datasets import table
from cxr_core.datasets.synthetic import told
from cxr_core.datasets.table.own_names import own_names
from cxr_core.errors import DataError, SettingsError
from cxr_core.manifest import Manifest

CLASSES = ("Edema", "Pneumothorax")

Lay = Callable[..., Path]


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """A table of these lines, with these image files beside it."""

    def laid(*lines: str, files: tuple[str, ...] = (), name: str = "mine.csv", encoding: str = "utf-8") -> Path:
        for file in files:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).touch()
        (tmp_path / name).write_bytes(("\n".join(lines) + "\n").encode(encoding))
        return tmp_path / name

    return laid


def read(path: Path, *, needs_images: bool = False, attributes: tuple[str, ...] = ()) -> Manifest:
    private = path.parent / "private"
    (manifest,) = table.read(path, classes=CLASSES, private=private, needs_images=needs_images, attributes=attributes)
    return told(manifest)


def refused(path: Path, *, needs_images: bool = False) -> str:
    with pytest.raises(DataError) as caught:
        read(path, needs_images=needs_images)
    assert "SMITH" not in str(caught.value)
    return str(caught.value)


def values(manifest: Manifest) -> dict[str, float]:
    """What is said of edema, by the site's own name."""
    own = manifest.private_files or manifest.private_studies
    said = labels.votes(manifest)[:, 0, 0]
    return {own[image]: float(value) for image, value in zip(manifest.images["image_id"], said, strict=True)}


MEANT = {
    1.0: ("1", "1.0", "Yes", "POSITIVE", "present", " true ", "+1"),
    0.0: ("0", "0.0", "no", "Negative", "absent", "FALSE", "neg"),
    -1.0: ("-1", "-1.0", "uncertain", "Unclear"),
    np.nan: ("", "  "),
}


def test_words_and_numbers_mean_the_same(lay: Lay) -> None:
    cells = [(cell, value) for value, spelt in MEANT.items() for cell in spelt]
    manifest = read(lay("image,edema", *(f"{i:02},{cell}" for i, (cell, _) in enumerate(cells))))
    found = values(manifest)
    np.testing.assert_array_equal([found[f"{i:02}"] for i in range(len(cells))], [value for _, value in cells])


@pytest.mark.parametrize("cell", ["maybe SMITH", "2", "0.5", "n/a?", "unknown", "yes?"])
def test_another_word_is_refused_with_its_line_and_what_may_stand_there(lay: Lay, cell: str) -> None:
    path = lay("image;edema", "a;1", f"b;{cell}")
    message = refused(path)
    assert message.startswith(
        f"{path}:3: column 'edema': expected one of 1, 0, -1, blank, or a word such as yes, no, positive, negative"
    )
    assert cell not in message.split("found")[1]


def test_images_without_a_file_stay_and_are_said_once(lay: Lay) -> None:
    path = lay("image,patient,edema", "a/1.png,SMITH,1", "a/2.png,SMITH,0", "b.png,JONES,1", files=("a/2.png",))
    manifest = read(path)
    images = manifest.images
    assert values(manifest) == {"a/1.png": 1, "a/2.png": 0, "b.png": 1}
    assert images["file"].isna().tolist() == [True, False, True]
    assert images["file"].iloc[0] is None
    assert manifest.path(images["image_id"].iloc[1], images["file"].iloc[1]) == path.parent / "a/2.png"
    assert manifest.rejected == ()
    assert [note for note in manifest.notes if "file" in note and "header" not in note] == [
        "Images without a file: 2 of 3. They have no pixels and no saliency."
    ]
    assert "SMITH" not in repr((images.to_csv(), manifest.notes, manifest.labels.to_csv()))


def test_an_image_has_one_id_with_its_file_and_without(lay: Lay) -> None:
    path = lay("image,edema", "a.png,1", "b.png,0")
    without = read(path).private_files
    lay("image,edema", "a.png,1", "b.png,0", files=("a.png", "b.png"))
    assert read(path, needs_images=True).private_files == without


PLACES = ("/data/SMITH/1.png", "C:\\x\\SMITH.png", "../SMITH/2.png", "~/SMITH.png", "1.2.840.113619")


def test_places_elsewhere_are_names_where_no_image_is_needed(lay: Lay) -> None:
    path = lay("image,edema", *(f"{place},1" for place in PLACES))
    assert set(values(read(path))) == set(PLACES)
    assert ":2: column 'image': expected a path below the table's folder" in refused(path, needs_images=True)


def test_images_of_one_study_have_its_pseudonym(lay: Lay) -> None:
    path = lay("image,study,patient,edema", "a,S1,P,1", "b,S1,P,0", "c,,Q,1", "d,P,P,1")
    manifest = read(path)
    studies = manifest.images["study_id"]
    assert studies.iloc[0] == studies.iloc[1] != studies.iloc[3]
    assert studies.iloc[2] is None
    assert studies.iloc[3] != manifest.images["patient_id"].iloc[3]
    own = dict(zip(manifest.images["image_id"], ["S1", "S1", None, "P"], strict=True))
    assert manifest.private_studies == {image: study for image, study in own.items() if study}
    assert not {"S1", "P"} & {*studies.dropna()}


def test_rows_without_images_are_studies(lay: Lay) -> None:
    path = lay("Accession Number,Patient ID,edema", "B,SMITH,1", "A,SMITH,0", "C,JONES,")
    manifest = read(path)
    images = manifest.images
    assert values(manifest) == {"A": 0, "B": 1} | {"C": pytest.approx(np.nan, nan_ok=True)}
    assert images["image_id"].tolist() == images["study_id"].tolist() == list(manifest.private_studies)
    assert images["file"].isna().all()
    assert images["patient_id"].nunique() == 2
    assert manifest.private_files == {}
    assert "Rows are whole studies, without image files: there are no pixels here and no saliency." in manifest.notes
    assert "found one row a study: a network reads image files" in refused(path, needs_images=True)


def test_a_study_is_one_pseudonym_in_a_row_of_its_own_and_beside_images(lay: Lay) -> None:
    path = lay("study,edema", "S1,1")
    (study,) = read(path).images["image_id"]
    lay("image,study,edema", "a,S1,1")
    assert read(path).images["study_id"].tolist() == [study]


def test_without_patients_the_study_is_said_to_stand_for_one(lay: Lay) -> None:
    for rows in (("image,study,edema", "a,S1,1", "b,S1,0"), ("study,edema", "S1,1", "S2,0")):
        assert read(lay(*rows)).notes[0].startswith("No column patient: each study is taken as a patient of its own")


def test_own_names_of_images_patients_and_studies_are_kept_for_their_owner(lay: Lay) -> None:
    path = lay("image,study,patient,edema", "a,S1,P,1", "b,,P,0")
    images = read(path).images
    names = own_names(path.parent / "private", dataset="mine")
    assert [names.images[image] for image in images["image_id"]] == ["a", "b"]
    assert names.patients == {images["patient_id"].iloc[0]: "P"}
    assert names.studies == {images["study_id"].iloc[0]: "S1"}
    with next(path.parent.glob("private/*/map.csv")).open() as file:
        assert next(csv.reader(file)) == ["image_id", "file", "patient_id", "patient", "study_id", "study"]
    lay("study,edema", "S1,1")
    read(path)
    names = own_names(path.parent / "private", dataset="mine")
    assert list(names.images.values()) == list(names.studies.values()) == ["S1"]


def test_usual_headings_are_known_and_said(lay: Lay) -> None:
    path = lay(
        "Image Index;StudyInstanceUID;Patient ID;View Position;Patient Gender;PatientAge;Pulmonary Edema",
        "a.png;1.2.840.1;1;LL;F;045Y;positive",
        "b.png;1.2.840.2;2;AP;O;006M;negative",
        "c.png;1.2.840.2;2;pa;male;45,5;",
    )
    manifest = read(path)
    images = manifest.images
    assert images["view"].tolist() == ["lateral", "AP", "PA"]
    assert images["sex"].tolist() == ["F", None, "M"]
    assert images["age_years"].tolist() == [45, 0.5, 45.5]
    assert images["patient_id"].nunique() == images["study_id"].nunique() == 2
    assert manifest.notes[0] == (
        "Columns known by another heading: image index as image, studyinstanceuid as study, patient id as patient, "
        "view position as view, patient gender as sex, patientage as age."
    )
    assert "column 'patientage': expected years" in refused(lay("image,PatientAge,edema", "a,SMITH,1"))


def test_the_columns_own_name_goes_before_another_heading(lay: Lay) -> None:
    manifest = read(lay("path,image,filename,edema", "SMITH/x,a,SMITH,1"))
    assert list(manifest.private_files.values()) == ["a"]
    assert list(read(lay("filename,path,edema", "SMITH,a,1")).private_files.values()) == ["a"]


def test_columns_that_mean_one_finding_together_are_said(lay: Lay) -> None:
    path = lay("image,edema,pulmonary edema", "a,1,0")
    assert (
        "Columns that mean Edema together: Edema, pulmonary edema. It is present where one of them says so."
        in read(path).notes
    )


def test_a_heading_that_does_not_tell_what_rows_are_of_names_images_where_nothing_else_does(lay: Lay) -> None:
    assert list(read(lay("case,ID,edema", "x,a,1")).private_files.values()) == ["a"]
    assert values(read(lay("id,study,edema", "SMITH,S1,1"))) == {"S1": 1}


def test_a_column_of_studies_that_holds_one_alone_is_said_where_it_stands_for_patients(lay: Lay) -> None:
    rows = [f"{number},XR CHEST,1" for number in range(12)]
    assert any("are of one study" in note for note in read(lay("image,study,edema", *rows)).notes)


def test_a_column_known_by_its_heading_is_no_attribute(lay: Lay) -> None:
    with pytest.raises(SettingsError, match="--attribute accession: that column of a table is always taken"):
        read(lay("image,accession,edema", "a,S,1"), attributes=("accession",))


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (("edema", "1"), 1, "expected the column image, or study where a row is a whole study, found 1 columns"),
        (("study,edema", "SMITH,1", "SMITH,0"), 3, "'study': expected each study once, found that of line 2 again"),
        (("study,edema", "SMITH,1", " ,0"), 3, "'study': expected a name, found nothing"),
        (("image,study,edema", "a,1.2E+11,0"), 2, "'study': expected an id as it was given, found a number in scient"),
        (("image,study,edema", "a,12345.0,0"), 2, "'study': expected an id as it was given, found a whole number"),
        (("image,accession,edema", "a,NULL,0"), 2, "'accession': expected a name, found a word that stands for"),
        (("image,study,patient,edema", "a,S,SMITH,1", "b,S,JONES,1"), 3, "'patient': expected the same in all rows"),
        (("image,edema", "SMITH,1", "SMITH,0"), 3, "'image': expected each image once, found that of line 2 again"),
        (("filename,edema", "SMITH,1", "SMITH,0"), 3, "'filename': expected each image once, found that of line 2"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_wrong_table_is_refused_with_its_line_and_no_name(
    lay: Lay, lines: tuple[str, ...], line: int, words: str, encoding: str
) -> None:
    path = lay(*lines, encoding=encoding)
    message = refused(path)
    assert message.startswith(f"{path}:{line}: ")
    assert words in message


def test_a_parquet_table_of_studies_is_read_and_its_rows_are_named_in_errors(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    frame = pd.DataFrame({"study": ["S1", "S2"], "Edema": [1.0, np.nan], "Pneumothorax": [True, False]})
    frame.to_parquet(path)
    manifest = read(path)
    assert manifest.dataset == "mine"
    np.testing.assert_array_equal(labels.votes(manifest)[:, 0], [[1, 1], [np.nan, 0]])
    frame.assign(study="SMITH").to_parquet(path)
    assert refused(path).startswith(f"{path}, row 2: column 'study': expected each study once, found that of row 1")


@pytest.mark.parametrize("name", ["mine.csv.gz", "Mine.CSV.GZ", "mine.parquet", "mine.tsv"])
def test_a_dataset_is_named_after_its_file_in_any_form(name: str) -> None:
    assert table.reader.dataset_name(Path(name)) == "mine"
