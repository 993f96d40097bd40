"""The examples of docs/bring.md go through the reader as they stand there."""

import re
from pathlib import Path

import pytest

from cxr_core.brought import NamedFile, read

PAGE = Path(__file__).parents[3] / "docs" / "bring.md"
EXAMPLES = re.findall(r"^```csv\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_each_format_has_an_example() -> None:
    assert len(EXAMPLES) == 7


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.split(",")[0].replace(" ", "_") for text in EXAMPLES])
def test_an_example_of_four_lines_is_read(text: str, tmp_path: Path) -> None:
    path = tmp_path / "predictions.csv"
    path.write_text(text, encoding="utf-8")
    header, *rows = text.splitlines()
    assert len(rows) == 3
    brought = read([NamedFile(None, path)], findings=None, logits=False)
    (model,) = brought.models
    assert len(model.ids) == len({row.split(",")["Patient ID" in header] for row in rows})
    assert model.probability is not None or model.flagged is not None
    assert len(brought.findings) == 3 if "inding" not in header and "Result" not in header else brought.findings
