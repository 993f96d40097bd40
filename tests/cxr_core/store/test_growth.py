"""Results files grow: what an earlier release wrote is opened by a later one, and a later file is refused by name."""

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cxr_core.errors import RefusedError
from cxr_core.store.open import open_run
from cxr_core.store.schema import FIRST_VERSION, SCHEMA_VERSION, expected_tables, tables_of
from tests.support import golden

PACKAGE = Path(__file__).parents[3] / "cxr_core"

VERSIONS = range(FIRST_VERSION, SCHEMA_VERSION + 1)
LATER = SCHEMA_VERSION + 1

READ = """
import json, sys
from pathlib import Path
from cxr_core.errors import StoreError
from cxr_core.store.open import open_run
try:
    with open_run(Path(sys.argv[1])) as connection:
        print(json.dumps([connection.execute(sql).fetchall() for sql in sys.argv[2:]]))
except StoreError as error:
    print(json.dumps(str(error)))
"""

WRITE = """
import sys
from pathlib import Path
from cxr_core.store import write
with write.new_results(Path(sys.argv[1]), classes=["A", "B"]) as connection:
    connection.execute(
        "INSERT INTO run (run_id, created_at, preset, config, versions, device, seconds, schema_version, notes) "
        "VALUES ('r', '2026-01-01', 'paper', '{}', '{}', 'cpu', 1, $version, [])", {"version": int(sys.argv[2])}
    )
"""

EXPORT = """
import sys
from pathlib import Path
import numpy as np
from cxr_core.images.cache import Pixels
from cxr_core.pipeline import export, verify
from cxr_core.pipeline.workspace import RunFolder
class OnePicture:
    take = staticmethod(lambda rows: np.zeros((len(rows), 8, 8), np.uint8))
Pixels.open = lambda *_, **__: OnePicture
run, to, with_images = RunFolder(path=Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3] == "True"
made = export.export(run, to=to, with_images=with_images, cache=to / "cache")
found = verify.verify(RunFolder(path=made), cache=to / "cache")
print(made / run.results.name, all(one.is_right for one in found))
"""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release after this one: `metric` has a column and a rule more, and there is a table more."""
    folder = tmp_path_factory.mktemp("later")
    shutil.copytree(PACKAGE, folder / "cxr_core", ignore=shutil.ignore_patterns("__pycache__"))
    schema = folder / "cxr_core/store/schema.sql"
    text = schema.read_text()
    column = "    n_effective DOUBLE,"
    assert text.count(column) == 1
    added = f"    reviewed VARCHAR, -- since {LATER}\n    CHECK (length(reviewed) <= 5), -- since {LATER}\n{column}"
    table = f"\nCREATE TABLE addition ( -- since {LATER}\n    term VARCHAR NOT NULL,\n"
    table += "    CHECK (length(term) <= 200)\n);\n"
    schema.write_text(text.replace(column, added) + table)
    module = schema.with_suffix(".py")
    module.write_text(module.read_text().replace(f"SCHEMA_VERSION = {SCHEMA_VERSION}", f"SCHEMA_VERSION = {LATER}"))
    return folder


def run_with(package: Path, script: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package)}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, cwd=package, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_every_version_is_kept_and_opened_with_what_was_written(version: int, tmp_path: Path) -> None:
    with open_run(golden.unpacked(version, tmp_path)) as connection:
        for table in golden.tables(version=version):
            given = golden.cells(table, version=version)
            missing = [name for name in expected_tables()[table] if name not in given]
            found = connection.table(table).select(*given, *missing).fetchall()
            written = zip(*given.values(), *([None] * len(next(iter(given.values()))) for _ in missing), strict=True)
            assert sorted(map(repr, found)) == sorted(map(repr, written)), table


def test_the_kept_files_have_rows_in_every_table() -> None:
    assert set(golden.ROWS) == set(expected_tables(version=FIRST_VERSION))
    assert set(golden.tables(version=SCHEMA_VERSION)) == set(expected_tables())
    assert math.isnan(golden.NAN)


def test_a_later_release_opens_a_file_of_this_one_with_what_it_lacks_empty(later: Path, tmp_path: Path) -> None:
    path = golden.unpacked(SCHEMA_VERSION, tmp_path)
    before = path.read_bytes()
    sql = (
        "SELECT count(*), count(reviewed), typeof(any_value(reviewed)) FROM metric",
        "SELECT count(*) FROM addition",
        "SELECT value FROM metric WHERE metric = 'accuracy'",
    )
    found = json.loads(run_with(later, READ, str(path), *sql))
    assert found == [[[2, 0, "VARCHAR"]], [[0]], [[0.75]]]
    assert path.read_bytes() == before


@pytest.mark.parametrize("with_images", [False, True])
def test_a_later_release_exports_a_file_of_this_one_as_it_is(later: Path, tmp_path: Path, with_images: bool) -> None:
    path = golden.unpacked(SCHEMA_VERSION, tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("""UPDATE run SET config = '{"experiment": {"network": {"size_px": 8}}}'""")
    before = path.read_bytes()

    copy, is_right = run_with(later, EXPORT, str(path.parent), str(tmp_path / "to"), str(with_images)).split()

    assert is_right == "True"
    assert path.read_bytes() == before
    with duckdb.connect(copy, read_only=True) as connection:
        assert tables_of(connection, database="results") == expected_tables(version=SCHEMA_VERSION)
        pixels = connection.execute("SELECT image_id FROM pixels ORDER BY image_id").fetchall()
        assert pixels == ([("i1",), ("i1",), ("i2",)] if with_images else [("i1",)])
    with open_run(Path(copy)) as connection:
        assert connection.execute("SELECT value FROM metric WHERE metric = 'accuracy'").fetchall() == [(0.75,)]


def test_this_release_refuses_a_file_of_a_later_one_by_its_version(later: Path, tmp_path: Path) -> None:
    path = tmp_path / "run" / "results.duckdb"
    path.parent.mkdir()
    run_with(later, WRITE, str(path), str(LATER))
    assert json.loads(run_with(later, READ, str(path), "SELECT count(*) FROM addition")) == [[[0]]]
    with pytest.raises(
        RefusedError, match=f"schema version {LATER}, and this release reads versions up to {SCHEMA_VERSION}"
    ):
        open_run(path)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ALTER TABLE metric ADD COLUMN reviewed VARCHAR", "an unknown column metric.reviewed"),
        ("CREATE TABLE addition (term VARCHAR)", "an unknown table addition"),
        ("CREATE VIEW addition AS SELECT 'x' AS term", "view addition"),
        ("DROP TABLE attribute", "no table attribute"),
    ],
)
def test_a_later_release_is_as_strict_with_a_file_of_this_one(later: Path, tmp_path: Path, sql: str, said: str) -> None:
    path = golden.unpacked(SCHEMA_VERSION, tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    assert said in json.loads(run_with(later, READ, str(path), "SELECT 1"))
