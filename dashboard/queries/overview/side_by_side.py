"""Several runs side by side, each as it opens: its first model on its first sites under their first policies."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.queries.overview import accuracies
from dashboard.queries.overview.accuracies import Configuration, configurations
from dashboard.queries.overview.no_skill import NoSkill, no_skill
from dashboard.queries.overview.sample import Sample, sample
from dashboard.results.comparison import Comparison
from dashboard.results.runs import RunKey, choices


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One run among several.

    Attributes:
        comparison: Its results file, the ensemble that stands for it, its sites and policies.
        configurations: All that were tested there.
        abroad: The no-skill lines of that ensemble's external test; None if it has none.
    """

    comparison: Comparison
    configurations: tuple[Configuration, ...]
    abroad: NoSkill | None

    @property
    def row(self) -> Configuration | None:
        """The configuration that stands for the run; None if its model was not tested there."""
        return next((row for row in self.configurations if row.model == self.comparison.model), None)


def beside(comparison: Comparison) -> Beside:
    """A run, at what was chosen in it."""
    return Beside(
        comparison=comparison,
        configurations=configurations(comparison),
        abroad=no_skill(
            comparison.run,
            model=comparison.model,
            dataset=comparison.external_dataset,
            policy=comparison.external_policy,
            role="external_test",
        ),
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


def as_rows(runs: Sequence[Beside]) -> list[dict[str, str | float | None]]:
    """The configurations of one or several runs as a table to take along; with several, the run's name in front."""
    named = [{"run": each.comparison.run.name} if len(runs) > 1 else {} for each in runs]
    return [
        {**name, **row, **each.comparison.parameters()}
        for name, each in zip(named, runs, strict=True)
        for row in accuracies.as_rows(each.configurations)
    ]


def samples(run: Beside) -> tuple[Sample, Sample]:
    """The images that a run's model was tested on at home and abroad."""
    at = run.comparison
    return (
        sample(at.run, model=at.model, dataset=at.internal_dataset, policy=at.internal_policy, role="internal_test"),
        sample(at.run, model=at.model, dataset=at.external_dataset, policy=at.external_policy, role="external_test"),
    )
