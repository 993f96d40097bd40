"""What is told of a single image is what the file holds."""

from pathlib import Path

import duckdb
import pytest

from cxr_core.findings import FINDINGS
from cxr_core.images.original import Made
from cxr_core.store.runs import look_into
from dashboard.image.data import boxes, readings, record, saliency, truth
from dashboard.image.data.answer import answer
from dashboard.results.database import RunKey
from dashboard.results.maps import maps
from dashboard.results.pictures import load_pictures
from dashboard.results.runs import run_key
from tests.support.made import image as made_image
from tests.support.made.image import MEMBERS
from tests.support.made.runs import EXTERNAL, INTERNAL
from tests.support.results import change, frame

KEY = (EXTERNAL.dataset, "i7")


@pytest.fixture
def path(results: Path) -> Path:
    return made_image.write(results)


def key_of(path: Path) -> RunKey:
    return run_key(look_into(path.parent))


def test_the_answer_is_that_of_the_ensemble_and_its_members(path: Path) -> None:
    found = answer(key_of(path), model="split", key=KEY)

    rows = frame(path, "FROM prediction WHERE dataset = 'chexpert_train' AND image_id = 'i7'").set_index("model_id")
    assert found is not None
    assert found.role == "external_test"
    assert found.ensemble.probability == pytest.approx(rows.loc["split", "probability"])
    assert [member.name for member in found.members] == ["member 1", "member 2", "member 3"]
    for member in found.members:
        assert member.probability == pytest.approx(rows.loc[member.model, "probability"])
        assert member.predicted == rows.loc[member.model, "predicted"]
    assert found.agreeing == sum(rows.loc[list(MEMBERS), "predicted"] == rows.loc["split", "predicted"])


def test_with_folds_only_members_that_did_not_see_the_image_count(path: Path) -> None:
    change(path, "UPDATE model SET fold = member, member = 0 WHERE model_id IN ('split-0', 'split-1', 'split-2')")
    change(path, "UPDATE prediction SET role = 'train' WHERE model_id IN ('split-0', 'split-2')")

    found = answer(key_of(path), model="split", key=(INTERNAL.dataset, "i7"))

    assert found is not None
    assert [(member.model, member.name) for member in found.members] == [("split-1", "fold 2, member 1")]


def test_an_image_that_the_ensemble_was_not_asked_about_has_no_answer(path: Path) -> None:
    change(path, "DELETE FROM prediction WHERE model_id = 'split' AND image_id = 'i7'")

    assert answer(key_of(path), model="split", key=KEY) is None
    assert answer(key_of(path), model="split", key=(EXTERNAL.dataset, "no such image")) is None


def test_each_policy_has_its_own_class_the_default_first(path: Path) -> None:
    change(path, "UPDATE reference SET class = 2, present = [0, 0, 1, 0, 0, 'nan'::FLOAT] WHERE policy = 'u_ones'")
    change(
        path,
        "UPDATE reference SET class = NULL, left_out = 'several', present = [0, 1, 1, 0, 0, 0] "
        "WHERE policy = 'u_zeros'",
    )

    found = truth.truths(key_of(path), key=KEY)

    assert [each.policy for each in found] == ["u_ignore", "u_ones", "u_zeros"]
    assert found[1].finding == "Nodule/Mass"
    assert found[1].unknown == ("Consolidation",)
    assert (found[2].finding, found[2].left_out, found[2].found) == (None, "several", ("Cardiomegaly", "Nodule/Mass"))


def test_a_policy_that_does_not_know_the_image_says_nothing(path: Path) -> None:
    change(path, "DELETE FROM reference WHERE policy = 'u_ones'")

    found = truth.truths(key_of(path), key=KEY)

    assert (found[1].policy, found[1].finding, found[1].present) == ("u_ones", None, ())


def test_blank_negative_and_uncertain_are_told_apart(path: Path) -> None:
    found = {each.finding: each for each in readings.readings(key_of(path), key=(INTERNAL.dataset, "i0"))}

    assert list(found) == [*made_image.NAMES[INTERNAL.dataset], "Edema"]
    values = {name: each.by_reader["R8"] for name, each in found.items()}
    assert list(values.values()) == ["present", "absent", "uncertain", *["not mentioned"] * 3, "present"]
    assert list(found["No finding"].by_reader) == ["R8", "R9", "R10"]
    assert (found["Pleural effusion"].matched, found["Edema"].matched) == ("Pleural Effusion", None)


@pytest.mark.parametrize("values", [(0, 1, -1, None), (None, -1, 1, 0)])
def test_what_a_reader_says_twice_is_said_by_what_says_most(path: Path, values: tuple[int | None, ...]) -> None:
    change(path, "DELETE FROM raw_label WHERE finding = 'Cardiomegaly' AND reader = 'R8'")
    with duckdb.connect(str(path)) as connection:
        for value in values:
            connection.execute("INSERT INTO raw_label VALUES ('vinbigdata', 'i0', 'Cardiomegaly', 'R8', $1)", [value])

    found = {each.finding: each for each in readings.readings(key_of(path), key=(INTERNAL.dataset, "i0"))}

    assert found["Cardiomegaly"].by_reader["R8"] == "present"


def test_boxes_lie_small_over_large_and_know_their_class(path: Path) -> None:
    change(path, "INSERT INTO box VALUES ('vinbigdata', 'i0', 'Edema', 'R8', 0.1, 0.1, 0.2, 0.2)")
    change(path, "INSERT INTO box VALUES ('vinbigdata', 'i0', 'Pleural effusion', 'R9', 0.1, 0.1, 0.9, 0.9)")

    found = boxes.boxes(key_of(path), key=(INTERNAL.dataset, "i0"))

    assert [(box.finding, box.reader, box.index) for box in found] == [
        ("Pleural effusion", "R9", 4),
        ("Edema", "R8", None),
    ]
    assert found[0].corners == pytest.approx((0.1, 0.1, 0.9, 0.9))
    assert boxes.site_has_boxes(key_of(path), dataset=INTERNAL.dataset)
    assert not boxes.site_has_boxes(key_of(path), dataset=EXTERNAL.dataset)


def test_maps_come_by_method_then_in_the_order_of_the_models(path: Path) -> None:
    change(path, "INSERT INTO saliency SELECT * REPLACE ('eigencam' AS method) FROM saliency WHERE model_id = 'split'")
    models = ("split", "split-2", "split-0")

    found = saliency.sources(key_of(path), key=KEY, models=models)

    assert [(each.model, each.method) for each in found] == [
        *((model, "cam") for model in models),
        ("split", "eigencam"),
    ]
    rows = frame(path, "FROM saliency WHERE dataset = 'chexpert_train' AND image_id = 'i7' AND method = 'cam'")
    row = rows.set_index("model_id").loc["split-2"]
    assert found[1].maps.values == bytes(row["maps"])
    assert found[1].maps.strength(3) == pytest.approx(row["scale"][3] / max(row["scale"]))


def test_maps_of_unknown_strength_are_no_maps(path: Path) -> None:
    change(path, "UPDATE saliency SET scale = [1, 1, 1, 1, 1, 'nan'::FLOAT] WHERE model_id = 'split-0'")

    found = saliency.sources(key_of(path), key=KEY, models=("split-0", "split-1"))

    assert [each.model for each in found] == ["split-1"]


def test_the_other_images_of_a_patient_stay_within_the_dataset(path: Path) -> None:
    change(path, "UPDATE image SET patient_id = 'q2' WHERE dataset = 'vinbigdata'")

    found = record.siblings(key_of(path), key=KEY, model="split", policy="u_ignore")

    assert [each.key for each in found.shown] == [(EXTERNAL.dataset, "i6"), (EXTERNAL.dataset, "i8")]
    assert found.total == 2
    said = frame(path, "FROM prediction WHERE dataset = 'chexpert_train' AND model_id = 'split' AND image_id = 'i8'")
    assert found.shown[1].confidence == pytest.approx(said["probability"][0][said["predicted"][0]])


def test_an_unknown_patient_has_no_other_images(path: Path) -> None:
    change(path, "UPDATE image SET patient_id = NULL")

    assert record.siblings(key_of(path), key=KEY, model="split", policy="u_ignore").total == 0


def test_maps_of_endless_strength_are_left_out(path: Path) -> None:
    change(path, "UPDATE saliency SET scale = ['inf', '1', '1', '1', '1', '1']::FLOAT[6]")
    assert saliency.sources(key_of(path), key=KEY, models=("split",)) == ()
    assert maps(key_of(path), model="split", keys=(KEY,)) == {}


def test_what_a_list_leaves_open_is_unknown(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE reference SET present = ['nan'::FLOAT, 1, 0, 0, 0, 0]")
    assert {each.unknown for each in truth.truths(key_of(path), key=KEY)} == {FINDINGS[:1]}


@pytest.mark.parametrize(
    ("size", "known"), [("224", 224), ("null", None), ('"x"', None), ("100000000", None), ("0", None)]
)
def test_a_record_says_which_picture_was_made_of_it(path: Path, size: str, known: int | None) -> None:
    change(path, """UPDATE run SET config = '{"experiment": {"network": {"size_px": SIZE}}}'""".replace("SIZE", size))
    found = record.record(key_of(path), key=KEY)
    assert found is not None
    assert found.content_hash == f"h{KEY[1]}"
    expected = None if known is None else Made(picture_hash=f"p{KEY[1]}", pipeline="p", size_px=known)
    assert found.made == expected


def test_an_image_that_was_not_brought_has_no_file_and_no_picture(path: Path) -> None:
    change(path, "UPDATE dataset SET pipeline_fingerprint = NULL")
    change(path, "UPDATE image SET file = NULL")
    found = record.record(key_of(path), key=KEY)
    assert found is not None
    assert (found.file, found.made) == (None, None)
    assert load_pictures(key_of(path), (KEY,))[KEY].pipeline_fingerprint is None
