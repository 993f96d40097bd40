"""Internal and external: what was once called home and abroad is called so in one sentence of the Overview alone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("dashboard", "cxr_core", "tests", "docs", "benchmarks")
SUFFIXES = {".py", ".js", ".css", ".sql", ".md"}
OF_THEIR_TIME = ("docs/adr/",)

RETIRED = re.compile(r"abroad|\bat[ _]home\b|\bhome (?:site|policy|test|hospital)\b", re.IGNORECASE)
THE_SENTENCE = re.compile(r"Right on \S.* at home( and \S.* abroad)?")

FILES = sorted(
    path
    for path in (ROOT / "README.md", *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")))
    if path.suffix in SUFFIXES
    and path != Path(__file__)
    and not path.relative_to(ROOT).as_posix().startswith(OF_THEIR_TIME)
)


def test_files_are_found() -> None:
    assert len(FILES) > 500


@pytest.mark.parametrize("folder", ["README.md", *FOLDERS])
def test_only_one_sentence_says_home_and_abroad(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == folder
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if RETIRED.search(THE_SENTENCE.sub("", line))
    ]
    assert found == []


def test_the_sentence_is_told_in_one_place() -> None:
    told = [path for path in FILES if "dashboard" in path.parts and THE_SENTENCE.search(path.read_text("utf-8"))]
    inside = [path.relative_to(ROOT).as_posix() for path in told if "tests" not in path.parts]
    assert inside == ["dashboard/overview/text/answer.py"]
