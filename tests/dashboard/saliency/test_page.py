"""The page of saliency on small real files: its numbers are those of the file, and training images are no test."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.statistics.intervals import wilson
from dashboard import image_grid
from dashboard.components.gallery import Item
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.results.sampled_images import sampled_images
from dashboard.saliency.page import mean_maps as averages
from tests.support.made import saliency as made_saliency
from tests.support.made.runs import INTERNAL
from tests.support.made.saliency import RUN, hot_cell
from tests.support.pages import Opened, written
from tests.support.results import change, frame

MARKUP = re.compile(r":[a-z]+(?:-[a-z]+)?\[|\]|\*\*|\\")


@dataclass
class Galleries:
    """What was drawn in the browser, by the widget's key."""

    items: dict[str, Sequence[Item]] = field(default_factory=dict)
    opens: dict[str, Callable[[str], None]] = field(default_factory=dict)

    def draw(self, items: Sequence[Item], *, key: str, on_open: Callable[[str], None], **_: object) -> None:
        self.items[key] = items
        self.opens[key] = on_open


@pytest.fixture
def galleries(monkeypatch: pytest.MonkeyPatch) -> Galleries:
    found = Galleries()
    monkeypatch.setattr(averages, "gallery", found.draw)
    monkeypatch.setattr(image_grid, "gallery", found.draw)
    return found


def _figure(app: AppTest) -> str:
    return "".join(chart.proto.spec for chart in app.get("plotly_chart"))


def _marks(app: AppTest) -> list[tuple[float, int]]:
    (chart,) = app.get("plotly_chart")
    return [(trace["x"][0], trace["y"][0]) for trace in json.loads(chart.proto.spec)["data"]]


def _rate(path: Path, finding: str) -> tuple[float, int]:
    """The hit rate and the images that it rests on, in pandas."""
    rows = frame(
        path,
        f"""
        SELECT image_id, reader, maps, x0, y0, x1, y1
        FROM box JOIN prediction USING (dataset, image_id) JOIN saliency USING (model_id, dataset, image_id)
        WHERE finding = '{finding} there' AND model_id = 'split' AND role = 'internal_test'
        """,  # noqa: S608
    )
    points = np.array([hot_cell(bytes(maps), finding=finding) for maps in rows["maps"]])
    rows["hit"] = (
        rows["x0"].le(points[:, 0]) & rows["x1"].ge(points[:, 0])
        & rows["y0"].le(points[:, 1]) & rows["y1"].ge(points[:, 1])
    )  # fmt: skip
    by_image = rows.groupby(["image_id", "reader"])["hit"].any().groupby("image_id").mean()
    return float(by_image.mean()), len(by_image)


def test_the_answer_and_the_picture_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = made_saliency.write(results)
    expected = {finding: _rate(path, finding) for finding in ("Nodule/Mass", "Pleural Effusion")}
    for finding, (rate, n) in expected.items():
        said = written(open_page(page="saliency", finding=finding))
        sure = wilson(rate, n=n)
        interval = f"[{100 * sure.low:.1f}, {100 * sure.high:.1f}]"
        assert f"internal hit rate {100 * rate:.1f} % {interval} (n = {n})" in said
        assert "external site has no boxes" in said
    marks = dict((y, x) for x, y in _marks(open_page(page="saliency")))  # noqa: C402
    assert len(marks) == 5
    assert (marks[1], marks[3]) == pytest.approx([100 * rate for rate, _ in expected.values()])


def test_the_means_of_both_sites_share_one_scale(open_page: Opened, results: Path, galleries: Galleries) -> None:
    path = made_saliency.write(results)
    change(path, "UPDATE mean_map SET map = repeat('\\x40', 49)::BLOB WHERE role = 'external_test'")
    open_page(page="saliency", outcome="recognized")
    (internal,), (external,) = galleries.items["mean_map_internal"], galleries.items["mean_map_external"]
    assert internal.overlay is not None
    assert external.overlay is not None
    assert internal.overlay.strength == external.overlay.strength == pytest.approx(255 / 200)
    assert internal.overlay.peak is not None
    assert internal.density is not None
    assert external.density is None
    assert internal.src is not None


def test_a_mean_of_few_is_gray_and_shows_no_image(open_page: Opened, results: Path, galleries: Galleries) -> None:
    made_saliency.write(results)
    app = open_page(page="saliency", outcome="missed")
    (internal,) = galleries.items["mean_map_internal"]
    assert internal.src is None
    assert internal.overlay is not None
    assert internal.overlay.is_faint
    assert "mean of 6 maps: not estimable" in written(app)


def test_six_of_each_sort_with_mark_saliency_and_boxes(open_page: Opened, results: Path, galleries: Galleries) -> None:
    made_saliency.write(results)
    open_page(page="saliency", finding="Nodule/Mass")
    shown = {key: items for key, items in galleries.items.items() if key.startswith("drawn_")}
    assert {key: (len(items), {item.mark for item in items}) for key, items in shown.items()} == {
        "drawn_internal_inside": (6, {"right"}),
        "drawn_internal_outside": (6, {"wrong"}),
        "drawn_external_recognized": (6, {"right"}),
        "drawn_external_missed": (5, {"wrong"}),
        "drawn_external_false_alarm": (5, {"wrong"}),
    }
    for key, items in shown.items():
        assert all(item.overlay is not None for item in items)
        assert all(bool(item.boxes) == ("internal" in key) for item in items)


def test_a_tile_leads_to_its_image_and_back(open_page: Opened, results: Path, galleries: Galleries) -> None:
    made_saliency.write(results)
    open_page(page="saliency", finding="Nodule/Mass", draw="7", outcome="missed")
    (first, *_) = galleries.items["drawn_external_missed"]
    for part in ("page=image", "from=saliency", "at=external", "finding=Nodule%2FMass", "draw=7", "of=chexpert_train"):
        assert part in first.href


def _images(galleries: Galleries, side: str) -> list[str]:
    shown = [items for key, items in galleries.items.items() if key.startswith(f"drawn_{side}_")]
    return [parse_qs(item.href)["img"][0] for items in shown for item in items]


def test_another_draw_shows_other_images(open_page: Opened, results: Path, galleries: Galleries) -> None:
    made_saliency.write(results)
    app = open_page(page="saliency", finding="Nodule/Mass")
    before = _images(galleries, "internal")
    app.button(key="draw_others").click().run()
    assert app.query_params["draw"] in ("1", ["1"])
    assert len(before) == 12
    assert set(_images(galleries, "internal")) != set(before)


@pytest.mark.parametrize("side", ["internal", "external"])
def test_the_page_of_an_image_walks_through_the_same_list(
    open_page: Opened, results: Path, galleries: Galleries, side: str
) -> None:
    path = made_saliency.write(results)
    open_page(page="saliency", finding="Nodule/Mass", draw="7")
    run = RunKey(name=path.parent.name, path=str(path), changed_ns=path.stat().st_mtime_ns)
    internal = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
    external = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")
    test = internal if side == "internal" else external
    assert _images(galleries, side) == [
        each.key[1] for each in sampled_images(run, test=test, finding="Nodule/Mass", seed=7)
    ]


def test_training_images_are_badged_and_have_no_rate(open_page: Opened, results: Path) -> None:
    made_saliency.write(results)
    app = open_page(page="saliency", model="full")
    assert ":gray-badge[○ training images]" in "".join(str(text.value) for text in app.markdown)
    assert ":blue-badge" not in "".join(str(text.value) for text in app.markdown)
    said = written(app)
    assert "it was trained on all internal images" in said
    assert "Hit rates are not estimable" in said
    assert _figure(app) == ""


def test_few_images_are_never_a_number(open_page: Opened, results: Path) -> None:
    path = made_saliency.write(results)
    change(
        path,
        """
        DELETE FROM prediction WHERE role = 'internal_test' AND image_id NOT IN (
            SELECT DISTINCT image_id FROM box WHERE finding = 'Nodule/Mass there' ORDER BY 1 LIMIT 12
        )
        """,
    )
    app = open_page(page="saliency", finding="Nodule/Mass")
    n = _rate(path, "Nodule/Mass")[1]
    assert f"Nodule/Mass: the internal hit rate is not estimable: {n} images with a box." in written(app)
    assert f"not estimable: {n} images" in _figure(app)
    assert _marks(app) == []


def test_without_boxes_it_says_what_is_missing(open_page: Opened, results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM box")
    app = open_page(page="saliency")
    assert "neither site has any" in written(app)
    assert _figure(app) == ""


def test_without_saliency_it_says_so(open_page: Opened, results: Path) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM saliency")
    assert "This run holds no saliency of this model" in written(open_page(page="saliency"))


def test_without_an_external_site_only_the_internal_one_is_drawn(
    open_page: Opened, results: Path, galleries: Galleries
) -> None:
    made_saliency.write(results, replace(RUN, sites=(INTERNAL,)))
    app = open_page(page="saliency")
    assert "There is no external test." in written(app)
    assert all("external" not in key for key in galleries.items)


def test_it_opens_on_the_class_furthest_below_its_usual_place_and_says_so(open_page: Opened, results: Path) -> None:
    path = made_saliency.write(results)
    # Between the cells of the maps: no peak lies in such a box, and the usual place in all of them.
    change(path, "UPDATE box SET x0 = 0.31, y0 = 0.31, x1 = 0.32, y1 = 0.32 WHERE finding = 'Lung Opacity there'")
    said = written(open_page(page="saliency"))
    assert "Lung Opacity, the worst of five classes: internal hit rate 0.0 %" in said
    assert "100.0 points below" in said
    assert "Nodule/Mass: internal hit rate" in written(open_page(page="saliency", finding="Nodule/Mass"))


def test_where_no_rate_is_estimable_it_opens_on_the_class_with_the_most_images(
    open_page: Opened, results: Path
) -> None:
    path = made_saliency.write(results)
    change(path, "DELETE FROM box")
    change(path, "UPDATE mean_map SET n = 90 WHERE finding = 'Lung Opacity'")
    assert "Lung Opacity: the internal site has no boxes" in written(open_page(page="saliency"))


def test_other_methods_are_offered_where_the_run_has_them(open_page: Opened, results: Path) -> None:
    made_saliency.write(results, methods=("cam", "layercam"))
    cam = open_page(page="saliency")
    assert "choose_method" in [group.key for group in cam.get("button_group")]
    assert _figure(open_page(page="saliency", method="layercam")) != _figure(cam)


def test_one_method_is_no_choice(open_page: Opened, results: Path) -> None:
    made_saliency.write(results)
    app = open_page(page="saliency")
    assert "choose_method" not in [group.key for group in app.get("button_group")]
    assert len(_marks(app)) == 5
    assert "the saliency method “layercam”" in written(open_page(page="saliency", method="layercam"))
