"""No test depends on time: a machine under load is no reason to fail. Each of several workers has one thread."""

import os

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if "PYTEST_XDIST_WORKER" in os.environ:
    # Before any library counts the cores; a thread that waits for work must not keep a core from another worker.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: no worker is left alone with it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("begins_first") is None)
