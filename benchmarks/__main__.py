"""Runs every short benchmark: `python -m benchmarks` prints a table and writes benchmarks/results.json."""

import importlib
import json
import sys
from pathlib import Path

from benchmarks.timing import Result

MODULES = ("decode", "networks")
RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    wanted = sys.argv[1:] or MODULES
    results = [result for name in wanted for result in measure(name)]
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(table(results))


def measure(name: str) -> list[Result]:
    print(f"measuring {name} ...", file=sys.stderr)
    module = importlib.import_module(f"benchmarks.{name}")
    results: list[Result] = module.measure()
    return results


def table(results: list[Result]) -> str:
    head = f"{'benchmark':<22}{'ours':>12}{'theirs':>12}{'ratio':>8}  {'unit':<10} theirs is"
    rows = [
        f"{row['name']:<22}{row['ours']:>12,.1f}{row['theirs']:>12,.1f}{row['ratio']:>7.1f}x  {row['unit']:<10} "
        f"{row['what_theirs_is']}"
        for row in results
    ]
    return "\n".join([head, *rows])


if __name__ == "__main__":
    main()
