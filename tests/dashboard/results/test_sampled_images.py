"""Images drawn by seed: each is of the sort that it is shown as, and the same seed draws the same."""

import math
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from dashboard.results.comparison import TestSet
from dashboard.results.saliency_test import saliency_test
from dashboard.results.sampled_images import boxes, sampled_images, sampled_rows
from tests.support.made import saliency as made_saliency
from tests.support.made.saliency import hot_cell
from tests.support.results import change, frame, key_of

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")


def test_internal_ones_are_sorted_by_where_the_peak_lies(results: Path) -> None:
    path = made_saliency.write(results)
    maps = frame(path, "FROM saliency WHERE model_id = 'split' AND dataset = 'vinbigdata'").set_index("image_id")[
        "maps"
    ]
    marked = frame(path, "FROM box WHERE finding = 'Nodule/Mass there'")
    found = sampled_images(key_of(path), test=INTERNAL, finding="Nodule/Mass", seed=3)
    assert [each.sort for each in found] == ["inside"] * 6 + ["outside"] * 6
    for each in found:
        x, y = hot_cell(bytes(maps[each.key[1]]), finding="Nodule/Mass")
        own = marked[marked["image_id"] == each.key[1]]
        inside = own[(own["x0"] <= x) & (x <= own["x1"]) & (own["y0"] <= y) & (y <= own["y1"])]
        assert len(own) > 0
        assert (len(inside) > 0) == (each.sort == "inside")
        share = inside["reader"].nunique() / own["reader"].nunique()
        assert each.readers == pytest.approx(share) or (math.isnan(each.readers) and share == 0)


def test_external_ones_are_sorted_by_the_answer(results: Path) -> None:
    path = made_saliency.write(results)
    rows = frame(
        path,
        """
        SELECT image_id, class, predicted, probability[3] AS own
        FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = 'split' AND role = 'external_test' AND policy = 'u_ignore'
        """,
    ).set_index("image_id")
    found = sampled_images(key_of(path), test=EXTERNAL, finding="Nodule/Mass", seed=3)
    assert list(dict.fromkeys(each.sort for each in found)) == ["recognized", "missed", "false_alarm"]
    assert len({each.key for each in found}) == len(found)
    for each in found:
        row = rows.loc[each.key[1]]
        expected = "false_alarm" if row["class"] != 2 else "recognized" if row["predicted"] == 2 else "missed"
        assert each.sort == expected
        assert row["class"] == 2 or row["predicted"] == 2
        assert each.predicted == FINDINGS[int(row["predicted"])]
        assert each.share == pytest.approx(row["own"])


@pytest.mark.parametrize("test", [INTERNAL, EXTERNAL])
def test_the_seed_says_which(results: Path, test: TestSet) -> None:
    key = key_of(made_saliency.write(results))
    first = sampled_images(key, test=test, finding="Nodule/Mass", seed=1)
    sampled_images.clear()
    assert sampled_images(key, test=test, finding="Nodule/Mass", seed=1) == first
    assert {each.key for each in sampled_images(key, test=test, finding="Nodule/Mass", seed=2)} != {
        each.key for each in first
    }


def test_every_image_of_a_sort_can_be_drawn(results: Path) -> None:
    key = key_of(made_saliency.write(results))
    seen = {
        each.key
        for seed in range(40)
        for each in sampled_images(key, test=EXTERNAL, finding="Nodule/Mass", seed=seed)
        if each.sort == "recognized"
    }
    assert len(seen) > 10


def test_internal_ones_without_boxes_are_sorted_by_the_answer(results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM box")
    found = sampled_images(key_of(path), test=INTERNAL, finding="Nodule/Mass", seed=1)
    assert {each.sort for each in found} == {"recognized", "missed", "false_alarm"}


def test_only_images_with_maps_of_the_method_are_drawn(results: Path) -> None:
    path = made_saliency.write(results, methods=("cam", "layercam"))
    change(path, "DELETE FROM saliency WHERE method = 'layercam' AND image_id NOT IN ('i2', 'i8', 'i14')")
    for test in (INTERNAL, EXTERNAL):
        found = sampled_images(key_of(path), test=test, finding="Nodule/Mass", seed=1, method="layercam")
        assert {each.key[1] for each in found} <= {"i2", "i8", "i14"}
        assert found


def test_a_model_without_answers_draws_nothing(results: Path) -> None:
    key = key_of(made_saliency.write(results))
    nowhere = TestSet(model="nobody", dataset="vinbigdata", policy="dominant", role="internal_test")
    assert sampled_images(key, test=nowhere, finding="Nodule/Mass", seed=1) == ()


def test_boxes_are_all_readers_boxes_of_the_class(results: Path) -> None:
    path = made_saliency.write(results)
    marked = frame(path, "FROM box WHERE finding = 'Nodule/Mass there' AND image_id IN ('i2', 'i8', 'i14', 'i20')")
    keys = tuple(("vinbigdata", image) for image in ("i2", "i8", "i14", "i20", "i3"))
    found = boxes(key_of(path), keys=keys, finding="Nodule/Mass")
    assert {key[1]: len(of) for key, of in found.items()} == marked.groupby("image_id").size().to_dict()
    drawn_boxes = sorted(box for of in found.values() for box in of)
    assert drawn_boxes == sorted(marked[["x0", "y0", "x1", "y1"]].itertuples(index=False, name=None))


def test_the_list_to_take_along_names_each_image(results: Path) -> None:
    key = key_of(made_saliency.write(results))
    found = sampled_images(key, test=EXTERNAL, finding="Nodule/Mass", seed=1)
    test = saliency_test(key, EXTERNAL)
    assert test is not None
    rows = sampled_rows(key, test, found, finding="Nodule/Mass", method="cam")
    assert [row["image_id"] for row in rows] == [each.key[1] for each in found]
