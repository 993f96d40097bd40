"""Help is read while one looks at a picture: at most sixty words a page, or a part of a page."""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "dashboard").rglob("*.py")
    if "_HOW_TO_READ = " in path.read_text("utf-8")
)
MOST_WORDS = 60


def test_the_help_of_every_page_is_found() -> None:
    assert len(MODULES) == 12


@pytest.mark.parametrize("module", MODULES)
def test_help_is_at_most_sixty_words(module: str) -> None:
    found: str | Mapping[str, str] = importlib.import_module(module)._HOW_TO_READ
    shown = {"page": found} if isinstance(found, str) else found
    filled = {"over": "over patients", "as_counted": ", as patients count"}
    shown = {part: text.format(**filled) for part, text in shown.items()}
    counts = {part: len(re.findall(r"\w[\w'-]*", text)) for part, text in shown.items()}
    assert {part: n for part, n in counts.items() if not 0 < n <= MOST_WORDS} == {}
