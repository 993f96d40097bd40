"""The long fault tests, for some seconds: that they run, and that the server lives meanwhile."""

import os
from pathlib import Path

from tests.support.in_place import overwrite_while_read


def test_a_file_that_is_overwritten_while_it_is_read_ends_no_server(tmp_path: Path) -> None:
    read = overwrite_while_read(tmp_path, seconds=3, environment=dict(os.environ))
    assert set(read) - {"not read"} <= {"a: 4000", "b: 9000"}
    assert list((tmp_path / "cache" / "open").glob("*")) == []
