from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.brought import Brought, NamedFile, check_softmax, read
from cxr_core.errors import DataError

NAN = np.nan
Reading = Callable[..., Brought]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read_texts(*texts: str, **given: object) -> Brought:
        names = given.pop("names", [None] * len(texts))
        files = []
        for number, (text, name) in enumerate(zip(texts, names, strict=True)):
            path = tmp_path / f"{number}.csv"
            path.write_text(text)
            files.append(NamedFile(name, path))
        return read(files, **{"findings": None, "logits": False} | given)

    return read_texts


def test_a_wide_table_has_a_column_for_each_finding(reading: Reading) -> None:
    brought = reading("Image Index,Pleural_Thickening,Effusion\na.png,0.25,\nb.png,1,0.5\n")
    assert brought.findings == ("Pleural Thickening", "Pleural Effusion")
    assert [(each.finding, each.grade) for each in brought.matches] == [
        ("Pleural Thickening", "exact"),
        ("Pleural Effusion", "close"),
    ]
    (model,) = brought.models
    assert model.model == "model"
    assert model.ids.tolist() == ["a.png", "b.png"]
    assert [model.rows.line(row) for row in range(2)] == [2, 3]
    np.testing.assert_array_equal(model.probability, np.array([[0.25, NAN], [1, 0.5]], np.float32))
    assert (model.flagged, model.version, dict(model.thresholds)) == (None, None, {})


LONG = """model,version,case_id,finding,score,flag,threshold
M,1.2,a,Edema,0.7,yes,0.6
M,1.2,a,Pneumonia,,no,
M,1.2,b,Edema,0.2,Negative,0.6
N,2,a,Edema,0.9,,
"""


def test_a_long_table_has_a_row_for_each_id_and_finding(reading: Reading) -> None:
    brought = reading(LONG)
    assert brought.findings == ("Edema", "Pneumonia")
    first, second = brought.models
    assert (first.model, first.version, dict(first.thresholds)) == ("M", "1.2", {"Edema": 0.6})
    np.testing.assert_array_equal(first.probability, np.array([[0.7, NAN], [0.2, NAN]], np.float32))
    np.testing.assert_array_equal(first.flagged, [[1, 0], [0, NAN]])
    assert (second.model, second.flagged, dict(second.thresholds)) == ("N", None, {})
    np.testing.assert_array_equal(second.probability, np.array([[0.9, NAN]], np.float32))


REGISTRY = """Patient ID,Accession Number,Result Indicator,AI Result,Manufacturer,Model,Study Date,Software Version
P1,A1,{0},{1},Acme,Chest,2025-01-01,3.1
P2,A2,{2},{3},Acme,Chest,2025-01-02,3.1
"""


@pytest.mark.parametrize(
    "cells", [("Positive", "Pneumothorax", "Negative", "Pneumothorax"), ("Pneumothorax", "POS", "Pneumothorax", "NEG")]
)
def test_of_a_registrys_two_columns_the_cells_tell_flag_and_finding(
    reading: Reading, cells: tuple[str, str, str, str]
) -> None:
    brought = reading(REGISTRY.format(*cells))
    (model,) = brought.models
    assert (model.model, model.version, model.probability) == ("Chest", "3.1", None)
    assert model.ids.tolist() == ["A1", "A2"]
    assert brought.findings == ("Pneumothorax",)
    np.testing.assert_array_equal(model.flagged, [[1], [0]])
    assert "3 columns were not taken" in brought.notes[0]


def test_a_registry_that_names_no_finding_has_that_of_the_option(reading: Reading) -> None:
    text = REGISTRY.format("Positive", "see text", "Negative", "see text")
    assert reading(text, findings=("effusion",)).findings == ("Pleural Effusion",)
    with pytest.raises(DataError, match="--findings NAME"):
        reading(text)


def test_a_column_of_scores_that_nobody_knows_is_a_finding_under_its_own_name(reading: Reading) -> None:
    brought = reading("id,Edema,kerley lines,comment,age\na,0.1,0.2,fine,44\nb,0.3,1,,51\n")
    assert brought.findings == ("Edema", "Kerley lines")
    assert brought.notes == (
        "0.csv: 2 columns were not taken: they are no finding that is known or asked for, with scores from 0 to 1.",
    )


def test_a_finding_is_none_of_a_person_whatever_its_words_end_in(reading: Reading) -> None:
    found = reading("id,No Finding,Exudate,No acute disease,Patient no\na,0.1,0.2,0.3,0.4\n").findings
    assert found == ("No Finding", "Exudate", "No acute disease")


def test_a_column_without_a_name_for_a_finding_is_none_even_if_it_holds_scores(reading: Reading) -> None:
    assert reading("id,Edema,0.25,17 mar 2025,patient\na,0.5,0.25,1,0\n").findings == ("Edema",)


def test_yes_and_no_beside_a_flag_are_no_scores(reading: Reading) -> None:
    (model,) = reading("id,finding,flag,prediction\na,Edema,yes,0\nb,Edema,no,1\n").models
    assert model.probability is None
    np.testing.assert_array_equal(model.flagged, [[1], [0]])


def test_only_findings_that_are_asked_for_are_taken_and_those_that_lack_are_said(reading: Reading) -> None:
    brought = reading("id,Edema,Mass,Kerley\na,0.1,0.2,0.3\n", findings=("kerley", "Edema", "Hernia"))
    assert brought.findings == ("kerley", "Edema", "Hernia")
    np.testing.assert_array_equal(brought.models[0].probability, np.array([[0.3, 0.1, NAN]], np.float32))
    assert "No prediction speaks of Hernia: unknown there." in brought.notes


def test_logits_become_probabilities(reading: Reading) -> None:
    (model,) = reading("id,Edema\na,0\nb,-800\nc,1.0986123\n", logits=True).models
    np.testing.assert_allclose(model.probability[:, 0], [0.5, 0, 0.75], atol=1e-7)


def test_logits_that_look_like_probabilities_are_said(reading: Reading) -> None:
    assert "leave it out" in reading("id,Edema\na,0\nb,1\n", logits=True).notes[0]
    assert reading("id,Edema\na,0.1\nb,1.01\n", logits=True).notes == ()


def test_ids_of_which_a_model_says_nothing_are_counted(reading: Reading) -> None:
    (said,) = reading("id,Edema,Mass\na,0.1,\nb,,\nc,,NA\n").notes
    assert said == "The model model says nothing of 2 ids: every finding is blank there."


def test_files_without_a_name_are_one_models_and_named_ones_are_their_own(reading: Reading) -> None:
    sites = ("id,Edema\na,0.1\n", "id,Edema,Mass\na2,0.2,0.3\n")
    (model,) = reading(*sites).models
    np.testing.assert_array_equal(model.probability, np.array([[0.1, NAN], [0.2, 0.3]], np.float32))
    assert model.rows.where(1).endswith("1.csv:2")
    assert [each.model for each in reading(*sites, names=("A", "B")).models] == ["A", "B"]


def test_findings_of_one_id_may_stand_in_two_files(reading: Reading) -> None:
    (model,) = reading("id,Edema\na,0.1\nb,0.2\n", "id,Mass\nb,0.3\nc,0.4\n").models
    assert model.ids.tolist() == ["a", "b", "c"]
    expected = np.array([[0.1, NAN], [0.2, 0.3], [NAN, 0.4]], np.float32)
    np.testing.assert_array_equal(model.probability, expected)


def test_one_id_may_be_of_two_datasets(reading: Reading) -> None:
    (model,) = reading("id,dataset,Edema\n1,home,0.1\n1,away,0.2\n").models
    assert model.datasets.tolist() == ["home", "away"]


def test_a_study_beside_the_image_is_kept(reading: Reading) -> None:
    (model,) = reading("dicom_id,study_id,Edema\nx,s1,0.1\ny,,0.2\n").models
    assert (model.ids.tolist(), model.studies.tolist()) == (["x", "y"], ["s1", None])


def test_scores_of_a_softmax_sum_to_one(reading: Reading) -> None:
    check_softmax(reading("id,Edema,Mass\na,0.25,0.7501\n"))
    for text in ("id,Edema,Mass\na,0.25,0.75\nb,0.25,0.76\n", "id,Edema,Mass\na,0.5,0.5\nb,1,\n"):
        with pytest.raises(DataError, match=r"0\.csv:3: expected scores that sum to 1"):
            check_softmax(reading(text))


def test_rows_of_a_file_for_each_finding_keep_their_thresholds(reading: Reading) -> None:
    text = "id,finding,score,threshold\na,{0},0.5,{1}\n"
    (model,) = reading(text.format("Edema", 0.5), text.format("Mass", 0.25)).models
    assert dict(model.thresholds) == {"Edema": 0.5, "Mass": 0.25}
    for other in (0.25, 0.75):
        with pytest.raises(DataError, match=r"1\.csv:2: column 'threshold': expected one threshold for each model"):
            reading(text.format("Edema", 0.5), text.format("Edema", other).replace("\na,", "\nb,"))


def test_several_versions_of_a_model_are_said_and_none_is_stored(reading: Reading) -> None:
    brought = reading("id,version,Edema\na,1,0.5\nb,2,0.5\n")
    assert brought.models[0].version is None
    assert "The files name 2 versions of the model model: none is stored." in brought.notes


@pytest.mark.parametrize(
    "header", ["image", "ImageID", "Image_Index", "image path", "SOPInstanceUID", "Case ID", "DICOM-ID"]
)
def test_usual_headers_are_known_in_any_spelling(reading: Reading, header: str) -> None:
    assert reading(f"{header},Edema\na,0.5\n").models[0].ids.tolist() == ["a"]


def test_a_parquet_file_says_the_same_and_rows_for_lines(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    scores = np.random.default_rng(0).random(50).astype(np.float32)
    frame = pd.DataFrame({"id": [f"SECRET-7{number}" for number in range(50)], "Edema": scores})
    frame.to_parquet(path)
    (model,) = read([NamedFile(None, path)], findings=None, logits=False).models
    np.testing.assert_array_equal(model.probability[:, 0], scores)
    frame.assign(Edema=scores + (frame.index == 3)).to_parquet(path)
    with pytest.raises(DataError, match=r"p\.parquet, row 4: column 'edema': expected a score from 0 to 1"):
        read([NamedFile(None, path)], findings=None, logits=False)
