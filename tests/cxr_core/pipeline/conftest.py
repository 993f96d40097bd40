"""A run on the tiny hospitals that takes seconds."""

import pytest

from cxr_core.experiment import Experiment
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.journal import Journal
from cxr_core.progress.meter import Progress
from cxr_core.settings import Network, Recipe
from cxr_core.tasks import Local
from tests.support.brought import write_brought
from tests.support.softmax import write_softmax


@pytest.fixture
def workspace(tmp_path, cache):
    return Workspace(results=tmp_path / "results", cache=cache, device="cpu", workers=1)


@pytest.fixture
def context(workspace, tmp_path):
    folder = RunFolder(path=tmp_path / "results" / "one")
    return RunContext(
        workspace=workspace,
        folder=folder,
        executor=Local(workers=1),
        device="cpu",
        progress=Progress(Journal(("decode",))),
    )


@pytest.fixture(scope="session")
def tiny():
    """Settings whose run takes seconds."""
    return Experiment(
        members=2,
        replicates=100,
        network=Network(architecture="small", weights="none", size_px=32),
        recipe=Recipe(epochs=2, batch_size=8, learning_rate=0.01),
    )


@pytest.fixture(scope="session")
def softmax_run(tmp_path_factory):
    """A results file of one brought model of classes that exclude each other; never changed."""
    return write_softmax(tmp_path_factory.mktemp("softmax") / "results.duckdb")


@pytest.fixture(scope="session")
def sigmoid_run(tmp_path_factory):
    """A results file of two brought models of findings that do not; never changed."""
    return write_brought(tmp_path_factory.mktemp("sigmoid") / "results.duckdb")
