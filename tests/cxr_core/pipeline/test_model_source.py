"""A run asks nothing of its models but their answers: those of no network go the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

import duckdb
import numpy as np
import pandas as pd
import pytest

from cxr_core.experiment import Experiment
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import sites
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.pipeline.workspace import ALREADY_SEALED, RunFolder, Workspace
from cxr_core.progress.report import StageName
from cxr_core.store import tables, write
from cxr_core.store.open import open_run

NOBODY_IS_ILL = np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.1], np.float32)


@dataclass(frozen=True, kw_only=True)
class SameAnswers:
    datasets: Sequence[Dataset]
    training_policies: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ("Nobody looked.",)
    thinned: frozenset[str] = frozenset()

    def append(self, connection: duckdb.DuckDBPyConnection, dataset: str) -> None:
        (images,) = (one.images[one.at_hand] for one in self.datasets if one.name == dataset)
        n = len(images)
        answers = tables.predictions(
            "nobody", dataset, images["image_id"].to_numpy(object),
            role=np.full(n, "external_test", object), predicted=np.zeros(n, np.int8),
            probability=np.tile(NOBODY_IS_ILL, (n, 1)),
        )  # fmt: skip
        write.append(connection, "prediction", answers)


@dataclass(frozen=True, kw_only=True)
class NoNetwork:
    """A `ModelSource` that takes every image for one without a finding."""

    stages: ClassVar[tuple[StageName, ...]] = ("decode", "write", "evaluate")
    parent: ClassVar[None] = None

    experiment: Experiment
    datasets: tuple[Planned, ...]

    def identity(self) -> dict[str, object]:
        return {"experiment": self.experiment.as_dict()}

    def check(self, workspace: Workspace) -> str:  # noqa: ARG002 -- nothing is computed
        return "cpu"

    def answers(self, datasets: Sequence[Dataset], *, context: RunContext) -> SameAnswers:
        context.progress.say(f"Nobody looks at {len(datasets)} dataset")
        return SameAnswers(datasets=datasets)

    def append_models(self, connection: duckdb.DuckDBPyConnection, *, folder: RunFolder) -> None:  # noqa: ARG002 -- no weights
        model = {"model_id": "nobody", "outputs": "softmax", "origin": "brought"}
        write.append(connection, "model", pd.DataFrame([model]))


@pytest.fixture
def source(hospitals, workspace, tiny):
    manifests = sites.read(str(hospitals[1]), classes=FINDINGS, default="chexpert", workspace=workspace)
    planned = sites.planned(manifests, site="external")
    return NoNetwork(experiment=replace(tiny, preset="score"), datasets=tuple(planned))


def test_answers_of_no_network_are_measured_and_sealed(source, workspace, capsys):
    folder = carry_out(source, workspace=workspace)

    assert "Nobody looks at 1 dataset\nEvaluating and writing the results\n" in capsys.readouterr().out
    with open_run(folder.results) as connection:
        assert connection.execute("SELECT preset, parent, notes FROM run").fetchall()[0][:2] == ("score", None)
        assert "Nobody looked." in connection.execute("SELECT unnest(notes) FROM run").fetchall()[-1]
        accuracy = """
            SELECT value FROM metric WHERE model_id = 'nobody' AND policy = 'u_ignore' AND task = 'single_class'
            AND stratum = 'all' AND metric = 'accuracy'
        """
        share = """
            SELECT avg((class = 0)::INT) FROM reference JOIN image USING (dataset, image_id)
            WHERE policy = 'u_ignore' AND class IS NOT NULL AND image.left_out IS NULL
        """
        assert connection.execute(accuracy).fetchall() == [pytest.approx(connection.execute(share).fetchone())]
        assert connection.execute("SELECT count(*) FROM gap").fetchone() == (0,)
    assert not folder.work.exists()


def test_a_sealed_run_of_no_network_is_not_made_again(source, workspace, capsys):
    once = carry_out(source, workspace=workspace)
    capsys.readouterr()

    assert carry_out(source, workspace=workspace) == once
    assert capsys.readouterr().out == f"{ALREADY_SEALED}\n"
