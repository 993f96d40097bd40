"""The Overview in a real browser."""

import csv
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser

from dashboard.palette import DARK, LIGHT, Palette
from tests.support.browser import Watched, watch
from tests.support.pages import numbers

AT_FIRST = ["63.3", "25.3", "38.0", "34.2", "41.8", "32.0"]
"""Both accuracies, the gap with its interval, and the best constant answer."""

FIRST = "/?run=paper-0001"


def _comparison(url: str) -> dict[str, str]:
    return {key: value for key, (value,) in parse_qs(urlsplit(url).query).items()}


def test_the_answer_and_the_picture_are_seen_without_scrolling(watched: Watched, address: str) -> None:
    watched.open(address + FIRST)
    assert numbers(watched.answer()) == AT_FIRST
    box = watched.page.locator(".stPlotlyChart").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    assert watched.until(lambda: watched.page.locator(".stPlotlyChart .point").count() == 8)


def test_the_address_is_completed_without_a_step_in_the_history(watched: Watched, address: str) -> None:
    watched.open(address + FIRST)
    assert _comparison(watched.page.url) == {
        "page": "overview",
        "run": "paper-0001",
        "model": "split",
        "internal": "vinbigdata",
        "internal_policy": "dominant",
        "external": "chexpert_train",
        "external_policy": "u_ignore",
    }
    assert watched.page.evaluate("history.length") == 2  # about:blank, and the page


def test_back_undoes_one_pick_at_a_time(watched: Watched, address: str) -> None:
    watched.open(address + FIRST)
    first = (watched.answer(), watched.page.url)
    watched.pick("internal_policy", "VinBigData: any reader")
    assert watched.until(lambda: watched.answer() != first[0])
    second = (watched.answer(), watched.page.url)
    watched.pick("external_policy", "CheXpert train: uncertain is positive")
    assert watched.until(lambda: len({first[0], second[0], watched.answer()}) == 3)

    for expected in (second, first):
        watched.page.go_back()
        assert watched.until(lambda expected=expected: (watched.answer(), watched.page.url) == expected)
    watched.page.go_forward()
    assert watched.until(lambda: (watched.answer(), watched.page.url) == second)


def test_a_link_shows_a_colleague_the_same_picture(watched: Watched, address: str, browser: Browser) -> None:
    watched.open(address + FIRST)
    watched.pick("run", "older, 3 Nov 2026, n = 641 + 29,852")
    watched.pick("model", "Model: full, ensemble")
    watched.pick("external_policy", "CheXpert train: uncertain is negative")
    colleague = watch(browser.new_context().new_page())
    colleague.open(watched.page.url)
    assert colleague.answer() == watched.answer()
    assert _comparison(colleague.page.url) == _comparison(watched.page.url)
    assert _comparison(colleague.page.url)["run"] == "older"
    assert colleague.picker("external_policy").input_value() == "CheXpert train: uncertain is negative"
    assert colleague.complaints == []
    colleague.page.context.close()


def test_the_page_link_is_a_real_link_that_keeps_the_comparison(watched: Watched, address: str) -> None:
    watched.open(address + FIRST + "&internal_policy=any_reader")
    link = watched.page.get_by_role("link", name="Overview")
    assert link.get_attribute("aria-current") == "page"
    assert _comparison(address + "/" + str(link.get_attribute("href"))) == _comparison(watched.page.url)


def test_another_theme_redraws_the_chart_in_its_colours(watched: Watched, address: str) -> None:
    watched.open(address + FIRST)
    assert watched.until(lambda: _marker_colours(watched) == _fills(LIGHT))
    watched.page.get_by_test_id("stMainMenuButton").click()
    watched.page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    assert watched.until(lambda: _marker_colours(watched) == _fills(DARK))


def test_the_table_can_be_downloaded(watched: Watched, address: str) -> None:
    watched.open(address + FIRST)
    watched.page.get_by_role("button", name="Download these numbers").click()
    with watched.page.expect_download() as coming:
        watched.page.get_by_role("button", name="CSV", exact=True).click()
    assert coming.value.suggested_filename == "paper-0001_overview_configurations.csv"
    rows = list(csv.DictReader(Path(coming.value.path()).read_text(encoding="utf-8").splitlines()))
    assert [row["role"] for row in rows[:3]] == ["train", "internal_test", "external_test"]
    assert float(rows[1]["value"]) == 0.6334
    assert [(row["dataset"], row["policy"]) for row in rows[1:3]] == [
        ("vinbigdata", "dominant"), ("chexpert_train", "u_ignore"),
    ]  # fmt: skip


def test_a_narrow_screen_scrolls_the_table_and_not_the_page(watched: Watched, address: str) -> None:
    watched.page.set_viewport_size({"width": 400, "height": 900})
    watched.open(address + FIRST)
    for part in ("stApp", "stMain"):
        assert watched.page.get_by_test_id(part).evaluate("part => part.scrollWidth") <= 400
    table = watched.page.locator("[data-testid=stTableStyledTable]").first
    assert table.evaluate("table => table.scrollWidth") > 400


def _fills(palette: Palette) -> set[str]:
    return {colour.lower() for colour in (palette.internal, palette.external, palette.ground)}


def _marker_colours(watched: Watched) -> set[str]:
    fills = watched.page.locator(".stPlotlyChart path.point").evaluate_all(
        "marks => marks.map(mark => getComputedStyle(mark).fill)"
    )
    return {_hexadecimal(fill) for fill in fills if fill}  # a mark that is just being replaced has no colour


def _hexadecimal(colour: str) -> str:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return f"#{red:02x}{green:02x}{blue:02x}"
