"""What a model reaches in both tests by other numbers: at the external class mix, classes alike, its ranking."""

from dataclasses import dataclass

from dashboard.notation import Estimate
from dashboard.overview.data.other_runs import RunSummary
from dashboard.results.configurations import Configuration, configurations
from dashboard.results.differences import difference
from dashboard.results.waterfalls import GapParts, of_scale, waterfalls

AT_EXTERNAL_MIX = "accuracy_at_external_mix"
"""Accuracy if the classes were as frequent in the internal test as they are in the external one."""

_BALANCED = "balanced_accuracy"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One number in both tests.

    Attributes:
        metric: Its name in the catalogue, or `AT_EXTERNAL_MIX`.
        internal: In the internal test.
        external: In the external test.
        lost: Internal minus external.
    """

    metric: str
    internal: Estimate | None
    external: Estimate | None
    lost: Estimate | None


def measures(own: RunSummary) -> tuple[Measure, ...]:
    """Accuracy, the same at the external mix, balanced accuracy and macro AUROC of the model that a page is about.

    Args:
        own: The run.

    Returns:
        Nothing where the gap was not taken apart, as in runs of before or under other policies than the primary ones.
    """
    apart = of_scale(waterfalls(own.comparison), "accuracy", finding=None)
    if apart is None or own.row is None:
        return ()
    balanced = configurations(own.comparison, metric=_BALANCED)
    found = (
        _measure("accuracy", own.row),
        _at_external_mix(apart),
        _measure(_BALANCED, next((row for row in balanced if row.model == own.comparison.model), None)),
        _measure("macro_auroc", own.ranking(own.row)),
    )
    return tuple(each for each in found if each is not None)


def _measure(metric: str, row: Configuration | None) -> Measure | None:
    if row is None:
        return None
    return Measure(metric=metric, internal=row.internal, external=row.external, lost=row.lost)


def _at_external_mix(apart: GapParts) -> Measure | None:
    internal, external = apart.levels.get("internal_at_target"), apart.levels.get("external_at_target")
    if internal is None or external is None:
        return None
    return Measure(metric=AT_EXTERNAL_MIX, internal=internal, external=external, lost=difference(internal, external))
