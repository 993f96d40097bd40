"""Several runs side by side, each as it opens: its first model on its first sites under their first policies."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.overview.data.sample_size import SampleSize, sample_size
from dashboard.results.baselines import Baselines, baselines
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import (
    Configuration,
    configuration_gap_rows,
    configuration_rows,
    configurations,
)
from dashboard.results.database import RunKey
from dashboard.results.downloads import Row
from dashboard.results.runs import choices
from dashboard.results.side import Side

_METRIC = "accuracy"


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One run among several.

    Attributes:
        comparison: Its results file, the ensemble that stands for it, its sites and policies.
        configurations: All that were tested there.
        baselines: The lines of that ensemble's external test; None if it has none.
    """

    comparison: Comparison
    configurations: tuple[Configuration, ...]
    baselines: Baselines | None

    @property
    def row(self) -> Configuration | None:
        """The configuration that stands for the run; None if its model was not tested there."""
        return next((row for row in self.configurations if row.model == self.comparison.model), None)


def summarize(comparison: Comparison) -> RunSummary:
    """A run, at what was chosen in it."""
    return RunSummary(
        comparison=comparison,
        configurations=configurations(comparison, metric=_METRIC),
        baselines=baselines(comparison, kind="external_test"),
    )


def summarize_as_opened(run: RunKey) -> RunSummary | None:
    """A run at its first model, sites and policies; None if it holds no tested model."""
    offered = choices(run)
    if not offered.models or not offered.internal:
        return None
    internal, external = offered.internal[0], offered.external[0] if offered.external else None
    comparison = Comparison(
        run=run,
        model=offered.models[0],
        internal_dataset=internal.dataset,
        internal_policy=internal.policies[0],
        external_dataset=external.dataset if external else None,
        external_policy=external.policies[0] if external else None,
    )
    summary = summarize(comparison)
    return summary if summary.row is not None else None


def run_rows(runs: Sequence[RunSummary]) -> list[Row]:
    """The configurations of one or several runs for a download, a row a number."""
    return [row for run in runs for row in configuration_rows(run.comparison, run.configurations, metric=_METRIC)]


def run_gap_rows(runs: Sequence[RunSummary]) -> list[Row]:
    """What they lose, for a download."""
    return [row for run in runs for row in configuration_gap_rows(run.comparison, run.configurations, metric=_METRIC)]


def sample_sizes(run: RunSummary) -> dict[Side, SampleSize]:
    """The images that a run's model was tested on; none where it has no such test."""
    return {side: sample_size(run.comparison, side) for side in Side}
