from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cxr_core import labels
from cxr_core.brought import Brought, NamedFile, assign, by_study, meet, read
from cxr_core.brought.studies import Way
from cxr_core.errors import DataError, SettingsError
from tests.support.labelled import CLASSES, manifest

NAN = np.nan


def brought(folder: Path, *texts: str, names: Sequence[str | None] | None = None) -> Brought:
    files = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.csv"
        path.write_text(text)
        files.append(NamedFile(names[number] if names else None, path))
    return read(files, findings=CLASSES, logits=False)


@pytest.mark.parametrize(
    ("files", "ids", "expected"),
    [
        (["x/a.png", "y/a.png"], ["y/a.png", "x/a.png"], [1, 0]),
        (["x/a.png", "x/b.png"], ["data/v1/x/b.png", "data/v1/x/c.png"], [1, -1]),
        (["x/a.png", "x/b.png"], ["z\\b.png", "a.png"], [1, 0]),
        (["x/a.png", "y/a.png", "y/b.png"], ["a.png", "b.png"], [-1, 2]),
        (["x/a.dcm", "x/b.DCM"], ["b", "a.png"], [1, 0]),
        (["D:\\x\\a.png", "D:\\y\\b.png"], ["C:\\x\\b.png", "y/a.png"], [1, 0]),
        (["1.2.840.1", "1.2.840.2"], ["1.2.840.2", "1.2.840"], [1, -1]),
        (["x/a.png"], ["A.png", "a.pn", "x", ""], [-1, -1, -1, -1]),
    ],
)
@pytest.mark.parametrize("private", [False, True])
def test_ids_meet_images_by_path_name_or_stem(
    files: list[str], ids: list[str], expected: list[int], private: bool
) -> None:
    met = meet(np.array(ids, object), manifest(files, private=private))
    assert (met.level, met.position.tolist()) == ("image", expected)


def test_one_way_is_taken_for_all_ids() -> None:
    """One meets by its path, two by their names: the name is taken, which the first meets too."""
    met = meet(np.array(["x/a.png", "b.png", "z/c.png"], object), manifest(["x/a.png", "x/b.png", "y/c.png"]))
    assert met.position.tolist() == [0, 1, 2]


@pytest.mark.parametrize("private", [False, True])
def test_ids_meet_studies_whatever_folders_stand_before_them(private: bool) -> None:
    of = manifest(["p1/s1/a.png", "p1/s1/b.png", "p2/s1/a.png"], studies=["p1/s1", "p1/s1", "p2/s1"], private=private)
    met = meet(np.array(["CheXpert/test/p2/s1", "CheXpert/test/p1/s1/", "CheXpert/test/p3/s1"], object), of)
    assert (met.level, met.position.tolist()) == ("study", [2, 0, -1])


def test_a_study_has_what_its_images_agree_on_and_the_strongest_label() -> None:
    of = manifest(
        ["a", "b", "c", "d", "e"],
        studies=["s2", "s1", "s2", None, "s1"],
        values=[[0, -1], [NAN, NAN], [1, 0], [1, 1], [0, NAN]],
        view=["PA", "PA", "lateral", "PA", "PA"],
        age_years=[50, 61, 50, 3, NAN],
        attributes=[
            ("home-0", "ward", "A"),
            ("home-2", "ward", "B"),
            ("home-1", "ward", "A"),
            ("home-4", "ward", "A"),
            ("home-1", "maker", "B"),
        ],
    )
    studies = by_study(of)
    assert studies.images["image_id"].tolist() == studies.images["study_id"].tolist() == ["s2", "s1"]
    assert studies.images["view"].tolist() == [None, "PA"]
    np.testing.assert_array_equal(studies.images["age_years"], [50, NAN])
    assert studies.images["file"].isna().all()
    np.testing.assert_array_equal(labels.votes(studies)[:, 0], [[1, -1], [0, NAN]])
    assert len(studies.labels) == 4
    assert studies.attributes.to_numpy().tolist() == [["s1", "ward", "A"]]
    assert "left out where a study is the unit: 1" in studies.notes[-1]


def test_predictions_and_labels_join_in_the_order_of_the_images(tmp_path: Path) -> None:
    said = brought(tmp_path, "id,Edema,Mass\nb,0.2,0.3\nx,0.9,0.9\na,0.1,\n")
    found = assign(said, [manifest(["a.png", "c.png", "b.png"])])
    (row,) = found.rows
    assert (row.model, row.dataset, row.position.tolist(), row.not_predicted) == ("model", "home", [0, 2], 1)
    np.testing.assert_array_equal(row.probability, np.array([[0.1, NAN], [0.2, 0.3]], np.float32))
    assert (found.units, found.unlabelled) == ({"home": "image"}, {"model": 1})
    assert len(found.notes()) == 2


def test_models_and_datasets_each_have_their_rows(tmp_path: Path) -> None:
    text = "id,Edema\na,0.1\nb,0.2\nc,0.3\n"
    said = brought(tmp_path, text, text.replace("0.1", "0.4"), names=("M", "N"))
    found = assign(said, [manifest(["a"]), manifest(["b", "c"], dataset="away")])
    rows = [(row.model, row.dataset, row.probability[:, 0].round(3).tolist()) for row in found.rows]
    first, second = pytest.approx([0.1]), pytest.approx([0.4])
    both = pytest.approx([0.2, 0.3])
    assert rows == [("M", "home", first), ("N", "home", second), ("M", "away", both), ("N", "away", both)]


def test_predictions_of_studies_make_the_study_the_unit(tmp_path: Path) -> None:
    of = manifest(["a", "b", "c"], studies=["s1", "s2", "s1"], values=[[0, 0], [0, 1], [1, 0]], private=True)
    found = assign(brought(tmp_path, "Study,Edema\ns2,0.2\ns1,0.1\n"), [of])
    (row,), (studies,) = found.rows, found.manifests
    assert found.units == {"home": "study"}
    assert studies.images["image_id"].tolist() == ["hidden-s1", "hidden-s2"]
    np.testing.assert_allclose(row.probability[:, 0], [0.1, 0.2], rtol=1e-6)
    np.testing.assert_array_equal(labels.votes(studies)[:, 0], [[1, 0], [0, 1]])


PER_IMAGE = "image,study_id,Edema\na,s1,0.2\nb,s1,0.6\nc,s2,0.5\n"
PATHS = "image,Edema\nx/s1/a.png,0.2\nx/s1/b.png,0.6\nx/s2/c.png,0.5\n"


@pytest.mark.parametrize("text", [PER_IMAGE, PATHS])
def test_predictions_of_images_at_labels_of_studies_need_a_word(tmp_path: Path, text: str) -> None:
    said, of = brought(tmp_path, text), manifest([None, None], studies=["s1", "s2"], private=True)
    with pytest.raises(SettingsError, match=r"0\.csv:2, 3, 4: .*--per-study mean or --per-study max"):
        assign(said, [of])
    for how, expected in (("mean", [0.4, 0.5]), ("max", [0.6, 0.5])):
        (row,) = assign(said, [of], per_study=how).rows
        np.testing.assert_allclose(row.probability[:, 0], expected, rtol=1e-6)
        assert row.position.tolist() == [0, 1]


def test_flags_of_images_flag_a_study_and_have_no_mean(tmp_path: Path) -> None:
    text = "image,study_id,finding,flag\na,s1,Edema,no\nb,s1,Edema,yes\nc,s2,Edema,no\nd,s3,Edema,\n"
    said, of = brought(tmp_path, text), manifest([None] * 3, studies=["s1", "s2", "s3"])
    (row,) = assign(said, [of], per_study="max").rows
    np.testing.assert_array_equal(row.flagged[:, 0], [1, 0, NAN])
    with pytest.raises(SettingsError, match="flags alone, which have no mean"):
        assign(said, [of], per_study="mean")


@pytest.mark.parametrize("how", ["mean", "max"])
def test_flags_beside_scores_have_no_mean_either_which_is_said(tmp_path: Path, how: Way) -> None:
    text = "image,study_id,finding,score,flag\na,s1,Edema,0.2,no\nb,s1,Edema,0.6,yes\nc,s2,Edema,0.5,\n"
    found = assign(brought(tmp_path, text), [manifest([None] * 2, studies=["s1", "s2"])], per_study=how)
    (row,), (said,) = found.rows, found.notes()
    assert said.startswith(
        f"home: predictions of the model model for 3 images became those of 2 studies, by --per-study {how}."
    )
    if how == "mean":
        assert "Flags of 2 images have no mean and are left out: the threshold decides." in said
        assert row.flagged is None
    else:
        assert "Flags" not in said
        np.testing.assert_array_equal(row.flagged[:, 0], [1, NAN])


def test_scores_at_another_site_give_flags_no_mean_here(tmp_path: Path) -> None:
    text = "image,study_id,finding,flag,score\na,s1,Edema,no,\nb,s1,Edema,yes,\nc,,Edema,,0.5\n"
    sites = [manifest([None], studies=["s1"]), manifest(["c"], dataset="away")]
    with pytest.raises(SettingsError, match="flags alone, which have no mean"):
        assign(brought(tmp_path, text), sites, per_study="mean")


def test_a_model_of_images_and_one_of_studies_meet_at_studies(tmp_path: Path) -> None:
    of = manifest(["a", "b", "c"], studies=["s1", "s1", "s2"])
    said = brought(tmp_path, "id,Edema\na,0.2\nb,0.6\nc,0.5\n", "study,Edema\ns1,0.3\n", names=("M", "N"))
    with pytest.raises(SettingsError, match="--per-study"):
        assign(said, [of])
    rows = assign(said, [of], per_study="mean").rows
    assert [(row.model, row.position.tolist(), row.not_predicted) for row in rows] == [("M", [0, 1], 0), ("N", [0], 1)]


def test_ids_of_two_datasets_need_a_column(tmp_path: Path) -> None:
    of = [manifest(["1", "2"]), manifest(["1", "3"], dataset="away")]
    with pytest.raises(DataError, match=r"0\.csv:3: expected ids of one data set, found 1 that .* \(home, away\)"):
        assign(brought(tmp_path, "id,Edema\n2,0.1\n1,0.2\n"), of)
    said = brought(tmp_path, "id,dataset,Edema\n1,home,0.1\n1,away,0.2\n3,,0.3\n")
    assert [row.position.tolist() for row in assign(said, of).rows] == [[0], [0, 1]]


def test_a_file_may_be_said_to_be_of_a_dataset(tmp_path: Path) -> None:
    files = []
    for dataset, score in (("home", 0.1), ("away", 0.2)):
        path = tmp_path / f"{dataset}.csv"
        path.write_text(f"id,Edema\n1,{score}\n")
        files.append(NamedFile(None, path, dataset))
    said = read(files, findings=CLASSES, logits=False)
    found = assign(said, [manifest(["1"]), manifest(["1"], dataset="away")])
    assert [row.probability[0, 0].round(3) for row in found.rows] == pytest.approx([0.1, 0.2])


def test_ids_that_no_labels_know_are_refused_with_three_lines(tmp_path: Path) -> None:
    said = brought(tmp_path, "id,Edema\nu,0.1\nv,0.2\n\nw,0.2\nx,0.3\n")
    with pytest.raises(
        DataError, match=r"0\.csv:2, 3, 5: expected ids that the labels of home know.*paths, file names"
    ):
        assign(said, [manifest(["a"])])


def test_ids_that_meet_but_for_their_case_are_counted(tmp_path: Path) -> None:
    said = brought(tmp_path, "id,Edema\na,0.1\nB,0.2\n7,0.3\nz,0.4\n")
    *_, last = assign(said, [manifest(["a.png", "b.png", "x/007.png"])]).notes()
    assert last.startswith("3 predictions of the model model are of no image or study")
    assert last.endswith("Of 2 an id differs in case or leading zeros alone: spell ids alike.")


def test_predictions_that_are_said_to_be_of_another_dataset_are_not_said_to_be_misspelt(tmp_path: Path) -> None:
    said = brought(tmp_path, "id,dataset,Edema\na,home,0.1\nb,far,0.2\n")
    *_, last = assign(said, [manifest(["a.png", "b.png"])]).notes()
    assert last.endswith("Of 1 the data set is said to be another than those here.")
