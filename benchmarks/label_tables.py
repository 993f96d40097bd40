"""From a label table to a manifest, references under every policy, and splits: seconds and memory.

CheXpert's real table of 223,414 rows, which torchxrayvision carries, without looking for its images; and a hospital's
own table of a million rows.
"""

import gzip
import importlib.util
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.memory import Watched, watched
from benchmarks.timing import ROUNDS, Measured, alone

if TYPE_CHECKING:
    from cxr_core.manifest import Manifest

TABLE_ROWS = 1_000_000
_MEMORY = "_memory"


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name, (prepare, read) in TABLES.items():
        wanted = [row for row in (name, name + _MEMORY) if row in names]
        if wanted:
            with tempfile.TemporaryDirectory() as folder:
                table = prepare(Path(folder))
                found = [watched(partial, read, table) for _ in range(ROUNDS)]
            yield from (row for row in _rows(name, found) if row.name in wanted)


def chexpert_table(folder: Path) -> Path:
    """The real table of CheXpert's training set."""
    spec = importlib.util.find_spec("torchxrayvision")
    if spec is None or spec.origin is None:
        raise RuntimeError("Expected torchxrayvision, which carries the table; it is not installed.")
    table = folder / "train.csv"
    table.write_bytes(gzip.decompress((Path(spec.origin).with_name("data") / "chexpert_train.csv.gz").read_bytes()))
    return table


def own_table(folder: Path, *, rows: int = TABLE_ROWS) -> Path:
    """A hospital's table: image, patient and 14 findings."""
    from benchmarks.score import SITES, draw

    return draw(folder, predictions=len(SITES) * rows).labels[SITES[0]]


def read_chexpert(table: Path) -> int:
    """Reads CheXpert's; gives the number of images."""
    from cxr_core.datasets.chexpert.names import names
    from cxr_core.datasets.chexpert.policies import policies
    from cxr_core.datasets.chexpert.tables import read_by_image
    from cxr_core.datasets.frames import no_boxes
    from cxr_core.findings import FINDINGS
    from cxr_core.manifest import Manifest

    frames = read_by_image(table, part="train")
    manifest = Manifest(
        dataset="chexpert_train",
        reader="chexpert",
        root=table.parent,
        images=frames.images,
        labels=frames.labels,
        boxes=no_boxes(),
        classes=FINDINGS,
        names=names(FINDINGS),
        policies=policies(FINDINGS),
    )
    return _refer_and_split(manifest)


def read_own(table: Path) -> int:
    """Reads a hospital's; gives the number of images."""
    from benchmarks.score import FINDINGS
    from cxr_core.datasets.registry import read

    return _refer_and_split(read("table", table, classes=FINDINGS, private=table.parent, needs_images=False)[0])


def _refer_and_split(manifest: "Manifest") -> int:
    from cxr_core import labels, splits

    votes = labels.votes(manifest)
    for policy in manifest.policies:
        labels.apply(policy, votes)
    contents = [f"blake3:{number:032x}" for number in range(len(manifest.images))]
    groups = splits.linked_images(manifest.images, contents)
    return len(splits.draw(groups, held_out=0.2, folds=None, choosing=False, seed=0).groups)


TABLES: Mapping[str, tuple[Callable[[Path], Path], Callable[[Path], int]]] = {
    "read_chexpert": (chexpert_table, read_chexpert),
    "read_table": (own_table, read_own),
}


def _rows(name: str, found: Sequence[Watched]) -> Iterator[Measured]:
    seconds = statistics.median(each.seconds for each in found)
    peak_mib = statistics.median(each.peak_mib for each in found)
    yield Measured(name=name, result=alone(name, seconds, unit="s", rounds=len(found)))
    yield Measured(name=name + _MEMORY, result=alone(name + _MEMORY, peak_mib, unit="MiB", rounds=len(found)))
