"""A small Ray cluster on this machine, whose head has two cores; a test may add nodes and take them away."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cxr_core.tasks.ray_auth import remove

STORE_BYTES = 80 * 2**20
SOON_MISSED = {"health_check_period_ms": 1000, "health_check_timeout_ms": 5000, "health_check_failure_threshold": 3}


@contextmanager
def ray_cluster() -> Iterator:
    """The cluster, as `ray.cluster_utils.Cluster`; it asks for a token, which is in the variables of this process."""
    folder = Path(tempfile.mkdtemp(prefix="tests-ray-", dir="/tmp"))  # short, for the sockets in it
    with pytest.MonkeyPatch.context() as patch:
        (folder / "token").write_text("0123456789abcdef" * 4, encoding="ascii")  # Ray remembers a process's first one
        for name in ("RAY_AUTH_TOKEN", "SECOND_SITE_RESULTS", "SECOND_SITE_CACHE", "SECOND_SITE_DATA"):
            patch.delenv(name, raising=False)
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN_PATH", str(folder / "token"))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_TMPDIR", str(folder))
        (folder / "ray").mkdir()
        from ray.cluster_utils import Cluster

        cluster = Cluster()
        try:
            cluster.add_node(
                num_cpus=2, object_store_memory=STORE_BYTES, include_dashboard=False, _system_config=SOON_MISSED
            )
            yield cluster
        finally:
            cluster.shutdown()
            remove(folder)


def holders_of(token: str) -> list[int]:
    """Processes that were begun with this token's path among their variables, but for this one's own."""
    mark = f"RAY_AUTH_TOKEN_PATH={token}".encode()
    found = []
    for variables in Path("/proc").glob("[0-9]*/environ"):
        try:
            has = mark in variables.read_bytes().split(b"\0")
        except OSError:
            continue
        if has and int(variables.parent.name) != os.getpid():
            found.append(int(variables.parent.name))
    return found
