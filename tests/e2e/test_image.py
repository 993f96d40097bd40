"""The pictures of the Image page in a browser: zoom and pan together, saliency on any ground, level and window."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator

from cxr_core import localization
from tests.support.browser import Watched, watch
from tests.support.real_run import RealRun


@pytest.fixture(scope="module")
def shown(real: RealRun) -> pd.Series:
    """An image with saliency, and its maps."""
    query = """
        SELECT saliency.*, predicted FROM saliency JOIN prediction USING (model_id, dataset, image_id)
        WHERE model_id = 'split' AND method = 'cam' AND role = 'external_test' AND scale[predicted + 1] > 0
        ORDER BY image_id LIMIT 1
    """
    return real.frame_of(real.results / "tiny" / "results.duckdb", query).iloc[0]


@pytest.fixture(scope="module")
def at_image(browser: Browser, real: RealRun, shown: pd.Series) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = watch(context.new_page())
    watched.open(f"{real.address}/?page=image&of={shown['dataset']}&img={shown['image_id']}&part=original")
    watched.page.locator(".original canvas").wait_for()
    yield watched
    assert watched.complaints == []
    context.close()


def _seen(ground: Locator) -> tuple[float, float, float]:
    """How large a picture is and where its corner lies, in sides of its ground."""
    inner, outer = ground.locator(".picture").bounding_box(), ground.bounding_box()
    assert inner is not None
    assert outer is not None
    left, top = (inner[axis] - outer[axis] for axis in ("x", "y"))
    return inner["width"] / outer["width"], left / outer["width"], top / outer["width"]


def test_both_pictures_zoom_and_pan_together_and_the_page_scrolls_as_ever(at_image: Watched) -> None:
    page = at_image.page
    address = page.url
    grounds = page.locator(".viewer .ground").all()
    box = grounds[1].bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    page.mouse.wheel(0, 40)
    assert at_image.until(lambda: page.get_by_test_id("stMain").evaluate("main => main.scrollTop") > 0)
    page.mouse.wheel(0, -400)
    assert at_image.until(lambda: page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0)
    whole = _seen(grounds[0])

    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    assert at_image.until(lambda: _seen(grounds[0])[0] > 1.2 * whole[0])
    assert _seen(grounds[0]) == pytest.approx(_seen(grounds[1]), abs=0.01)
    before = _seen(grounds[1])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3 + 20, box["y"] + box["height"] / 3 + 10)
    page.mouse.up()
    assert _seen(grounds[1])[1:] > before[1:]
    assert _seen(grounds[0]) == pytest.approx(_seen(grounds[1]), abs=0.01)

    page.keyboard.press("ArrowLeft")
    assert page.url == address
    page.keyboard.press("0")
    assert _seen(grounds[0]) == pytest.approx(whole, abs=0.01)


def test_the_cross_lies_on_the_stored_peak_within_the_lines_of_the_map(at_image: Watched, shown: pd.Series) -> None:
    page = at_image.page
    maps = np.frombuffer(bytes(shown["maps"]), np.uint8).reshape(-1, int(shown["height"]), int(shown["width"]))
    x, y = localization.peaks(maps)[int(shown["predicted"])]
    style = page.locator(".viewer .over .peak").get_attribute("style")
    assert [float(at) for at in re.findall(r"([\d.]+)%", style or "")] == pytest.approx([100 * x, 100 * y], abs=0.01)
    lines = page.locator(".viewer .over .lines path:not(.casing)")
    assert lines.evaluate_all("lines => lines.map(line => line.dataset.share)") == ["0.5", "0.8"]
    assert lines.evaluate_all("lines => lines.every(line => line.getTotalLength() > 0)")


def test_dragging_over_the_original_changes_window_and_level_in_its_own_values(at_image: Watched) -> None:
    page = at_image.page
    level, window = page.locator(".original output").all()
    told = int(level.inner_text().replace(",", "")), int(window.inner_text().replace(",", ""))
    page.locator(".original .ground").scroll_into_view_if_needed()
    box = page.locator(".original .ground").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 130)
    page.mouse.up()
    assert int(window.inner_text().replace(",", "")) < told[1]
    assert int(level.inner_text().replace(",", "")) > told[0]
