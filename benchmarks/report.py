"""Writes the tables of docs/performance.md from the results: `python -m benchmarks.report`.

What stands outside its two marks is left as it is.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.__main__ import read_circumstances, read_results
from benchmarks.rows import ROWS, Row, shortfall
from benchmarks.timing import Result

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"

Circumstances = Mapping[str, Mapping[str, str | float | None]]

_HEAD = """
`make bench` measures the first table, `make bench-long` the second, `NAME=` one row; this part of the page is written
from [results.json](../benchmarks/results.json) by `python -m benchmarks.report`. Each row is measured side by side in
one run, on the same inputs, with the same cores: medians over alternating rounds, and above 1 ours is faster or
smaller. *Of the limit* is how much of what the machine allows is reached; below each table stands what was measured
for it. The files are made up in the published formats, but for the rows of `../shared/real-cxr`.
"""
_COLUMNS = "| row | what is done | ours | theirs | ratio | goal | of the limit | theirs is |"
_RULE = "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"


def page(text: str, *, results: Sequence[Result], circumstances: Circumstances) -> str:
    """The page with its part of tables written anew.

    Args:
        text: The page as it is, with both marks.
        results: All rows that were measured.
        circumstances: How they came about.
    """
    before, rest = text.split(BEGIN)
    found = {result["name"]: result for result in results}
    parts = [_HEAD.strip()]
    for title, is_long in (("Short", False), ("Long", True)):
        rows = [row for row in ROWS if row.is_long == is_long]
        parts += [f"### {title}", _table(rows, found, circumstances), *_notes(rows, found, circumstances)]
    parts += ["### Where it was measured", _machines(circumstances, found)]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(part for part in parts if part) + f"\n\n{END}{rest.split(END)[1]}"


def _table(rows: Sequence[Row], found: Mapping[str, Result], circumstances: Circumstances) -> str:
    lines = [_line(row, found[row.name], circumstances.get(row.name, {})) for row in rows if row.name in found]
    return "\n".join([_COLUMNS, _RULE, *lines]) if lines else "None of these rows has been measured."


def _line(row: Row, result: Result, about: Mapping[str, str | float | None]) -> str:
    limit, ratio = about.get("limit"), result["ratio"]
    share = f"{result['ours'] / limit:.0%}" if isinstance(limit, float | int) and limit else ""
    is_missed = shortfall(row, ours=result["ours"], ratio=ratio) is not None
    shown = "" if ratio is None else f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"
    cells = (
        f"`{row.name}`",
        row.work,
        f"{_number(result['ours'])} {result['unit']}",
        "" if result["theirs"] is None else _number(result["theirs"]),
        f"**{shown}**" if is_missed and shown else shown,
        _goal(row) + (", missed" if is_missed else ""),
        share,
        result["what_theirs_is"],
    )
    return f"| {' | '.join(cells)} |"


def _notes(rows: Sequence[Row], found: Mapping[str, Result], circumstances: Circumstances) -> list[str]:
    missed, limits, said, absent, unmeasured = [], [], [], [], list[str]()
    for row in rows:
        result, about = found.get(row.name), circumstances.get(row.name, {})
        words = about.get("said")
        if result is None:
            (absent if words else unmeasured).append(f"- `{row.name}`: {words}" if words else f"`{row.name}`")
            continue
        if (short := shortfall(row, ours=result["ours"], ratio=result["ratio"])) is not None:
            missed.append(f"- `{row.name}`: {short}. {row.why_missed or 'Why is not known yet.'}")
        if about.get("limit_is"):
            limits.append(f"- `{row.name}`: {about['limit_is']}")
        if words:
            said.append(f"- `{row.name}`: {words}")
    titled = (("Goals missed:", missed), ("The limits:", limits), ("Of single rows:", said), ("Not there:", absent))
    notes = [f"{title}\n\n" + "\n".join(lines) for title, lines in titled if lines]
    return [*notes, f"Not measured yet: {', '.join(unmeasured)}."] if unmeasured else notes


def _machines(circumstances: Circumstances, found: Mapping[str, Result]) -> str:
    by_machine: dict[str, list[str]] = {}
    for name in found:
        machine = str(circumstances.get(name, {}).get("machine", "a machine that was not noted, two cores"))
        by_machine.setdefault(machine, []).append(name)
    return "\n".join(
        f"- {machine}: {', '.join(f'`{name}`' for name in names)}" for machine, names in by_machine.items()
    )


def _goal(row: Row) -> str:
    if row.least_ratio is not None:
        return f"{row.least_ratio:g}"
    return "" if row.most is None else f"at most {row.most:g}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}"


def main() -> None:
    text = PAGE.read_text(encoding="utf-8")
    written = page(text, results=read_results(), circumstances=read_circumstances())
    PAGE.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
