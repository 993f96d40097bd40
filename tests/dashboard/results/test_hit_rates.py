"""Hit rates against an independent computation, reader by reader, in pandas and plain Python."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.errors import StoreError
from cxr_core.findings import FINDINGS
from cxr_core.localization import usual_place
from cxr_core.statistics import shares
from dashboard.results import hit_rates as module
from dashboard.results.comparison import TestSet
from dashboard.results.hit_rates import Pointing, hit_rate_rows, pointing
from dashboard.results.saliency_test import SaliencyTest, saliency_test
from tests.support.made import saliency as made_saliency
from tests.support.made.saliency import hot_cell
from tests.support.results import change, frame, key_of

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
CORNERS = ["x0", "y0", "x1", "y1"]


def _seen(path: Path, test: TestSet = INTERNAL) -> SaliencyTest:
    seen = saliency_test(key_of(path), test)
    assert seen is not None
    return seen


def _internal(path: Path, finding: str) -> Pointing:
    return pointing(key_of(path), _seen(path), finding=finding)


def _marked(path: Path, finding: str, *, role: str) -> pd.DataFrame:
    return frame(
        path,
        f"""
        SELECT image_id, reader, x0, y0, x1, y1 FROM box JOIN prediction USING (dataset, image_id)
        WHERE finding = '{finding} there' AND model_id = 'split' AND role = '{role}'
        """,  # noqa: S608
    )


def _share(readings: pd.DataFrame, point: tuple[float, float]) -> float:
    x, y = point
    by_reader = [
        any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in of_reader.itertuples())
        for _, of_reader in readings.groupby("reader")
    ]
    return sum(by_reader) / len(by_reader)


@pytest.mark.parametrize("finding", FINDINGS[1:])
def test_the_rate_is_the_mean_over_images_of_the_share_of_readers(results: Path, finding: str) -> None:
    path = made_saliency.write(results)
    maps = frame(path, "FROM saliency WHERE model_id = 'split' AND dataset = 'vinbigdata'").set_index("image_id")[
        "maps"
    ]
    marked = _marked(path, finding, role="internal_test")
    expected = {
        image: _share(readings, hot_cell(bytes(maps[image]), finding=finding))
        for image, readings in marked.groupby("image_id")
    }
    found = _internal(path, finding)
    assert found.shares == pytest.approx(expected)
    assert found.rate.n == found.images == len(expected) > 30
    assert found.rate.value == pytest.approx(np.mean(list(expected.values())))
    assert 0 < found.rate.value < 1
    assert found.rate.estimable


def test_the_interval_is_over_patients_where_they_are_recorded(results: Path) -> None:
    path = made_saliency.write(results)
    alone = _internal(path, "Nodule/Mass")
    change(path, "UPDATE image SET patient_id = 'p' || hash(image_id) % 25 WHERE dataset = 'vinbigdata'")
    patients = frame(path, "FROM image WHERE dataset = 'vinbigdata'").set_index("image_id")["patient_id"]
    pointing.clear()
    found = _internal(path, "Nodule/Mass")
    hit = pd.Series(dict(found.shares))
    by_patient = hit.groupby(patients[hit.index]).agg(["sum", "count"])
    share = shares.share(by_patient["sum"].to_numpy(), by_patient["count"].to_numpy())
    assert found.rate.value == pytest.approx(alone.rate.value)
    assert (found.rate.low, found.rate.high) == pytest.approx((share.interval.low, share.interval.high))
    assert found.rate.n_effective < 25 < found.rate.n
    assert not found.rate.estimable
    assert found.rate.high - found.rate.low > alone.rate.high - alone.rate.low


def test_the_usual_place_is_chosen_on_the_boxes_of_training_images(results: Path) -> None:
    path = made_saliency.write(results)
    place = usual_place(_marked(path, "Nodule/Mass", role="train")[CORNERS].to_numpy())
    tested = _marked(path, "Nodule/Mass", role="internal_test")
    expected = [_share(readings, (place[0], place[1])) for _, readings in tested.groupby("image_id")]
    found = _internal(path, "Nodule/Mass")
    assert found.usual.value == pytest.approx(np.mean(expected))
    assert found.usual_from == "training"
    images, hit = np.array([*found.shares]), np.array([*found.shares.values()])
    apart = shares.difference_of_images(hit, np.array(expected), patients=images)
    assert found.difference.value == pytest.approx(found.rate.value - np.mean(expected))
    assert (found.difference.low, found.difference.high) == pytest.approx((apart.interval.low, apart.interval.high))
    assert found.difference.n == found.rate.n


def test_without_training_images_each_tenth_is_judged_by_the_other_nine(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM prediction WHERE role = 'train' AND model_id = 'split'")
    tested = _marked(path, "Nodule/Mass", role="internal_test")
    part = frame(path, "SELECT image_id, hash(image_id) % 10 AS part FROM image WHERE dataset = 'vinbigdata'")
    tested = tested.merge(part, on="image_id")
    expected = []
    for _, readings in tested.groupby("image_id"):
        others = tested[tested["part"] != readings["part"].iloc[0]]
        x, y = usual_place(others[CORNERS].to_numpy())
        expected.append(_share(readings, (x, y)))
    found = _internal(path, "Nodule/Mass")
    assert found.usual.value == pytest.approx(np.mean(expected))
    assert found.usual_from == "other tenths"


def test_two_boxes_of_one_reader_are_one_reading(results: Path) -> None:
    path = made_saliency.write(results)
    change(
        path,
        """
        DELETE FROM box;
        INSERT INTO box VALUES
            ('vinbigdata', 'i2', 'Nodule/Mass there', 'R1', 0, 0, 1, 1),
            ('vinbigdata', 'i2', 'Nodule/Mass there', 'R1', 1, 1, 1, 1),
            ('vinbigdata', 'i2', 'Nodule/Mass there', 'R2', 1, 1, 1, 1),
            ('vinbigdata', 'i8', 'Nodule/Mass there', 'R2', 0, 0, 1, 1);
        """,
    )
    found = _internal(path, "Nodule/Mass")
    assert found.shares == {"i2": 0.5, "i8": 1.0}
    assert found.rate.value == pytest.approx(0.75)
    assert not found.rate.estimable


def test_images_of_another_class_and_boxes_of_another_finding_do_not_count(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "UPDATE box SET finding = 'Nodule/Mass there'")
    assert set(_internal(path, "Nodule/Mass").shares) <= {f"i{6 * k + 2}" for k in range(40)}
    assert _internal(path, "Cardiomegaly").rate.n == 0


def test_an_undefined_map_hits_nothing(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "UPDATE saliency SET maps = repeat('\\x00', 294)::BLOB, scale = [0, 0, 0, 0, 0, 0]")
    assert set(_internal(path, "Consolidation").shares.values()) == {0.0}


def test_of_too_many_images_a_sample_is_taken(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made_saliency.write(results)
    whole = _internal(path, "Nodule/Mass")
    monkeypatch.setattr(module, "_MOST_IMAGES", 31)
    pointing.clear()
    found = _internal(path, "Nodule/Mass")
    assert (found.rate.n, found.images) == (31, whole.images)
    assert found.shares.items() <= whole.shares.items()


def test_a_site_without_boxes_has_no_rate(results: Path) -> None:
    path = made_saliency.write(results)
    external = _seen(path, TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test"))
    found = pointing(key_of(path), external, finding="Nodule/Mass")
    assert math.isnan(found.rate.value)
    assert (found.rate.n, found.rate.estimable, found.usual_from) == (0, False, None)
    assert not external.is_pointed_at


def test_externally_nothing_is_chosen_on_the_tested_images(results: Path) -> None:
    path = made_saliency.write(results)
    change(
        path,
        """
        INSERT INTO box SELECT 'chexpert_train', image_id, 'Nodule/Mass there', 'R1', 0, 0, 1, 1
        FROM image WHERE dataset = 'chexpert_train';
        DELETE FROM prediction WHERE role = 'train' AND model_id = 'split';
        """,
    )
    external = _seen(path, TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test"))
    found = pointing(key_of(path), external, finding="Nodule/Mass")
    assert (found.rate.value, found.rate.n, found.usual_from) == (1.0, 20, None)
    assert math.isnan(found.usual.value)
    assert math.isnan(found.difference.value)


def test_training_images_are_never_pointed_at_as_a_test(results: Path) -> None:
    path = made_saliency.write(results)
    test = _seen(path, TestSet(model="full", dataset="vinbigdata", policy="dominant", role="internal_test"))
    assert (test.role, test.has_boxes, test.is_pointed_at) == ("train", True, False)
    assert pointing(key_of(path), test, finding="Nodule/Mass").usual_from is None


def test_the_table_to_take_along_says_what_is_not_estimable(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM box WHERE finding = 'Nodule/Mass there' AND image_id <> 'i2'")
    found = [_internal(path, finding) for finding in ("Nodule/Mass", "Lung Opacity")]
    rows = hit_rate_rows(key_of(path), _seen(path), found, method="cam")
    assert [row["not_estimable"] for row in rows] == [True, True, True, False, False, False]
    assert [row["metric"] for row in rows[3:]] == ["hit_rate", "hit_rate_usual_place", "hit_rate_above_usual_place"]
    assert [row["value"] for row in rows[3:]] == [
        found[1].rate.value, found[1].usual.value, found[1].difference.value,
    ]  # fmt: skip


def test_maps_of_as_many_bytes_and_another_shape_are_an_expected_error(results: Path) -> None:
    path = made_saliency.write(results)
    some = "substr(image_id, 2)::INTEGER % 4 = 0"
    change(path, f"UPDATE saliency SET height = 1, width = height * width WHERE {some}")  # noqa: S608
    with pytest.raises(StoreError, match="damaged"):
        _internal(path, "Nodule/Mass")
