"""Five readers of a folder of runs, as a dashboard has them, until standard input ends; prints what they read."""

import collections
import sys
import threading

from cxr_core.errors import StoreError
from dashboard.results.database import ask
from dashboard.results.runs import found_runs, run_key

READERS = 5


def read(over: threading.Event, told: collections.Counter[str]) -> None:
    while not over.is_set():
        for run in found_runs():
            if run.state != "complete":
                told["not read"] += 1
                continue
            try:
                key = run_key(run)
                ((name,),) = ask(key, "SELECT run_id FROM run")
                ((images,),) = ask(key, "SELECT count(DISTINCT image_id) FROM prediction WHERE role = 'external_test'")
                told[f"{name}: {images}"] += 1
            except StoreError:
                told["not read"] += 1


def main() -> None:
    over, told = threading.Event(), collections.Counter[str]()
    readers = [threading.Thread(target=read, args=(over, told)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    sys.stdin.read()
    over.set()
    for reader in readers:
        reader.join()
    for what, count in sorted(told.items()):
        print(f"{count}\t{what}")


if __name__ == "__main__":
    main()
