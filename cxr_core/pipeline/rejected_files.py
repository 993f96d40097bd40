"""Files that were set aside: counted, alike reasons together, and each named with its reason in a file of the run."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cxr_core.files import written_whole
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.sites import Dataset

FILE = "set_aside.csv"
COLUMNS = ("dataset", "file", "reason")

_NUMBER = re.compile(r"(0x[0-9a-f]+|\d+(?:[.,]\d+)*)")
_SHOWN = 10


def report(datasets: Sequence[Dataset], *, context: RunContext) -> None:
    """Prints how many files of each dataset were set aside for which reasons, and lists them in the run's folder.

    In the list the files of a private table go by their pseudonyms, as in the results.
    """
    path = context.folder.path / FILE
    if not any(dataset.rejected for dataset in datasets):
        path.unlink(missing_ok=True)
        return
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows((dataset.name, *one) for dataset in datasets for one in dataset.rejected)
    for dataset in datasets:
        for line in _lines(dataset, listed=str(path)):
            context.progress.say(line)


def group_reasons(reasons: Iterable[str]) -> list[tuple[str, int]]:
    """Reasons that differ in their numbers alone as one, most frequent first; such a number is shown as three dots."""
    groups: dict[tuple[str, ...], Counter[tuple[str, ...]]] = {}
    for reason, count in Counter(reasons).items():
        pieces = _NUMBER.split(reason)
        groups.setdefault(tuple(pieces[::2]), Counter())[tuple(pieces[1::2])] += count
    found = [(_shown(words, list(numbers)), numbers.total()) for words, numbers in groups.items()]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _shown(words: Sequence[str], numbers: Sequence[tuple[str, ...]]) -> str:
    alike = [values[0] if len(set(values)) == 1 else "..." for values in zip(*numbers, strict=True)]
    return "".join(piece for pair in zip(words, [*alike, ""], strict=True) for piece in pair)


def _lines(dataset: Dataset, *, listed: str) -> Iterator[str]:
    if not dataset.rejected:
        return
    count, total = len(dataset.rejected), len(dataset.rejected) + len(dataset.images)
    yield f"  {dataset.name}: {count:,} of {total:,} files set aside, each named in {listed}:"
    groups = group_reasons(reason for _, reason in dataset.rejected)
    for reason, size in groups[:_SHOWN]:
        yield f"    {size:,}: {reason}"
    if rest := groups[_SHOWN:]:
        yield f"    {sum(size for _, size in rest):,}: {len(rest)} other reasons"
