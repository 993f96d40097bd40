"""docs/performance.md is what the results say; missed goals are marked."""

from benchmarks.__main__ import read_circumstances, read_results
from benchmarks.report import BEGIN, END, PAGE, page
from benchmarks.timing import Result

TEXT = f"before\n{BEGIN}\nold\n{END}\nafter\n"


def test_the_page_is_that_of_the_results() -> None:
    text = PAGE.read_text(encoding="utf-8")
    written = page(text, results=read_results(), circumstances=read_circumstances())
    assert written == text, "write it again: python -m benchmarks.report"


def test_what_stands_outside_is_left_and_a_missed_goal_is_marked() -> None:
    row = Result(name="train", ours=30.0, theirs=25.0, what_theirs_is="a loop", unit="images/s", ratio=1.2, rounds=5)
    about = {"train": {"machine": "two cores", "limit": 60.0, "limit_is": "the peak", "said": ""}}
    written = page(TEXT, results=[row], circumstances=about)
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "old" not in written
    assert "| **1.2** | 1.4, missed | 50% | a loop |" in written
    assert "- `train`: 1.2 instead of 1.4, 14% short." in written
    assert "- two cores: `train`" in written
    assert "Not measured yet: " in written
    assert "`predict`" in written.partition("Not measured yet: ")[2]


def test_why_a_row_is_absent_is_said() -> None:
    written = page(TEXT, results=[], circumstances={"train_bf16": {"said": "This processor has no bf16 instructions."}})
    assert "- `train_bf16`: This processor has no bf16 instructions." in written
