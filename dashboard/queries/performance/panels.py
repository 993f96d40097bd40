"""Every metric of all classes together, of the four configurations: the paper's Fig. 4, and more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cxr_core.metrics.catalogue import records
from cxr_core.metrics.record import Metric
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration, configurations
from dashboard.results.configurations import csv_rows as csv_of_configurations
from dashboard.results.metrics import CsvRow, Number, numbers
from dashboard.results.no_skill import NoSkill
from dashboard.results.runs import classes
from dashboard.results.side import Side

METRICS = (*records(scope="overall", task="single_class"), *records(scope="macro", task="single_class"))
"""The metrics of all classes together."""


@dataclass(frozen=True, kw_only=True)
class Averaged:
    """Which classes a mean over classes leaves out, in class order.

    Attributes:
        classes: The run's.
        missing: Of them, those left out in each test that there is: classes with too few images, of the mean over all
            classes that have images those without any. Empty where the metric is no mean.
    """

    classes: tuple[str, ...]
    missing: Mapping[Side, tuple[str, ...]]

    @property
    def is_alike(self) -> bool:
        """Whether both tests average the same classes, so that one average may be taken from the other."""
        return self.missing.get(Side.INTERNAL) == self.missing.get(Side.EXTERNAL)


@dataclass(frozen=True, kw_only=True)
class PanelRow:
    """A configuration in one metric.

    Attributes:
        configuration: Its estimates. The loss of an ensemble is over the classes that both tests share; that of single
            members is None unless all averages are over the same classes.
        averaged: What it leaves out.
        is_joined: Whether the marks of both tests are of the same classes.
    """

    configuration: Configuration
    averaged: Averaged
    is_joined: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One metric of all configurations."""

    metric: Metric
    rows: tuple[PanelRow, ...]


def panels(comparison: Comparison) -> tuple[Panel, ...]:
    """Each metric that the run has, with the configurations of the run in the same order."""
    recalls = numbers(comparison, metrics=("recall",), every_model=True)
    named, shown = classes(comparison.run), configurations(comparison)
    found = []
    for metric in METRICS:
        if own := configurations(comparison, metric=metric.name):
            rows = (
                _row(each, metric=metric, averaged=_averaged(recalls, each, metric=metric, named=named))
                for each in _in_order(shown, own)
            )
            found.append(Panel(metric=metric, rows=tuple(rows)))
    return tuple(found)


def without_skill(found: Sequence[Panel], *, external: NoSkill | None) -> dict[str, float]:
    """What takes no skill to reach in the external test, by the name of the metric, where that is known.

    A constant answer finds all images of one class and none of the others, so its macro recall is one over the number
    of classes.

    Args:
        found: The panels.
        external: The no-skill lines of the external test.
    """
    lines = {panel.metric.name: _line(panel, external) for panel in found}
    return {name: line for name, line in lines.items() if line is not None}


def _line(panel: Panel, external: NoSkill | None) -> float | None:
    if panel.metric.baseline == "no_skill_best_constant":
        return None if external is None else external.edge
    if panel.metric.baseline == "half":
        return 0.5
    if panel.metric.baseline == "one_over_classes":
        averages = [row.averaged for row in panel.rows if Side.EXTERNAL in row.averaged.missing]
        counts = {len(each.classes) - len(each.missing[Side.EXTERNAL]) for each in averages} - {0}
        return 1 / counts.pop() if len(counts) == 1 else None
    return None


def csv_rows(found: Sequence[Panel]) -> list[CsvRow]:
    """The panels for a download, a row a number."""
    return [
        {"metric": panel.metric.name, **row}
        for panel in found
        for row in csv_of_configurations([each.configuration for each in panel.rows])
    ]


def _in_order(shown: Sequence[Configuration], found: Sequence[Configuration]) -> list[Configuration]:
    """One for each that is shown: a configuration that a metric was not measured of has a row of nothing."""
    known = {(each.regime, each.members is None): each for each in found}
    return [
        known.get(
            (each.regime, each.members is None), replace(each, training=None, internal=None, external=None, lost=None)
        )
        for each in shown
    ]


def _row(configuration: Configuration, *, metric: Metric, averaged: Averaged) -> PanelRow:
    is_joined = metric.mean_of is None or averaged.is_alike
    if not is_joined and configuration.members is not None:
        configuration = replace(configuration, lost=None)
    return PanelRow(configuration=configuration, averaged=averaged, is_joined=is_joined)


def _averaged(
    recalls: Sequence[Number], configuration: Configuration, *, metric: Metric, named: tuple[str, ...]
) -> Averaged:
    if metric.mean_of is None:
        return Averaged(classes=named, missing={})
    is_ensemble = configuration.members is None
    own = [row for row in recalls if row.regime == configuration.regime]
    own = [row for row in own if (row.is_ensemble if is_ensemble else row.member is not None)]
    missing = {}
    for side in Side:
        if tested := [row for row in own if row.kind == side.role]:
            few = {row.finding for row in tested if _is_left_out(row, metric)}
            missing[side] = tuple(finding for finding in named if finding in few)
    return Averaged(classes=named, missing=missing)


def _is_left_out(recall: Number, metric: Metric) -> bool:
    return not recall.positives if metric.scope == "overall" else not recall.estimate.estimable
