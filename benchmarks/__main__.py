"""Measures rows: `python -m benchmarks` the short ones, `--long` those that take hours, or those that are named.

Prints a table and writes benchmarks/results.json, row by row; what was not measured stays as it was. Beside it,
benchmarks/circumstances.json says on which machine, and what the machine would allow.
"""

import argparse
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.circumstances import described
from benchmarks.rows import PROGRAMS, ROWS, by_module
from benchmarks.timing import Measured, Result

RESULTS = Path(__file__).with_name("results.json")
CIRCUMSTANCES = Path(__file__).with_name("circumstances.json")
_ORDER = [row.name for row in ROWS]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, print a table, keep results.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"rows ({', '.join(_ORDER)}) or {', '.join(PROGRAMS)}")
    parser.add_argument("--long", action="store_true", help="without names: the long rows and programs")
    wanted = parser.parse_args()
    unknown = sorted({*wanted.names} - {*_ORDER} - {*PROGRAMS})
    if unknown:
        parser.error(f"expected rows or programs, found {', '.join(unknown)}")
    names = wanted.names or [row.name for row in ROWS if row.is_long == wanted.long]
    print(table([]))
    for measured in measure(names):
        keep(measured)
        print(_line(measured), flush=True)
    programs = [name for name in PROGRAMS if name in wanted.names or (wanted.long and not wanted.names)]
    failed = [name for name in programs if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode]  # noqa: PLW1510
    for name in failed:
        print(f"{name} has missed a goal of its own")
    return int(bool(failed))


def measure(names: Sequence[str]) -> Iterator[Measured]:
    """The rows of these names, one after the other."""
    for module, rows in by_module(names).items():
        print(f"measuring {', '.join(rows)} ...", file=sys.stderr, flush=True)
        yield from importlib.import_module(f"benchmarks.{module}").measure(rows)


def keep(measured: Measured, *, results: Path = RESULTS, circumstances: Path = CIRCUMSTANCES) -> None:
    """Puts a row in the place of the one of its name; without a result the old one goes.

    Args:
        measured: The row.
        results: The file of results.
        circumstances: The file of how they came about.
    """
    rows = {row["name"]: row for row in read_results(results)}
    rows.pop(measured.name, None)
    if measured.result is not None:
        rows[measured.name] = measured.result
    _write(results, sorted(rows.values(), key=lambda row: _ORDER.index(row["name"])))
    limit = measured.limit
    about = {
        **read_circumstances(circumstances),
        measured.name: {
            "machine": described(),
            "limit": None if limit is None else round(limit.value, 2),
            "limit_is": None if limit is None else limit.what,
            "said": measured.said,
        },
    }
    _write(circumstances, {name: about[name] for name in _ORDER if name in about})


def read_results(path: Path = RESULTS) -> list[Result]:
    """The rows of the last measurements; none where nothing was measured."""
    found: list[Result] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def read_circumstances(path: Path = CIRCUMSTANCES) -> Mapping[str, Mapping[str, str | float | None]]:
    """By the name of a row: `machine`, `limit`, `limit_is`, `said`."""
    found: dict[str, dict[str, str | float | None]] = {}
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else found


def table(measured: Sequence[Measured]) -> str:
    """Rows as they are printed, with their head."""
    return "\n".join(
        [f"{'benchmark':<26}{'ours':>12}{'theirs':>12}{'ratio':>8}  {'unit':<12} theirs is", *map(_line, measured)]
    )


def _line(measured: Measured) -> str:
    row = measured.result
    if row is None:
        return f"{measured.name:<26}not measured: {measured.said}"
    theirs = "-" if row["theirs"] is None else f"{row['theirs']:,.1f}"
    ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}x"
    said = f"  {measured.said}" if measured.said else ""
    return (
        f"{row['name']:<26}{row['ours']:>12,.1f}{theirs:>12}{ratio:>8}  {row['unit']:<12} {row['what_theirs_is']}{said}"
    )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
