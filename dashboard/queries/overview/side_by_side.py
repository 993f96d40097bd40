"""Several runs side by side, each as it opens: its first model on its first sites under their first policies."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.queries.overview.sample import Sample, sample
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration, configurations
from dashboard.results.configurations import csv_rows as csv_of_configurations
from dashboard.results.metrics import CsvRow
from dashboard.results.no_skill import NoSkill, no_skill
from dashboard.results.runs import RunKey, choices
from dashboard.results.side import Side


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One run among several.

    Attributes:
        comparison: Its results file, the ensemble that stands for it, its sites and policies.
        configurations: All that were tested there.
        no_skill: The lines of that ensemble's external test; None if it has none.
    """

    comparison: Comparison
    configurations: tuple[Configuration, ...]
    no_skill: NoSkill | None

    @property
    def row(self) -> Configuration | None:
        """The configuration that stands for the run; None if its model was not tested there."""
        return next((row for row in self.configurations if row.model == self.comparison.model), None)


def beside(comparison: Comparison) -> Beside:
    """A run, at what was chosen in it."""
    return Beside(
        comparison=comparison,
        configurations=configurations(comparison),
        no_skill=no_skill(comparison, kind="external_test"),
    )


def as_it_opens(run: RunKey) -> Beside | None:
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
    found = beside(comparison)
    return found if found.row is not None else None


def csv_rows(runs: Sequence[Beside]) -> list[CsvRow]:
    """The configurations of one or several runs for a download; with several, the run's name in front."""
    named = [{"run": each.comparison.run.name} if len(runs) > 1 else {} for each in runs]
    return [
        {**name, **row, **each.comparison.parameters()}
        for name, each in zip(named, runs, strict=True)
        for row in csv_of_configurations(each.configurations)
    ]


def samples(run: Beside) -> dict[Side, Sample]:
    """The images that a run's model was tested on; none where it has no such test."""
    return {side: sample(run.comparison, side) for side in Side}
