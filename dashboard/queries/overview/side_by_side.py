"""Several runs side by side, each as it opens: its first model on its first sites under their first policies."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.queries.overview import accuracies
from dashboard.queries.overview.accuracies import Configuration, Selection, configurations
from dashboard.queries.overview.no_skill import NoSkill, no_skill
from dashboard.queries.overview.sample import Sample, sample
from dashboard.queries.runs import RunKey, choices


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One run among several.

    Attributes:
        run: Its results file.
        model: The id of the ensemble that stands for it.
        selection: Its sites and policies.
        configurations: All that were tested there.
        abroad: The no-skill lines of that ensemble's external test; None if it has none.
    """

    run: RunKey
    model: str
    selection: Selection
    configurations: tuple[Configuration, ...]
    abroad: NoSkill | None

    @property
    def row(self) -> Configuration | None:
        """The configuration that stands for the run; None if its model was not tested there."""
        return next((row for row in self.configurations if row.model == self.model), None)


def beside(run: RunKey, *, model: str, selection: Selection) -> Beside:
    """A run, at what was chosen in it."""
    return Beside(
        run=run,
        model=model,
        selection=selection,
        configurations=configurations(run, selection),
        abroad=no_skill(run, model=model, dataset=selection.site, policy=selection.abroad, role="external_test"),
    )


def as_it_opens(run: RunKey) -> Beside | None:
    """A run at its first model, sites and policies; None if it holds no tested model."""
    offered = choices(run)
    if not offered.models or not offered.homes:
        return None
    home, site = offered.homes[0], offered.sites[0] if offered.sites else None
    selection = Selection(
        internal=home.dataset,
        home=home.policies[0],
        site=site.dataset if site else None,
        abroad=site.policies[0] if site else None,
    )
    found = beside(run, model=offered.models[0], selection=selection)
    return found if found.row is not None else None


def as_rows(runs: Sequence[Beside]) -> list[dict[str, str | float | None]]:
    """The configurations of one or several runs as a table to take along; with several, the run's name in front."""
    named = [{"run": each.run.name} if len(runs) > 1 else {} for each in runs]
    return [
        {**name, **row, **vars(each.selection)}
        for name, each in zip(named, runs, strict=True)
        for row in accuracies.as_rows(each.configurations)
    ]


def samples(run: Beside) -> tuple[Sample, Sample]:
    """The images that a run's model was tested on at home and abroad."""
    at = run.selection
    return (
        sample(run.run, model=run.model, dataset=at.internal, policy=at.home, role="internal_test"),
        sample(run.run, model=run.model, dataset=at.site, policy=at.abroad, role="external_test"),
    )
