"""One run with varied answers for all these tests; a copy of its own for each that changes it."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard.results.database import RunKey
from tests.support.made.answers import write_answers
from tests.support.results import Changed


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_answers(tmp_path_factory.mktemp("answers"))


@pytest.fixture
def key(path: Path) -> RunKey:
    return RunKey(name=path.parent.name, path=str(path), changed_ns=1)


@pytest.fixture
def copied(path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(path, tmp_path / "results.duckdb"))


@pytest.fixture
def changed(copied: Path) -> Changed:
    """Gives the key of a copy in which some statements were run."""

    def run(*statements: str) -> RunKey:
        with duckdb.connect(str(copied)) as connection:
            for statement in statements:
                connection.execute(statement)
        return RunKey(name="changed", path=str(copied), changed_ns=1)

    return run
