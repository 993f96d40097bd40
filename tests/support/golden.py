"""A results file with a few rows in every table, kept as it was written so that every later release is tried on it.

``python -m tests.support.golden`` writes the one of today's version beside those of earlier versions. A version that is
released is never written again.
"""

import gzip
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from cxr_core.store import write
from cxr_core.store.schema import FIRST_VERSION, SCHEMA_VERSION, expected_tables
from tests.support.rows import Row

FOLDER = Path(__file__).parents[1] / "cxr_core/store/golden"

CLASSES = ("Cardiomegaly", "Pleural Effusion")

NAN = float("nan")
_NOON = datetime(2026, 11, 28, 12, tzinfo=UTC).replace(tzinfo=None)
_POINT = "sensitivity=0.90"

# Every column of version 2, and what may be NULL there is so in one row.
ROWS: Mapping[str, Sequence[Row]] = {
    "run": [("golden", _NOON, "run", None, "{}", "{}", None, "cpu", 1.5, 2, ["One note."])],
    "finding": [(0, CLASSES[0]), (1, CLASSES[1])],
    "dataset": [
        ("home", "source", True, "table", "as_stated", "m1", "p1", 2, 2, 0, 0),
        ("chosen_on", "validation", False, "table", None, "m2", None, 1, None, 1, 1),
        ("away", "external", False, "table", None, "m3", None, 1, 1, 1, 1),
    ],
    "policy": [("home", "as_stated", True, "As the table says."), ("away", "as_stated", True, "As the table says.")],
    "image": [
        ("home", "i1", "p1", "s1", "a.png", "blake3:1", "pic1", "PA", "F", 63.5, 300, 400, None),
        ("home", "i2", "p2", None, "b.png", "blake3:2", "pic2", None, None, None, 300, 400, "cap"),
        ("away", "i1", None, None, None, None, None, None, None, None, None, None, "not_predicted"),
    ],
    "attribute": [("home", "i1", "manufacturer", "A maker"), ("home", "i1", "year", "2019")],
    "name_match": [("home", "Big heart", 0, "close", "Another word."), ("home", "Effusion", 1, "exact", "")],
    "raw_label": [("home", "i1", "Big heart", "R1", 1), ("home", "i2", "Effusion", "R1", None)],
    "box": [("home", "i1", "Big heart", "R1", 0.25, 0.5, 0.75, 1.0)],
    "reference": [
        ("home", "as_stated", "i1", 0, None, [1.0, 0.0]),
        ("home", "as_stated", "i2", None, "uncertain", [0.0, NAN]),
    ],
    "rejected": [("away", "c.png", "Expected an image.")],
    "model": [
        ("split", "split", None, None, 0, "small", None, 100, "softmax", "trained"),
        ("split-0", "split", 0, 0, 0, "small", "members/split-0.safetensors", 100, "softmax", "trained"),
        ("vendor", None, None, None, None, None, None, None, "sigmoid", "brought"),
    ],
    "epoch": [("split-0", 1, 0.75, None, 2.0, 0.001)],
    "prediction": [
        ("split", "home", "i1", "internal_test", 0, [0.75, 0.25], None),
        ("vendor", "home", "i1", "internal_test", None, None, [1.0, NAN]),
        ("vendor", "home", "i2", "internal_test", None, [0.5, NAN], [0.0, 1.0]),
    ],
    "threshold": [
        ("split", CLASSES[0], _POINT, 0.25, {"dataset": "chosen_on", "role": "validation"}),
        ("vendor", CLASSES[0], "stated", 0.5, None),
    ],
    "feature": [("split-0", "home", "i1", [0.5, -1.5, 2.0])],
    "saliency": [("split", "home", "i1", "cam", 1, 2, b"\x00\xff\x10\x20", [0.5, 0.25])],
    "mean_map": [
        ("split", "home", "internal_test", "as_stated", CLASSES[0], "recognized", 1, 1, 2, b"\x00\xff", None),
        ("split", "home", "internal_test", "as_stated", CLASSES[1], "missed", 12, 1, 2, b"\x00\xff", b"\x40" * 4),
    ],
    "metric": [
        ("split", "home", "internal_test", "as_stated", "single_class", "all", None, "accuracy", None,
         0.75, 0.5, 0.875, 100, None, 90.5, False),
        ("vendor", "home", "internal_test", "as_stated", "finding", "manufacturer=A maker", CLASSES[0], "recall",
         _POINT, None, None, None, 4, 0, None, True),
    ],
    "pixels": [("home", "i1", b"RIFF")],
    "gap": [
        ("split", "home", "as_stated", "away", "as_stated", "single_class", "all", None, "macro_recall", None,
         0.75, 0.5, 0.25, 0.125, 0.375, False, list(CLASSES)),
        ("vendor", "home", "as_stated", "away", "as_stated", "finding", "all", CLASSES[0], "recall", _POINT,
         None, None, None, None, None, True, []),
    ],
}  # fmt: skip

# By table and column, a value a row of the table: what later versions added. A file of before has NULL there.
ADDED: Mapping[str, Mapping[str, Sequence[object]]] = {
    "dataset": {"unit": ["image", "study", None], "role_basis": ["computed", "declared", "not_known"]},
}

_PAIR = {
    "internal_dataset": "home", "internal_policy": "as_stated",
    "external_dataset": "away", "external_policy": "as_stated",
}  # fmt: skip
_NOTHING = {"value": None, "low": None, "high": None}

# The tables that later versions added, a row each a mapping.
LATER_TABLES: Mapping[str, Sequence[Mapping[str, object]]] = {
    "primary_comparison": [{**_PAIR, "task": "single_class", "stratum": "all", "metric": "accuracy"}],
    "waterfall": [
        {"model_id": "split", **_PAIR, "finding": None, "scale": "accuracy", "cause": "view", "part": "gap",
         "name": "gap", "value": 0.25, "low": 0.125, "high": 0.375, "reason": None},
        {"model_id": "split", **_PAIR, "finding": CLASSES[0], "scale": "youden", "cause": None, "part": "term",
         "name": "ranking", **_NOTHING, "reason": "not recorded"},
    ],
    "verdict": [
        {"model_id": "split", **_PAIR, "finding": CLASSES[0], "ranking": "slightly lost", "threshold": "kept"},
        {"model_id": "split", **_PAIR, "finding": CLASSES[1], "ranking": None, "threshold": None},
    ],
    "local_patients": [
        {"model_id": "split", "dataset": "away", "policy": "as_stated", "finding": None, "metric": "accuracy",
         "patients": 20, "gain": 0.125, "spread": 0.03125, "low": -0.25, "high": 0.25, "lacking": 0.5, "judged_by": 40},
    ],
    "class_mix": [
        {"model_id": "split", **_PAIR, "finding": CLASSES[0], "internal": 0.5, "external": 0.25, "estimated": 0.125,
         "distance": 1.5},
    ],
}  # fmt: skip


def tables(*, version: int) -> list[str]:
    """The tables that a file of a version has rows in."""
    return [*ROWS, *(table for table in LATER_TABLES if table in expected_tables(version=version))]


def cells(table: str, *, version: int) -> dict[str, Sequence[object]]:
    """What the file of a version holds in a table, column by column, as far as it was given."""
    if table in LATER_TABLES:
        rows = LATER_TABLES[table]
        return {name: [row[name] for row in rows] for name in expected_tables(version=version)[table]}
    given = dict(zip(expected_tables(version=FIRST_VERSION)[table], zip(*ROWS[table], strict=True), strict=True))
    added = {
        name: values for name, values in ADDED.get(table, {}).items() if name in expected_tables(version=version)[table]
    }
    return given | added | ({"schema_version": [version]} if table == "run" else {})


def path_of(version: int) -> Path:
    """Where the file of a version is kept, compressed."""
    return FOLDER / f"version-{version}.duckdb.gz"


def unpacked(version: int, folder: Path) -> Path:
    """The file of a version, ready to be opened, in a run's folder below another."""
    path = folder / f"golden-{version}" / "results.duckdb"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.decompress(path_of(version).read_bytes()))
    return path


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables and puts the rows in."""
    write.begin(connection, classes=CLASSES)
    for table in tables(version=SCHEMA_VERSION):
        if table != "finding":
            values = cells(table, version=SCHEMA_VERSION)
            write.append(connection, table, pa.table({name: pa.array(column) for name, column in values.items()}))


def main() -> None:
    """Writes the file of today's version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{path}' AS results (BLOCK_SIZE 16384)")
            connection.execute("USE results")
            fill(connection)
        path_of(SCHEMA_VERSION).write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    print(f"{path_of(SCHEMA_VERSION).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
