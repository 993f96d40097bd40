"""The list of runs in a real browser: reached by the keyboard, remembered by this browser and by no other."""

from playwright.sync_api import Browser

from tests.support.browser import Watched, watch

FOCUSED = """
() => {
  let focused = document.activeElement
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused?.dataset.id ?? focused?.tagName
}
"""


def tab_to(watched: Watched, name: str) -> None:
    """Presses the tab key until what is called so has the focus."""
    for _ in range(30):
        watched.page.keyboard.press("Tab")
        if watched.page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"The tab key never reaches {name}.")


def title(watched: Watched) -> str:
    watched.settle()
    return watched.page.locator("h1").inner_text()


def test_a_run_is_opened_from_the_list_and_remembered_by_this_browser_alone(
    watched: Watched, address: str, browser: Browser
) -> None:
    watched.page.goto(f"{address}/?page=confusion")
    assert title(watched) == "Which run?"
    assert watched.page.locator(".st-key-run_list tbody tr").count() == 2
    tab_to(watched, "older")
    watched.page.keyboard.press("Enter")
    assert watched.until(lambda: "external_policy=" in watched.page.url)
    assert "page=confusion" in watched.page.url
    assert title(watched) == "What is taken for what?"
    assert watched.until(lambda: watched.page.evaluate(FOCUSED) == "H1")

    tab_to(watched, "labels")
    watched.page.keyboard.press("Enter")
    assert watched.until(lambda: "page=labels" in watched.page.url)
    watched.settle()
    watched.page.wait_for_timeout(300)
    assert watched.page.evaluate(FOCUSED) == "labels"

    watched.open(f"{address}/?page=training")
    assert "run=older" in watched.page.url
    watched.open(f"{address}/?run=paper-0001")
    assert "run=paper-0001" in watched.page.url
    watched.page.get_by_role("button", name="All runs").click()
    assert watched.until(lambda: "page=runs" in watched.page.url)
    assert title(watched) == "Which run?"

    colleague = watch(browser.new_context().new_page())
    colleague.page.goto(address)
    assert title(colleague) == "Which run?"
    colleague.page.context.close()
