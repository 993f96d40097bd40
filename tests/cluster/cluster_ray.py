"""Two machines that see the same storage in different places: each has a network and mounts of its own.

One leads the run and has no cores for tasks, so that all are performed on the other, where each folder lies elsewhere.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tests.support.hospitals import write_chexpert, write_vinbigdata
from tests.support.jobs import wait_until

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "architecture": "small",
    "weights": "none",
    "size-px": 32,
    "epochs": 1,
    "members": 2,
    "batch-size": 16,
    "replicates": 100,
    "held-out": 0.4,
    "device": "cpu",
    "name": "tiny",
}
CHEXPERT = "chexpert/CheXpert-v1.0-small"
TABLES = ("prediction", "feature", "saliency", "metric", "gap", "image")
NETWORK = "10.77.77"
PORT = 6379


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A network and mounts of their own, held by a process.

    Attributes:
        pid: That process.
        address: In its network.
        storage: Where the storage lies there.
        variables: Of what is started there.
    """

    pid: int
    address: str
    storage: Path
    variables: dict[str, str]

    def start(self, *command: str, **more) -> subprocess.Popen:
        words = ["nsenter", "-t", str(self.pid), "-n", "-m", f"--wd={ROOT}", *command]
        return subprocess.Popen(words, env=os.environ | self.variables, text=True, **more)

    def run(self, *command: str) -> subprocess.CompletedProcess:
        process = self.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, errors = process.communicate(timeout=600)
        finally:
            process.kill()
        return subprocess.CompletedProcess(command, process.returncode, out, errors)


@contextmanager
def machine(name: str, number: int, *, folder: Path, storage: Path) -> Iterator[Machine]:
    """One whose storage lies in a place of its own, and nothing where it lies on the host."""
    place = folder / name
    mounted = place / f"storage-of-{name}"
    mounted.mkdir(parents=True)
    (place / "ray").mkdir()
    hide = f"mount --bind {storage} {mounted} && mount -t tmpfs none {storage} && echo ready && exec sleep infinity"
    held = subprocess.Popen(
        [
            "ip",
            "netns",
            "exec",
            f"sscl-{name}",
            "unshare",
            "-m",
            "--propagation",
            "private",
            "sh",
            "-c",
            hide,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert held.stdout.readline() == "ready\n"
        yield Machine(
            pid=held.pid,
            address=f"{NETWORK}.{number}",
            storage=mounted,
            variables={
                "SECOND_SITE_DATA": f"vinbigdata={mounted / 'vinbigdata'}:chexpert_train={mounted / CHEXPERT}",
                "SECOND_SITE_RESULTS": str(mounted / "results"),
                "SECOND_SITE_CACHE": str(mounted / "cache"),
                "RAY_AUTH_MODE": "token",
                "RAY_AUTH_TOKEN_PATH": str(folder / "token"),
                "RAY_USAGE_STATS_ENABLED": "0",
                "RAY_TMPDIR": str(place),
                "OMP_NUM_THREADS": "1",
            },
        )
    finally:
        held.kill()
        held.wait()


@contextmanager
def networks() -> Iterator[None]:
    """Two, joined by one wire."""
    names = {"sscl-a": 1, "sscl-b": 2}
    try:
        for name in names:
            subprocess.run(["ip", "netns", "add", name], check=True)
        wire = "ip link add sscl0 netns sscl-a type veth peer name sscl0 netns sscl-b"
        subprocess.run(wire.split(), check=True)
        for name, number in names.items():
            for words in (f"addr add {NETWORK}.{number}/24 dev sscl0", "link set sscl0 up", "link set lo up"):
                subprocess.run(["ip", "-n", name, *words.split()], check=True)
        yield
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextmanager
def ray_on(one: Machine, *words: str, log: Path) -> Iterator[None]:
    """Ray as it is started on a node."""
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--object-store-memory=80000000"]
    with log.open("w") as said:
        process = one.start(*command, f"--node-ip-address={one.address}", *words, stdout=said, stderr=said)
        try:
            wait_until(lambda: process.poll() is not None or "--block" in log.read_text())
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        pytest.skip("makes networks and mounts of its own: needs root on Linux")
    if missing := [name for name in ("ip", "unshare", "nsenter") if shutil.which(name) is None]:
        pytest.skip(f"needs {', '.join(missing)}: Debian's packages iproute2 and util-linux")
    made = Path(tempfile.mkdtemp(prefix="sscl-", dir="/tmp"))  # short, for the sockets in it
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def machines(folder: Path) -> Iterator[tuple[Machine, Machine]]:
    storage = folder / "storage"
    write_vinbigdata(storage / "vinbigdata", per_class=12)
    write_chexpert(storage / "chexpert", patients=24)
    token = folder / "token"
    token.touch(mode=0o600)
    token.write_text(secrets.token_hex(32), encoding="ascii")
    with ExitStack() as stack:
        try:
            stack.enter_context(networks())
        except subprocess.CalledProcessError as error:
            pytest.skip(f"networks cannot be made here: {error}")
        head = stack.enter_context(machine("a", 1, folder=folder, storage=storage))
        other = stack.enter_context(machine("b", 2, folder=folder, storage=storage))
        words = ["--head", f"--port={PORT}", "--num-cpus=0", "--include-dashboard=false"]
        stack.enter_context(ray_on(head, *words, log=folder / "a.log"))
        stack.enter_context(ray_on(other, f"--address={head.address}:{PORT}", "--num-cpus=2", log=folder / "b.log"))
        yield head, other


def command(storage: Path, *words: str) -> list[str]:
    source, external = f"vinbigdata:{storage / 'vinbigdata'}", f"chexpert:{storage / 'chexpert'}"
    settings = [word for name, value in SETTINGS.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "train.py", "run", "--source", source, "--external", external, *settings, *words]


def rows(path: Path, table: str) -> pd.DataFrame:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.table(table).order("all").df()


def test_a_run_whose_tasks_are_performed_where_the_folders_lie_elsewhere_gives_the_same(machines, folder):
    head, _ = machines
    done = head.run(*command(head.storage, "--executor", "ray", "--ray-address", f"{head.address}:{PORT}"))
    assert done.returncode == 0, done.stderr[-3000:]
    alone = ["--workers", "2", "--cache", str(head.storage / "own-cache"), "--results", str(head.storage / "own")]
    done = head.run(*command(head.storage, *alone))
    assert done.returncode == 0, done.stderr[-3000:]

    there, here = (results / "tiny" / "results.duckdb" for results in shown(head, folder, "results", "own"))
    for table in TABLES:
        expected = rows(here, table)
        assert len(expected) > 0, table
        pd.testing.assert_frame_equal(rows(there, table), expected, check_exact=True)


def shown(one: Machine, folder: Path, *names: str) -> list[Path]:
    """Copies of what lies in a machine's storage, where this process can read them."""
    for name in names:
        subprocess.run(
            ["nsenter", "-t", str(one.pid), "-m", "cp", "-r", one.storage / name, folder / f"copy-{name}"], check=True
        )
    return [folder / f"copy-{name}" for name in names]


def test_a_node_without_the_storage_is_named_and_sets_nothing_aside(machines):
    head, other = machines
    subprocess.run(["nsenter", "-t", str(other.pid), "-m", "umount", str(other.storage)], check=True)
    places = ["--cache", str(head.storage / "fresh"), "--results", str(head.storage / "fresh-results")]
    done = head.run(*command(head.storage, *places, "--executor", "ray", "--ray-address", f"{head.address}:{PORT}"))
    assert done.returncode == 2
    assert re.search(f"The node .* has no folder {other.storage}", done.stderr)
