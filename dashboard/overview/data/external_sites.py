"""Every external site of a run side by side, under one model."""

from dataclasses import replace

from dashboard.overview.data.other_runs import RunSummary, summarize
from dashboard.results.comparison import Comparison
from dashboard.results.runs import choices


def has_several(comparison: Comparison) -> bool:
    """Whether the run has more than one external dataset."""
    return len(choices(comparison.run).external) > 1


def at_external_sites(comparison: Comparison) -> tuple[RunSummary, ...]:
    """The comparison with each external dataset: the one shown under its policy, others under their first one."""
    return tuple(
        summarize(
            comparison
            if each.dataset == comparison.external_dataset
            else replace(comparison, external_dataset=each.dataset, external_policy=each.policies[0])
        )
        for each in choices(comparison.run).external
    )
