"""Tables as files: what is undefined or hostile in CSV, and what of it a paper can take."""

import csv
import io
import re

import pytest

from dashboard.results.downloads import BEGINNING, GAP_BEGINNING, NUMBER, Download, Row
from dashboard.text.table_files import files, to_csv

HOSTILE = r"=1+1 | 50 % of A&B_{2} #3 ~x^2 $y$ \input{z} <b>[a](http://x)"


def _table(rows: list[Row], gaps: list[Row] | None = None, **more: str) -> Download:
    return Download(
        run="run 1", name="page_table", holds="What it holds", rows=lambda: rows,
        gaps=None if gaps is None else lambda: gaps, **more,
    )  # fmt: skip


def _beginning(**other: str | None) -> Row:
    known: Row = dict(zip(BEGINNING, ("run 1", True, "split", "vinbigdata", "internal_test", "dominant"), strict=True))
    return {**known, **other}


def _number(
    value: float, low: float, high: float, *, metric: str = "recall", finding: str = "Edema", **more: str
) -> Row:
    numbers = ("single_class", "all", finding, metric, None, value, low, high, 341, 56, 50.0, False)
    return {**_beginning(**more), **dict(zip(NUMBER, numbers, strict=True))}


def _made(table: Download, label: str) -> str:
    (text,) = (file.data() for file in files(table) if file.label == label)
    return text


def test_undefined_is_blank_and_a_truth_is_a_word() -> None:
    rows: list[Row] = [
        {"class": "a, b", "recall": 0.5, "n": 3, "right": True},
        {"class": "c\r", "recall": float("nan"), "n": None, "right": False},
    ]
    assert list(csv.reader(io.StringIO(to_csv(rows)))) == [
        ["class", "recall", "n", "right"],
        ["a, b", "0.5", "3", "true"],
        ["c ", "", "", "false"],
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\n", "\uff1d"])
def test_no_text_is_a_formula_and_negative_numbers_stay_numbers(begins: str) -> None:
    text = to_csv([{"name": f"{begins}cmd", "value": -0.25, "n": -1}])
    (row,) = csv.DictReader(io.StringIO(text))
    assert row == {"name": f"'{begins}cmd", "value": "-0.25", "n": "-1"}


def test_a_table_without_rows_has_its_header() -> None:
    assert _made(_table([]), "CSV") == f"{','.join(BEGINNING)}\n"
    assert _made(_table([], gaps=[]), "CSV of the gaps") == f"{','.join((*GAP_BEGINNING, *NUMBER))}\n"
    for label in ("Markdown", "LaTeX"):
        assert "What it holds" in _made(_table([]), label)


def test_files_say_run_page_and_table() -> None:
    assert [file.name for file in files(_table([], gaps=[], of="A/b"))] == [
        "run-1_page_table_A-b.csv", "run-1_page_table_A-b_gaps.csv",
        "run-1_page_table_A-b.md", "run-1_page_table_A-b.tex",
    ]  # fmt: skip


def test_a_paper_has_rounded_numbers_test_beside_test_with_their_gap() -> None:
    external = {"dataset": "chexpert_train", "role": "external_test", "policy": "u_ignore"}
    rows = [_number(0.6154, 0.5001, 0.72), _number(0.0944, 0.0, 0.2, **external)]
    gap = {**_number(-0.0211, -0.1, 0.05), "n": None}
    text = _made(_table(rows, gaps=[gap]), "Markdown")
    caption, _, heading, rule, line, *_ = text.splitlines()
    for part in (
        "run run 1", "model split", "internal test: VinBigData (synthetic), most-marked class",
        "CheXpert train (synthetic)",
        "uncertain left out", "n\u00a0=\u00a0341", "n: images with the finding, of all.",
    ):  # fmt: skip
        assert part in caption
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [
        "recall", "61.5 [50.0, 72.0]", "56 of 341", "9.4 [0.0, 20.0]", "56 of 341", "\u22122.1 [\u221210.0, 5.0]",
    ]  # fmt: skip
    assert "Internal minus external" in heading
    assert len({len(each) for each in (heading, rule, line)}) == 1
    assert rule.count("-:") == 5


def test_a_ranking_is_a_decimal_and_what_is_not_estimable_no_number() -> None:
    rows = [_number(0.8391, 0.8012, 0.866, metric="auroc"), {**_number(0.5, 0.1, 0.9), "not_estimable": True}]
    text = _made(_table(rows), "Markdown")
    assert "0.839 [0.801, 0.866]" in text
    assert "not estimable" in text
    assert "50.0" not in text


def test_hostile_names_are_text_in_markdown() -> None:
    text = _made(_table([{**_beginning(), "name": HOSTILE, "n": 1}]), "Markdown")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {3}
    assert r"\<b\>\[a\](http://x)" in lines[-1]


def test_latex_has_the_rules_of_booktabs_and_nothing_that_would_break_it() -> None:
    rows: list[Row] = [{**_beginning(dataset=HOSTILE), "name": "[b]", "cosine": -0.5}]
    text = _made(_table(rows), "LaTeX")
    body = [line for line in text.splitlines() if not line.startswith("%")]
    assert [line for line in body if "rule" in line] == [r"\toprule", r"\midrule", r"\bottomrule"]
    assert r"\begin{tabular}{lr}" in body
    assert "{}[b] & $-$0.5 \\\\" in body
    caption = next(line for line in body if line.startswith(r"\caption"))
    assert r"=1+1 \textbar{} 50 \% of A\&B\_\{2\} \#3 \textasciitilde{}x\textasciicircum{}2 \$y\$ " in caption
    assert r"\textbackslash{}input\{z\} \textless{}b\textgreater{}" in caption
    for line in body:
        plain = re.sub(r"\\\\$|\\[%&_#${}]|\$-\$", "", line)
        assert not re.search(r"[#^%]|(?<!\\)\$", plain)
        assert plain.count("{") == plain.count("}")
    assert {line.count(" & ") for line in body if line.endswith(r"\\")} == {1}
