"""A small Ray cluster on this machine, whose head has two cores; a test may add nodes and take them away."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cxr_core.tasks.ray.auth import remove
from cxr_core.tasks.ray.cluster import QUIET

STORE_BYTES = 80 * 2**20
SOON_MISSED = {"health_check_period_ms": 1000, "health_check_timeout_ms": 5000, "health_check_failure_threshold": 3}

_made: list[Path] = []


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
        for name, value in QUIET.items():  # Ray reads them when it is loaded
            patch.setenv(name, value)
        patch.setenv("RAY_TMPDIR", str(folder))
        (folder / "ray").mkdir()
        _made.append(folder)
        from ray.cluster_utils import Cluster

        cluster = Cluster(shutdown_at_exit=False)  # it would take SIGTERM for itself
        try:
            cluster.add_node(
                num_cpus=2, object_store_memory=STORE_BYTES, include_dashboard=False, _system_config=SOON_MISSED
            )
            yield cluster
        finally:
            cluster.shutdown()
            for made in _made:  # with a process's second cluster Ray makes the first one's folder again
                remove(made)
