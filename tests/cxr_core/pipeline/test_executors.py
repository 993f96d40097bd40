"""A whole run on a Ray cluster and by elements of Slurm: the numbers of one machine, to the bit."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cxr_core.cli.main import main
from cxr_core.tasks.slurm import arrays, opened
from tests.support.slurm import QUICK, LocalCluster

ROOT = Path(__file__).parents[3]
TIMES = ("created_at", "seconds")


def command(folder, hospitals, *more):
    return [
        "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "one",
        "--results", str(folder / "results"), "--cache", str(folder / "cache"), "--device", "cpu", "--weights", "none",
        "--architecture", "small", "--size-px", "32", "--epochs", "1", "--members", "1", "--replicates", "100", *more,
    ]  # fmt: skip


def tables(folder):
    """Every table but for times, its rows in order, as text: what is not a number equals itself."""
    with duckdb.connect(str(folder / "results" / "one" / "results.duckdb"), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        frames = {name: connection.table(name).df().drop(columns=list(TIMES), errors="ignore") for name in names}
    return {name: sorted(map(str, frame.to_numpy().tolist())) for name, frame in frames.items()}


@pytest.fixture(scope="module")
def local(hospitals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("local")
    assert main(command(folder, hospitals, "--workers", "2")) == 0
    return tables(folder)


@pytest.fixture
def elsewhere():
    """The threads of a task are those that it has by two workers here."""
    return ["--task-cpus", str(max(1, (os.cpu_count() or 1) // 2)), "--executor"]


def test_on_a_ray_cluster_of_this_machine(local, hospitals, tmp_path, elsewhere):
    words = command(tmp_path, hospitals, *elsewhere, "ray", "--workers", "2")
    done = subprocess.run(  # a process of its own: Ray is started once in each
        [sys.executable, "train.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )

    assert done.returncode == 0, done.stderr
    assert len(local["prediction"]) > 50
    assert tables(tmp_path) == local


def test_by_elements_of_slurm(local, hospitals, tmp_path, elsewhere, monkeypatch):
    submitted = []

    class Cluster(LocalCluster):
        def submit(self, calls, *, needs, mark):
            submitted.append(needs.kind)
            return super().submit(calls, needs=needs, mark=mark)

    monkeypatch.setattr(opened, "check_there", lambda: None)
    monkeypatch.setattr(opened, "SlurmCluster", lambda _settings, logs: Cluster(logs))
    monkeypatch.setattr(opened, "Pace", lambda: QUICK)
    monkeypatch.setattr(arrays, "_PARCELS_A_SLOT_WITHOUT_LIMIT", 1)  # submitit's local cluster begins all at once

    assert main(command(tmp_path, hospitals, *elsewhere, "slurm")) == 0

    assert set(submitted) == {"decode", "train", "predict", "evaluate", "gap"}
    assert not (tmp_path / "results" / "one" / "work").exists()
    assert tables(tmp_path) == local
