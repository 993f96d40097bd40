"""Saliency of findings that do not exclude each other, against numbers by hand from the maps, boxes and labels."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from cxr_core.findings import FINDINGS
from dashboard.results.comparison import TestSet
from dashboard.results.hit_rates import Pointing, pointing
from dashboard.results.saliency_test import SaliencyTest, saliency_test
from dashboard.results.sampled_images import sampled_images
from dashboard.saliency.data.boxes import box_density
from dashboard.saliency.data.groups import Group
from dashboard.saliency.data.mean_maps import mean_map
from tests.support.made import saliency as made_saliency
from tests.support.made.saliency import SIDE
from tests.support.pages import Opened, assert_is_whole, numbers, written
from tests.support.results import change, frame, key_of

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")
_WITHOUT = """
    UPDATE prediction SET
        probability = list_transform(probability, lambda p, i: CASE WHEN i = 4 THEN 'nan'::FLOAT ELSE p END)
"""
FINDING, AT = "Lung Opacity", FINDINGS.index("Lung Opacity")


def _seen(path: Path, test: TestSet = INTERNAL) -> SaliencyTest:
    seen = saliency_test(key_of(path), test)
    assert seen is not None
    return seen


def _pointing(path: Path) -> Pointing:
    return pointing(key_of(path), _seen(path), finding=FINDING)


def _images(path: Path, *, role: str, test: TestSet = INTERNAL, method: str = "cam") -> pd.DataFrame:
    """Of each image whether the finding is there and flagged, and its map."""
    rows = frame(
        path,
        f"""
        SELECT image_id, present[{AT + 1}] AS present,
            probability[{AT + 1}] >= 0.5 AS flagged, maps
        FROM prediction JOIN reference USING (dataset, image_id)
        LEFT JOIN (FROM saliency WHERE method = '{method}') USING (model_id, dataset, image_id)
        WHERE model_id = 'split' AND dataset = '{test.dataset}' AND role = '{role}' AND policy = '{test.policy}'
        ORDER BY image_id
        """,  # noqa: S608
    ).set_index("image_id")
    rows["map"] = [np.frombuffer(bytes(one), np.uint8).reshape(6, SIDE, SIDE)[AT] for one in rows["maps"]]
    return rows.drop(columns="maps")


def _boxes(path: Path, images: pd.DataFrame) -> pd.DataFrame:
    drawn = frame(path, f"FROM box WHERE finding = '{FINDING} there' AND dataset = 'vinbigdata'")
    return drawn[drawn["image_id"].isin(images.index[images["present"] == 1])]


def _rate(boxes: pd.DataFrame, points: dict[str, tuple[float, float]]) -> float:
    by_image = []
    for image, of_image in boxes.groupby("image_id"):
        x, y = points[str(image)]
        inside = of_image["x0"].le(x) & of_image["x1"].ge(x) & of_image["y0"].le(y) & of_image["y1"].ge(y)
        by_image.append(inside.groupby(of_image["reader"]).any().mean())
    return float(np.mean(by_image))


def _hottest(one: npt.NDArray[np.uint8]) -> tuple[float, float]:
    row, column = np.unravel_index(one.argmax(), one.shape)
    return (float(column) + 0.5) / SIDE, (float(row) + 0.5) / SIDE


def test_the_hit_rate_is_over_images_with_the_finding_among_others(results: Path) -> None:
    path = made_saliency.write_findings(results)
    tested = _images(path, role="internal_test")
    boxes = _boxes(path, tested)
    found = _pointing(path)
    assert found.rate.n == boxes["image_id"].nunique() > 30
    points = {str(image): _hottest(one) for image, one in tested["map"].items()}
    assert found.rate.value == pytest.approx(_rate(boxes, points))


def test_the_usual_place_is_of_training_images_with_the_finding_among_others(results: Path) -> None:
    path = made_saliency.write_findings(results)
    trained = _boxes(path, _images(path, role="train"))
    line = (np.arange(100) + 0.5) / 100
    x, y = np.meshgrid(line, line)
    covered = sum(
        ((box.x0 <= x) & (x <= box.x1) & (box.y0 <= y) & (y <= box.y1)).astype(int) for box in trained.itertuples()
    )
    most = np.argwhere(covered == np.max(covered))
    row, column = most[np.square(most - most.mean(axis=0)).sum(axis=1).argmin()]
    tested = _boxes(path, _images(path, role="internal_test"))
    found = _pointing(path)
    assert found.usual_from == "training"
    assert found.usual.value == pytest.approx(
        _rate(tested, dict.fromkeys(tested["image_id"], (line[column], line[row])))
    )
    assert found.difference.value == pytest.approx(found.rate.value - found.usual.value)


@pytest.mark.parametrize("group", ["all", "recognized", "missed", "false_alarm"])
def test_mean_maps_and_boxes_are_by_presence_and_threshold(results: Path, group: Group) -> None:
    path = made_saliency.write_findings(results, methods=("cam", "layercam"))
    rows = _images(path, role="internal_test", method="layercam")
    there = rows["present"] == 1
    wanted = {
        "all": there,
        "recognized": there & rows["flagged"],
        "missed": there & ~rows["flagged"],
        "false_alarm": (rows["present"] == 0) & rows["flagged"],
    }[group]
    found = mean_map(key_of(path), _seen(path), finding=FINDING, group=group, method="layercam")
    if not wanted.any():
        assert found is None
        return
    assert found is not None
    assert found.n == wanted.sum()
    expected = np.rint(np.mean([*rows["map"][wanted]], axis=0)).ravel()
    assert np.frombuffer(found.values, np.uint8).tolist() == expected.tolist()
    density = box_density(key_of(path), _seen(path), finding=FINDING, group=group)
    drawn = _boxes(path, rows[wanted]) if group != "false_alarm" else rows[:0]
    assert (0 if density is None else density.n) == len(drawn)


def test_images_are_drawn_by_what_came_of_the_finding(results: Path) -> None:
    path = made_saliency.write_findings(results)
    rows = _images(path, role="external_test", test=EXTERNAL)
    found = sampled_images(key_of(path), test=EXTERNAL, finding=FINDING, seed=0)
    assert {image.sort for image in found} <= {"recognized", "missed", "false_alarm"}
    for image in found:
        row = rows.loc[image.key[1]]
        outcome = {(1, True): "recognized", (1, False): "missed", (0, True): "false_alarm"}
        assert image.sort == outcome[int(row["present"]), bool(row["flagged"])]
        assert image.predicted is None
    assert {image.sort for image in found} == {
        sort
        for sort, mask in (
            ("recognized", (rows["present"] == 1) & rows["flagged"]),
            ("missed", (rows["present"] == 1) & ~rows["flagged"]),
            ("false_alarm", (rows["present"] == 0) & rows["flagged"]),
        )
        if mask.any()
    }


def test_a_finding_without_a_score_has_no_hit_rate_and_is_not_offered(results: Path, open_page: Opened) -> None:
    path = made_saliency.write_findings(results)
    change(path, _WITHOUT)
    assert _pointing(path).rate.n == 0
    app = open_page(page="saliency")
    assert_is_whole(app)
    (offered,) = [group for group in app.button_group if "Cardiomegaly" in group.options]
    assert FINDING not in offered.options


def test_the_page_says_the_rate_beside_the_usual_place(results: Path, open_page: Opened) -> None:
    path = made_saliency.write_findings(results)
    app = open_page(page="saliency", finding=FINDING)
    assert_is_whole(app)
    found = _pointing(path)
    assert {f"{100 * found.rate.value:.1f}", f"{100 * found.usual.value:.1f}"} <= set(numbers(written(app)))
