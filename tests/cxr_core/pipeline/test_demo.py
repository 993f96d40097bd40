"""The demo, from nothing, with one network a regime in place of three; `make bench-long` runs it whole, five seeds."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.demo import told_by

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.begins_first


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    place = ["--results", str(folder / "results"), "--cache", str(folder / "cache"), "--name", "demo"]
    done = subprocess.run(
        [sys.executable, "train.py", "demo", "--members", "1", *place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "results" / "demo" / "results.duckdb"


def test_the_demo_tells_the_papers_story(told):
    story = told_by(told)

    assert not story.shortfalls(), story
    assert story.training > story.internal > story.external


def test_nothing_of_the_demo_is_rejected(told):
    with duckdb.connect(str(told), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM rejected").fetchall() == [(0,)]
        models = connection.execute("SELECT origin, count(*) FROM model GROUP BY origin ORDER BY origin").fetchall()
        assert models == [("adapted", 2), ("trained", 4)]
