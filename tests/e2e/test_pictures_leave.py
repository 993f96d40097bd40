"""Pictures leave the page: each is taken from its menu in a real browser, opened again, and its words are found."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator
from pypdf import PdfReader

from dashboard.exports.svg import checked
from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.browser import Watched
from tests.support.real_run import RealRun
from tests.support.serving import DASHBOARD, served

SMALL = Size(
    name="small",
    internal=400,
    external=600,
    internal_left_out=20,
    external_left_out=40,
    members=2,
    shown=200,
    features=8,
    epochs=3,
)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on a run of synthetic sites with all numbers, without images."""
    folder = tmp_path_factory.mktemp("synthetic")
    write_run(folder, size=SMALL)
    with served(DASHBOARD, results=folder) as server:
        yield server.address


def menu(watched: Watched, key: str) -> Locator:
    return watched.page.locator(f".st-key-menu_{key}").get_by_role("button", name="Download this figure")


def take(watched: Watched, key: str, way: str) -> tuple[str, bytes]:
    """The name and the content of a file that a menu gives."""
    menu(watched, key).click()
    with watched.page.expect_download() as coming:
        watched.page.locator(f".st-key-menu_{key}").get_by_role("menuitem", name=way).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def words_of_svg(content: bytes) -> str:
    text = content.decode("utf-8")
    checked(text)
    drawing = ET.fromstring(text)  # noqa: S314 (checked)
    return words("".join("".join(one.itertext()) for one in drawing.iter("{http://www.w3.org/2000/svg}text")))


def words_of_pdf(content: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(content)).pages
    return words(page.extract_text())


def test_a_chart_leaves_as_svg_and_pdf_and_is_zoomed_without_a_step_in_the_address(
    watched: Watched, synthetic: str
) -> None:
    watched.page.emulate_media(color_scheme="dark")
    loaded: list[str] = []
    watched.page.on("response", lambda answer: "/static/" not in answer.url and loaded.append(answer.url))
    watched.open(f"{synthetic}/?page=performance&part=curves&finding=Cardiomegaly")
    address = watched.page.url
    assert not [url for url in loaded if "/media/" in url]

    taken = {way: take(watched, "curves", way) for way in ("SVG", "PDF")}
    assert [name for name, _ in taken.values()] == [
        f"small_performance_curves_Cardiomegaly.{ending}" for ending in ("svg", "pdf")
    ]
    for found in (words_of_svg(taken["SVG"][1]), words_of_pdf(taken["PDF"][1])):
        for part in (
            "ROC and precision-recall of Cardiomegaly",
            "run small \u00b7 split, ensemble \u00b7 \u25cf internal test: VinBigData (synthetic)",
            "\u25c6 external test: CheXpert train (synthetic)",
            "100 %",
        ):
            assert words(part) in found
        axes = watched.page.locator(".stPlotlyChart :is(.xtitle, .x2title)").all_text_contents()
        assert len(axes) == 2
        assert all(words(axis) in found for axis in axes)
    svg = taken["SVG"][1].decode("utf-8")
    assert 'fill="#ffffff"' in svg[:2000]
    assert "rgb(237, 235, 232)" not in svg  # the letters of the dark page
    assert len([url for url in loaded if "/media/" in url]) == 4  # Plotly and three fonts, once

    button = menu(watched, "curves")
    button.press("Enter")
    watched.page.keyboard.press("Escape")
    assert button.evaluate("button => button.getRootNode().activeElement === button")
    button.press("Enter")
    watched.page.keyboard.press("ArrowUp")
    watched.page.keyboard.press("Enter")
    dialog = watched.page.locator("dialog")
    ends = "() => document.querySelector('dialog .js-plotly-plot')._fullLayout.xaxis.range.map(Number)"
    assert watched.until(lambda: dialog.locator(".main-svg").count() > 0)
    whole = watched.page.evaluate(ends)
    box = dialog.locator(".nsewdrag").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    watched.page.mouse.move(x, y)
    watched.page.mouse.down()
    watched.page.mouse.move(x + box["width"] / 3, y + box["height"] / 3, steps=4)
    watched.page.mouse.up()
    assert watched.until(lambda: watched.page.evaluate(ends) != whole)
    watched.page.wait_for_timeout(400)  # else the next press would be the third of one click
    watched.page.mouse.dblclick(x, y)
    assert watched.until(lambda: watched.page.evaluate(ends) == whole)
    watched.page.keyboard.press("Escape")
    assert watched.until(lambda: dialog.count() == 0)
    assert button.evaluate("button => button.getRootNode().activeElement === button")
    assert watched.page.url == address


def test_a_matrix_leaves_with_its_numbers(watched: Watched, synthetic: str) -> None:
    watched.open(f"{synthetic}/?page=confusion")
    cells = [words(text) for text in watched.page.locator(".st-key-matrix button[data-id]").all_inner_texts()]
    assert len(cells) == 72
    for way, read in (("SVG", words_of_svg), ("PDF", words_of_pdf)):
        name, content = take(watched, "matrix", way)
        assert name == f"small_confusion_share.{way.lower()}"
        found = read(content)
        assert all(cell in found for cell in cells)
        assert words("CheXpert train (synthetic), uncertain left out, n = ") in found


def test_a_picture_of_pixels_leaves_on_white_with_what_lies_over_it(watched: Watched, real: RealRun) -> None:
    watched.open(f"{real.address}/?page=image")
    _, content = take(watched, "viewer", "PNG")
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert picture.width > 1500
    corners = [(x, y) for x in (0, picture.width - 1) for y in (0, picture.height - 1)]
    assert {picture.getpixel(corner) for corner in corners} == {(255, 255, 255)}
    colour = np.ptp(np.asarray(picture, np.int16)[: picture.width // 2], axis=2)
    plain, over = np.hsplit(colour[:, : 2 * (picture.width // 2)], 2)
    assert plain.max() < 10
    assert (over > 40).sum() > 1000  # saliency has colours

    name, content = take(watched, "viewer", "PDF")
    read = PdfReader(io.BytesIO(content))
    assert name.startswith("tiny_image_")
    assert words("run tiny \u00b7 split, ensemble") in words(str(read.metadata.title))
    assert read.pages[0].images[0].image.size == picture.size
