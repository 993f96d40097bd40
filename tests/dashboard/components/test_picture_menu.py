import base64
from pathlib import Path

import pytest

from dashboard.components import picture_menu
from dashboard.components.picture_menu import Chart, Drawing, Sheet, _answer
from dashboard.text.provenance import Provenance

DASHBOARD = Path(picture_menu.__file__).parents[2]
DRAWN = ("image_grid.show(", "viewer(", "original(", "matrix(", "gallery(", ".plotly_chart(")
"""What draws pictures; on a page each stands within a menu."""

SOURCE = Provenance(run="demo", name="one", title="one bar", parts=lambda: ["n = 3"])


def test_every_picture_of_a_page_has_a_menu() -> None:
    pages = [path for path in DASHBOARD.rglob("*.py") if "page" in path.relative_to(DASHBOARD).as_posix()]
    texts = {path: path.read_text(encoding="utf-8") for path in (*pages, DASHBOARD / "figures" / "template.py")}
    drawing = {path: text for path, text in texts.items() if any(f" {call}" in f" {text}" for call in DRAWN)}
    assert len(drawing) >= 9
    assert [path for path, text in drawing.items() if "with_menu(" not in text] == []


@pytest.mark.parametrize("picture", [Drawing(svg=lambda: "<svg/>"), Sheet(sheet=lambda: {"drawn": "viewer"})])
def test_an_answer_bears_the_number_of_its_question_and_says_what_the_picture_is_of(
    picture: Drawing | Sheet,
) -> None:
    answer = _answer({"turn": 7, "what": "picture"}, picture, source=SOURCE)
    assert answer is not None
    assert {
        "turn": 7,
        "name": "demo_one",
        "title": "One bar",
        "caption": "run demo \u00b7 n = 3",
    }.items() <= answer.items()


def test_a_drawing_that_leads_out_of_itself_is_a_problem_that_is_said() -> None:
    hostile = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'
    answer = _answer({"turn": 1, "what": "pdf", "svg": hostile}, Drawing(svg=str), source=SOURCE)
    assert answer is not None
    assert answer["problem"]
    assert "pdf" not in answer


@pytest.mark.parametrize("sent", [{"png": "%%"}, {"png": base64.b64encode(b"GIF89a").decode()}, {}, {"svg": "x"}])
def test_what_is_no_picture_is_a_problem_too(sent: dict[str, str]) -> None:
    answer = _answer({"turn": 1, "what": "pdf", **sent}, Drawing(svg=str), source=SOURCE)
    assert answer is not None
    assert answer["problem"]


def test_a_closed_menu_asks_for_nothing() -> None:
    def fails() -> str:
        raise AssertionError

    assert _answer(None, Chart(printed=fails, enlarged=fails), source=SOURCE) is None
