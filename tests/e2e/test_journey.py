"""From the answer to the images behind it and back, on a run that really ran: what a doubting reader does."""

from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator

from cxr_core.findings import FINDINGS
from tests.support.browser import Watched, watch
from tests.support.real_run import RealRun

Seen = tuple[str, str]


@pytest.fixture(scope="module")
def answers(real: RealRun) -> pd.DataFrame:
    return real.answers()


@pytest.fixture
def at_confusion(watched: Watched, real: RealRun) -> Watched:
    watched.open(f"{real.address}/?run=tiny&page=confusion")
    assert watched.until(lambda: cells(watched).count() > 30)
    return watched


def cells(watched: Watched) -> Locator:
    return watched.page.locator(".st-key-matrix button")


def cell(watched: Watched, side: str, true: int, predicted: int) -> Locator:
    return watched.page.locator(f".st-key-matrix button[data-id='{side}-{true}-{predicted}']")


def tiles(watched: Watched, key: str = "cell_images") -> list[str]:
    """The ids of the images that are shown, in order."""
    links = watched.page.locator(f".st-key-{key} a.tile").evaluate_all("links => links.map(link => link.href)")
    return [parse_qs(urlsplit(link).query)["img"][0] for link in links]


def place(watched: Watched) -> dict[str, str]:
    return {key: value for key, (value,) in parse_qs(urlsplit(watched.page.url).query).items()}


def seen(watched: Watched) -> Seen:
    """What a reader sees: the address, and all text of the page."""
    watched.settle()
    return watched.page.url, watched.page.get_by_test_id("stMain").inner_text()


def press(watched: Watched, key: str) -> None:
    """Presses a key of the Image page; the address changes before the buttons that hear the key are there."""
    watched.page.locator(".st-key-next button").wait_for()
    watched.settle()
    watched.page.keyboard.press(key)


def in_cell(answers: pd.DataFrame, role: str, true: int, predicted: int) -> list[str]:
    """Ids of a cell's images, the most confident first."""
    rows = answers[(answers["role"] == role) & (answers["class"] == true) & (answers["predicted"] == predicted)]
    return list(rows.sort_values(["confidence", "image_id"], ascending=[False, True])["image_id"])


def mistakes(answers: pd.DataFrame, role: str) -> list[tuple[int, int]]:
    """Cells off the diagonal, the one with the most images first."""
    wrong = answers[(answers["role"] == role) & (answers["class"] != answers["predicted"])]
    counts = wrong.groupby(["class", "predicted"]).size().sort_values(ascending=False, kind="stable")
    return [(int(true), int(predicted)) for true, predicted in counts.index]


@pytest.mark.parametrize(("side", "role"), [("external", "external_test"), ("internal", "internal_test")])
def test_a_cell_leads_to_exactly_its_images(at_confusion: Watched, answers: pd.DataFrame, side: str, role: str) -> None:
    for true, predicted in (mistakes(answers, role)[-1], (0, 0), mistakes(answers, role)[0]):
        expected = in_cell(answers, role, true, predicted)
        cell(at_confusion, side, true, predicted).click()
        assert at_confusion.until(lambda expected=expected: tiles(at_confusion) == expected[:10])
        at = place(at_confusion)
        assert (at["true"], at["as"], at.get("at", "external")) == (FINDINGS[true], FINDINGS[predicted], side)


def test_every_cell_holds_its_number_of_images(at_confusion: Watched, answers: pd.DataFrame) -> None:
    at_confusion.choose("show", "counts")
    for side, role in (("internal", "internal_test"), ("external", "external_test")):
        own = answers[answers["role"] == role]
        expected = pd.crosstab(own["class"], own["predicted"]).reindex(index=range(6), columns=range(6), fill_value=0)
        for true in range(6):
            for predicted in range(6):
                if expected.loc[true].sum():
                    text = cell(at_confusion, side, true, predicted).inner_text()
                    assert int(text.replace(",", "")) == expected.loc[true, predicted]


def test_four_backs_undo_four_steps_exactly(watched: Watched, real: RealRun, answers: pd.DataFrame) -> None:
    watched.open(f"{real.address}/?run=tiny&page=overview")
    true, predicted = next(
        pair for pair in mistakes(answers, "external_test")[1:] if len(in_cell(answers, "external_test", *pair)) > 1
    )
    images = in_cell(answers, "external_test", true, predicted)
    steps = [seen(watched)]
    watched.page.get_by_role("link", name="Confusion", exact=True).click()
    assert watched.until(lambda: cells(watched).count() > 30)
    steps.append(seen(watched))
    cell(watched, "external", true, predicted).click()
    assert watched.until(lambda: tiles(watched) == images[:10])
    steps.append(seen(watched))
    watched.page.locator(".st-key-cell_images a.tile").first.click()
    assert watched.until(lambda: place(watched).get("img") == images[0])
    steps.append(seen(watched))
    press(watched, "ArrowRight")
    assert watched.until(lambda: place(watched).get("img") == images[1])
    steps.append(seen(watched))

    for expected in reversed(steps[:-1]):
        watched.page.go_back()
        assert watched.until(lambda expected=expected: seen(watched) == expected)
    for expected in steps[1:]:
        watched.page.go_forward()
        assert watched.until(lambda expected=expected: seen(watched) == expected)


def test_next_and_previous_walk_through_the_cell(at_confusion: Watched, answers: pd.DataFrame) -> None:
    true, predicted = mistakes(answers, "external_test")[0]
    images = in_cell(answers, "external_test", true, predicted)
    cell(at_confusion, "external", true, predicted).click()
    assert at_confusion.until(lambda: tiles(at_confusion) == images[:10])
    at_confusion.page.locator(".st-key-cell_images a.tile").first.click()
    assert at_confusion.until(lambda: place(at_confusion).get("img") == images[0])
    walked = [images[0]]
    for image in images[1:4]:
        press(at_confusion, "ArrowRight")
        assert at_confusion.until(lambda image=image: place(at_confusion).get("img") == image)
        walked.append(place(at_confusion)["img"])
    assert walked == images[:4]
    press(at_confusion, "ArrowLeft")
    assert at_confusion.until(lambda: place(at_confusion).get("img") == walked[-2])


FOCUSED = """
() => {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused?.dataset.id ?? focused?.href ?? ""
}
"""


def tab_to(watched: Watched, what: str) -> None:
    """Presses the tab key until a cell, or a link with these words in its address, has the focus."""
    for _ in range(60):
        watched.page.keyboard.press("Tab")
        if what in watched.page.evaluate(FOCUSED):
            return
    raise AssertionError(f"The tab key never reaches {what}.")


def test_from_the_keyboard_alone(at_confusion: Watched, answers: pd.DataFrame) -> None:
    keyboard = at_confusion.page.keyboard
    cells_with_two = [
        pair for pair in mistakes(answers, "external_test") if len(in_cell(answers, "external_test", *pair)) > 1
    ]
    pressed = at_confusion.page.locator(".st-key-matrix button[aria-pressed=true]")
    side, row, column = str(pressed.get_attribute("data-id")).split("-")
    true, predicted = next(pair for pair in cells_with_two if side == "external" and pair != (int(row), int(column)))
    images = in_cell(answers, "external_test", true, predicted)

    tab_to(at_confusion, f"{side}-{row}-{column}")
    for key, steps in (
        ("Down", true - int(row)),
        ("Up", int(row) - true),
        ("Right", predicted - int(column)),
        ("Left", int(column) - predicted),
    ):
        for _ in range(steps):
            keyboard.press(f"Arrow{key}")
    assert at_confusion.page.evaluate(FOCUSED) == f"external-{true}-{predicted}"
    keyboard.press("Enter")
    assert at_confusion.until(lambda: tiles(at_confusion) == images[:10])
    at_confusion.settle()

    tab_to(at_confusion, "img=")
    keyboard.press("Enter")
    assert at_confusion.until(lambda: place(at_confusion).get("img") == images[0])
    assert at_confusion.until(lambda: at_confusion.page.evaluate("document.activeElement.tagName") == "H1")
    for key, image in (("ArrowRight", images[1]), ("ArrowLeft", images[0])):
        at_confusion.settle()
        keyboard.press(key)
        assert at_confusion.until(lambda image=image: place(at_confusion).get("img") == image)
    at_confusion.settle()
    at_confusion.page.go_back()
    at_confusion.page.go_back()
    at_confusion.page.go_back()
    assert at_confusion.until(
        lambda: parse_qs(urlsplit(at_confusion.page.evaluate(FOCUSED)).query).get("img") == images[:1]
    )


def test_another_theme_reaches_the_cells(at_confusion: Watched) -> None:
    def colour() -> str:
        return str(cells(at_confusion).first.evaluate("cell => getComputedStyle(cell).backgroundColor"))

    light = colour()
    at_confusion.page.get_by_test_id("stMainMenuButton").click()
    at_confusion.page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    assert at_confusion.until(lambda: colour() != light)


def test_a_pasted_link_shows_a_colleague_the_same(
    watched: Watched, real: RealRun, browser: Browser, answers: pd.DataFrame
) -> None:
    true, predicted = mistakes(answers, "external_test")[0]
    cell_of = f"true={FINDINGS[true]}&as={FINDINGS[predicted]}".replace(" ", "+")
    image = in_cell(answers, "external_test", true, predicted)[0]
    addresses = (
        f"page=confusion&{cell_of}",
        f"page=image&of=chexpert_train&img={image}&from=confusion&{cell_of}",
        "page=cases&at=internal&got=wrong",
    )
    for address in addresses:
        watched.open(f"{real.address}/?run=tiny&{address}&internal_policy=any_reader&external_policy=u_ones")
        mine = seen(watched)
        colleague = watch(browser.new_context(viewport={"width": 1280, "height": 800}).new_page())
        colleague.open(mine[0])
        assert colleague.until(lambda colleague=colleague, mine=mine: seen(colleague) == mine)
        assert colleague.complaints == []
        colleague.page.context.close()
