"""Writes a made-up run as large as a real one: `python -m tests.support.big_run ten-million --to results`."""

import argparse
import resource
import time
from pathlib import Path

from tests.support.big_run.size import SIZES
from tests.support.big_run.writing import write_run


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up run as large as a real one.")
    parser.add_argument("size", choices=sorted(SIZES), help="how large")
    parser.add_argument("--to", type=Path, required=True, help="the folder of runs")
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    started = time.monotonic()
    path = write_run(wanted.to, size=SIZES[wanted.size], seed=wanted.seed)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{path.parent.name}: {SIZES[wanted.size].predictions:,} predictions, {path.stat().st_size / 2**20:,.0f} MiB, "
        f"{time.monotonic() - started:.0f} s, {peak_mib:,.0f} MiB of memory at most"
    )


if __name__ == "__main__":
    main()
