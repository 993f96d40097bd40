"""Means over findings side by side: of the models of a run, of its external sites, or of several runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.overview.data.findings import FindingScores
from dashboard.overview.data.other_runs import as_opened
from dashboard.results.class_scores import class_scores, mean_score
from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey
from dashboard.results.downloads import Row, gap_rows, number_rows
from dashboard.results.holdings import holdings
from dashboard.results.metrics import Number, numbers
from dashboard.results.pairs import Pair
from dashboard.results.runs import choices


@dataclass(frozen=True, kw_only=True)
class FindingMeans:
    """What is said first of a model in its tests, as means over findings.

    Attributes:
        comparison: The model and its tests.
        means: By the names of the metrics in the catalogue, without ``macro_``.
    """

    comparison: Comparison
    means: Mapping[str, Pair]

    @property
    def findings(self) -> int:
        """The findings that the site of the last test and the model both know."""
        pairs = class_scores(self.comparison, metric=next(iter(self.means)), task="finding")
        return sum(list(pair.sides.values())[-1].estimate.n > 0 for pair in pairs)

    def as_scores(self, name: str) -> FindingScores:
        """As a row of the picture."""
        return FindingScores(name=name, scores=self.means)


def of_models(comparison: Comparison) -> tuple[FindingMeans, ...]:
    """Every model of the run on the same tests that has numbers there."""
    models = (replace(comparison, model=model) for model in choices(comparison.run).models)
    found = (_means(each, metrics=holdings(each).headline) for each in models)
    return tuple(each for each in found if each is not None)


def of_external_sites(comparison: Comparison) -> tuple[FindingMeans, ...]:
    """The comparison with each external dataset: the one shown under its policy, others under their first one."""
    sites = (
        comparison
        if each.dataset == comparison.external_dataset
        else replace(comparison, external_dataset=each.dataset, external_policy=each.policies[0])
        for each in choices(comparison.run).external
    )
    found = (_means(each, metrics=holdings(comparison).headline) for each in sites)
    return tuple(each for each in found if each is not None)


def of_run(run: RunKey, *, metrics: Sequence[str]) -> FindingMeans | None:
    """A run as it opens; None if it has none of these means over findings."""
    comparison = as_opened(run)
    return None if comparison is None else _means(comparison, metrics=metrics)


def mean_rows(shown: Sequence[FindingMeans]) -> list[Row]:
    """The means over findings in both tests, for a download: each number once."""
    rows: list[Row] = []
    for each in shown:
        found = (number for number in _numbers(each) if number.kind != "train")
        rows += [row for row in number_rows(each.comparison.run, found) if row not in rows]
    return rows


def mean_gap_rows(shown: Sequence[FindingMeans]) -> list[Row]:
    """What is lost of them, for a download."""
    return [row for each in shown for row in gap_rows(each.comparison, _numbers(each))]


def _numbers(found: FindingMeans) -> tuple[Number, ...]:
    return numbers(found.comparison, metrics=tuple(f"macro_{metric}" for metric in found.means), task="finding")


def _means(comparison: Comparison, *, metrics: Sequence[str]) -> FindingMeans | None:
    found = {metric: mean_score(comparison, metric=metric) for metric in metrics}
    known = {metric: pair for metric, pair in found.items() if pair is not None}
    return FindingMeans(comparison=comparison, means=known) if known else None
