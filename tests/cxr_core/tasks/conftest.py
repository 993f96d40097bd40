"""The places where tasks run, by name; a cluster is started once in a module that asks for it."""

from collections.abc import Iterator

import pytest

from cxr_core.tasks import Executor, Local
from cxr_core.tasks.ray import ray_executor
from tests.support.ray import ray_cluster
from tests.support.slurm import local_slurm


@pytest.fixture(scope="module")
def cluster() -> Iterator:
    with ray_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def ray_nodes(cluster, tmp_path_factory) -> Iterator[Executor]:
    """Each test's folder lies under its root."""
    with ray_executor(cluster.address, task_cpus=1, roots={"results": tmp_path_factory.getbasetemp()}) as executor:
        yield executor


@pytest.fixture
def slurm_elements(tmp_path) -> Iterator[Executor]:
    """By submitit's local cluster."""
    with local_slurm(tmp_path) as executor:
        yield executor


@pytest.fixture
def executor(request) -> Executor:
    match request.param:
        case "inline":
            return Local(workers=0)
        case "local":
            return Local(workers=2)
        case name:
            return request.getfixturevalue(name)
