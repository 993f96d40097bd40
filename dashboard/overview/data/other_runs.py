"""Several runs side by side, each as it opens: its first model on its first sites under their first policies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from dashboard.results.pairs import are_alike
from dashboard.results.runs import by_study, choices, studies, without_patients
from dashboard.results.sample_size import SampleSize, sample_size
from dashboard.results.side import Side

_RANKING = "macro_auroc"


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One run among several.

    Attributes:
        comparison: Its results file, the ensemble that stands for it, its sites and policies.
        configurations: All that were tested there, in accuracy.
        rankings: The same in macro AUROC; empty if the run has none.
        baselines: The lines of that ensemble's external test; None if it has none.
    """

    comparison: Comparison
    configurations: tuple[Configuration, ...]
    rankings: tuple[Configuration, ...]
    baselines: Baselines | None

    @property
    def row(self) -> Configuration | None:
        """The configuration that stands for the run; None if its model was not tested there."""
        return next((row for row in self.configurations if row.model == self.comparison.model), None)

    def ranking(self, row: Configuration) -> Configuration | None:
        """A configuration in macro AUROC; None if that was not measured."""
        alike = (each for each in self.rankings if (each.regime, each.model) == (row.regime, row.model))
        return next(alike, None)


def summarize(comparison: Comparison) -> RunSummary:
    """A run, at what was chosen in it."""
    return RunSummary(
        comparison=comparison,
        configurations=configurations(comparison),
        rankings=_rankings(comparison),
        baselines=baselines(comparison, kind="external_test"),
    )


def as_opened(run: RunKey) -> Comparison | None:
    """A run at its first model, sites and policies; None if it holds no tested model."""
    offered = choices(run)
    if not offered.has_tested_model:
        return None
    internal = offered.internal[0] if offered.internal else None
    external = offered.external[0] if offered.external else None
    return Comparison(
        run=run,
        model=offered.models[0],
        internal_dataset=internal.dataset if internal else None,
        internal_policy=internal.policies[0] if internal else None,
        external_dataset=external.dataset if external else None,
        external_policy=external.policies[0] if external else None,
        studies=studies(run),
        without_patients=without_patients(run),
        by_study=by_study(run),
        is_brought=offered.models[0] in offered.brought,
    )


def summarize_as_opened(run: RunKey) -> RunSummary | None:
    """A run at its first model, sites and policies; None if that gives no accuracy."""
    comparison = as_opened(run)
    summary = None if comparison is None else summarize(comparison)
    return summary if summary is not None and summary.row is not None else None


def run_rows(runs: Sequence[RunSummary]) -> list[Row]:
    """The configurations of one or several runs, or external sites, for a download: a row a number, each once."""
    rows: list[Row] = []
    for run in runs:
        for metric, shown in _shown(run).items():
            rows += (row for row in configuration_rows(run.comparison, shown, metric=metric) if row not in rows)
    return rows


def run_gap_rows(runs: Sequence[RunSummary]) -> list[Row]:
    """What they lose, for a download."""
    return [
        row
        for run in runs
        for metric, shown in _shown(run).items()
        for row in configuration_gap_rows(run.comparison, shown, metric=metric)
    ]


def _shown(run: RunSummary) -> dict[str, tuple[Configuration, ...]]:
    return {"accuracy": run.configurations, _RANKING: run.rankings}


def _rankings(comparison: Comparison) -> tuple[Configuration, ...]:
    """Single members whose averages are over other classes internally than externally lose nothing that can be told."""
    rows = configurations(comparison, metric=_RANKING)
    unlike = {
        row.regime for row in rows if row.lost is not None and not are_alike(row.internal, row.external, row.lost)
    }
    return tuple(replace(row, lost=None) if row.members is not None and row.regime in unlike else row for row in rows)


def sample_sizes(run: RunSummary) -> dict[Side, SampleSize]:
    """The images that a run's model was tested on; none where it has no such test."""
    return {side: sample_size(run.comparison, side) for side in Side}
