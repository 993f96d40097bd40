"""Tables are read whole."""

from benchmarks.label_tables import TABLES, own_table, read_own
from benchmarks.rows import ROWS


def test_every_image_is_split(tmp_path) -> None:
    assert read_own(own_table(tmp_path, rows=300)) == 300


def test_each_table_has_two_rows() -> None:
    found = {row.name for row in ROWS if row.module == "label_tables"}
    assert found == {name + suffix for name in TABLES for suffix in ("", "_memory")}
