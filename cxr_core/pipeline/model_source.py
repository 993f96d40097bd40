"""The source of a run's models: trained here, or inherited from an old run."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import duckdb

from cxr_core.experiment import Experiment
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.sites import Dataset, Planned
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.report import StageName


class ModelAnswers(Protocol):
    """The answers of a run's models for its datasets, made and ready to be written."""

    @property
    def datasets(self) -> Sequence[Dataset]:
        """The datasets as they are written, in that order."""
        ...

    @property
    def training_policies(self) -> Mapping[str, str]:
        """From a dataset that this run trained on to the policy that decided what; of others nothing."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers must know, a sentence each."""
        ...

    @property
    def thinned(self) -> frozenset[str]:
        """Datasets whose held-out images are not all answered."""
        ...

    def append(self, connection: duckdb.DuckDBPyConnection, dataset: str) -> None:
        """Appends every model's answers for one dataset, whose own rows are in the file."""
        ...


class ModelSource(Protocol):
    """Where a run's models come from, and with them its settings and what it must know of the source site."""

    @property
    def experiment(self) -> Experiment:
        """Every setting of the run."""
        ...

    @property
    def datasets(self) -> Sequence[Planned]:
        """The datasets that are read for this run."""
        ...

    @property
    def parent(self) -> str | None:
        """The run that the models were taken from, None if from none."""
        ...

    @property
    def stages(self) -> tuple[StageName, ...]:
        """What a run with such models goes through, in order."""
        ...

    def identity(self) -> dict[str, object]:
        """Everything that makes the run what it is, without any path of this machine."""
        ...

    def check(self, workspace: Workspace) -> str:
        """Looks, before hours of decoding, whether the models can be had.

        Returns:
            The device.

        Raises:
            CxrError: If something stands in the way that the user can mend.
        """
        ...

    def answers(self, datasets: Sequence[Dataset], *, context: RunContext) -> ModelAnswers:
        """Makes the models and their answers, from where an earlier attempt stopped.

        Args:
            datasets: Those of `datasets`, with their images.
            context: Of the run.
        """
        ...

    def append_models(self, connection: duckdb.DuckDBPyConnection, *, folder: RunFolder) -> None:
        """Appends the rows of the models, and what comes with them of datasets that are not read for this run.

        Args:
            connection: The new results file, nothing in it yet.
            folder: The run's.
        """
        ...
