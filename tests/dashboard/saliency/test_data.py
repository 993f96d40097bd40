"""Mean maps: outcomes put together by their numbers, and no mean image of few."""

from pathlib import Path

import numpy as np
import pytest

from cxr_core.errors import StoreError
from dashboard.results.comparison import TestSet
from dashboard.results.saliency_test import SaliencyTest, methods, saliency_test
from dashboard.saliency.data.boxes import box_density
from dashboard.saliency.data.groups import Group
from dashboard.saliency.data.mean_maps import MeanMap, images, mean_map
from tests.support.made import saliency as made_saliency
from tests.support.made.saliency import PX, SIDE
from tests.support.results import change, frame, key_of

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")


def _seen(path: Path, test: TestSet = INTERNAL) -> SaliencyTest:
    seen = saliency_test(key_of(path), test)
    assert seen is not None
    return seen


def _mean(path: Path, *, group: Group = "all", test: TestSet = INTERNAL, method: str = "cam") -> MeanMap | None:
    return mean_map(key_of(path), _seen(path, test), finding="Consolidation", group=group, method=method)


def test_all_of_a_class_are_weighed_by_the_number_of_images(results: Path) -> None:
    found = _mean(made_saliency.write(results))
    assert found is not None
    assert found.n == 36
    assert set(found.values) == {round((30 * 200 + 6 * 100) / 36)}
    assert len(found.values) == SIDE * SIDE
    assert found.peak == pytest.approx(183 / 255)


def test_the_density_is_the_share_of_boxes_that_hold_each_place(results: Path) -> None:
    path = made_saliency.write(results)
    marked = frame(
        path,
        """
        SELECT x0, y0, x1, y1 FROM box JOIN prediction USING (dataset, image_id)
        JOIN reference USING (dataset, image_id)
        WHERE finding = 'Consolidation there' AND model_id = 'split' AND role = 'internal_test' AND policy = 'majority'
            AND class = 5
        """,
    )
    found = box_density(key_of(path), _seen(path), finding="Consolidation")
    assert found is not None
    assert found.n == len(marked)
    shares = np.frombuffer(found.values, np.uint8).reshape(found.side, found.side) / 255 * found.most
    for row, column in ((10, 10), (30, 40), (32, 20), (60, 3)):
        x, y = (column + 0.5) / found.side, (row + 0.5) / found.side
        held = marked["x0"].le(x) & marked["x1"].ge(x) & marked["y0"].le(y) & marked["y1"].ge(y)
        assert shares[row, column] == pytest.approx(held.mean(), abs=found.most / 500)


def test_an_outcome_of_few_images_is_left_out_of_the_mean_image(results: Path) -> None:
    path = made_saliency.write(results)
    found, missed = _mean(path), _mean(path, group="missed")
    assert found is not None
    assert missed is not None
    assert (found.n_image, found.side_px) == (30, PX)
    assert found.image == bytes([100] * PX * PX)
    assert (missed.n, missed.n_image, missed.image) == (6, 0, None)


def test_false_alarms_and_external_images_have_no_boxes(results: Path) -> None:
    path = made_saliency.write(results)
    assert box_density(key_of(path), _seen(path), finding="Consolidation", group="false_alarm") is None
    assert box_density(key_of(path), _seen(path, EXTERNAL), finding="Consolidation") is None


def test_no_such_images_is_none(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM mean_map WHERE finding = 'Consolidation' AND outcome = 'false_alarm'")
    assert _mean(path, group="false_alarm") is None


def test_a_model_trained_on_all_images_shows_its_training_images(results: Path) -> None:
    path = made_saliency.write(results)
    test = TestSet(model="full", dataset="vinbigdata", policy="majority", role="internal_test")
    assert _seen(path, test).role == "train"
    assert _mean(path, test=test) is not None
    assert saliency_test(key_of(path), TestSet(model="x", dataset="x", policy="x", role="internal_test")) is None


@pytest.mark.parametrize("group", ["all", "recognized", "missed", "false_alarm"])
def test_maps_of_another_method_are_averaged_from_the_single_ones(results: Path, group: Group) -> None:
    path = made_saliency.write(results, methods=("cam", "layercam"))
    rows = frame(
        path,
        """
        SELECT maps, class, predicted FROM saliency
        JOIN prediction USING (model_id, dataset, image_id) JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split' AND dataset = 'vinbigdata' AND policy = 'majority' AND role = 'internal_test'
            AND method = 'layercam'
        """,
    )
    of_class, taken = rows["class"] == 5, rows["predicted"] == 5
    wanted = {
        "all": of_class,
        "recognized": of_class & taken,
        "missed": of_class & ~taken,
        "false_alarm": ~of_class & taken,
    }[group]
    maps = np.stack([np.frombuffer(bytes(one), np.uint8).reshape(6, -1)[5] for one in rows["maps"][wanted]])
    found = _mean(path, group=group, method="layercam")
    assert found is not None
    assert found.n == len(maps) > 0
    assert np.array_equal(np.frombuffer(found.values, np.uint8), np.rint(maps.mean(axis=0)))
    assert methods(key_of(path), _seen(path)) == ("cam", "layercam")


def test_how_many_images_a_class_has(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM mean_map WHERE finding <> 'Consolidation'")
    assert images(key_of(path), _seen(path)) == {"Consolidation": 36}


DAMAGE = ("image = 'abc'::BLOB", "height = 1, width = height * width")


@pytest.mark.parametrize("damage", DAMAGE)
def test_means_of_another_size_than_told_are_an_expected_error(results: Path, damage: str) -> None:
    path = made_saliency.write(results)
    change(path, f"UPDATE mean_map SET {damage} WHERE outcome = 'recognized'")  # noqa: S608
    with pytest.raises(StoreError, match="damaged"):
        _mean(path)
