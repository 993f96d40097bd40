"""Accuracy, macro precision, macro recall and macro F1 of the four configurations: the paper's Fig. 4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration, configurations
from dashboard.results.configurations import csv_rows as csv_of_configurations
from dashboard.results.metrics import CsvRow, Number, numbers
from dashboard.results.no_skill import NoSkill
from dashboard.results.runs import classes
from dashboard.results.side import Side

METRICS = ("accuracy", "macro_precision", "macro_recall", "macro_f1")


@dataclass(frozen=True, kw_only=True)
class Averaged:
    """Which classes have too few images to enter the macro averages of a configuration, in class order.

    Attributes:
        classes: The run's.
        missing: Of them, those in each test that there is.
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
        averaged: What its macro averages leave out.
        is_joined: Whether the marks of both tests are of the same classes.
    """

    configuration: Configuration
    averaged: Averaged
    is_joined: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One metric of all configurations."""

    metric: str
    rows: tuple[PanelRow, ...]


def panels(comparison: Comparison) -> tuple[Panel, ...]:
    """The four metrics, each with the configurations of the run in the same order."""
    recalls = numbers(comparison, metrics=("recall",), every_model=True)
    named, shown = classes(comparison.run), configurations(comparison)
    return tuple(
        Panel(
            metric=metric,
            rows=tuple(
                _row(each, metric=metric, averaged=_averaged(recalls, each, named=named))
                for each in _in_order(shown, configurations(comparison, metric=metric))
            ),
        )
        for metric in METRICS
    )


def best_constants(found: Sequence[Panel], *, external: NoSkill | None) -> dict[str, float]:
    """The most that a constant answer scores in the external test, for the metrics where that is known.

    A constant answer finds all images of one class and none of the others, so its macro recall is one over the number
    of classes.

    Args:
        found: The panels.
        external: The no-skill lines of the external test.
    """
    constants = {"accuracy": external.edge} if external is not None and external.edge is not None else {}
    averages = [row.averaged for panel in found for row in panel.rows]
    averaged = {
        len(each.classes) - len(each.missing[Side.EXTERNAL]) for each in averages if Side.EXTERNAL in each.missing
    }
    if len(averaged) == 1 and (classes_left := averaged.pop()) > 0:
        constants["macro_recall"] = 1 / classes_left
    return constants


def csv_rows(found: Sequence[Panel]) -> list[CsvRow]:
    """The panels for a download, a row a number."""
    return [
        {"metric": panel.metric, **row}
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


def _row(configuration: Configuration, *, metric: str, averaged: Averaged) -> PanelRow:
    is_joined = metric == "accuracy" or averaged.is_alike
    if not is_joined and configuration.members is not None:
        configuration = replace(configuration, lost=None)
    return PanelRow(configuration=configuration, averaged=averaged, is_joined=is_joined)


def _averaged(recalls: Sequence[Number], configuration: Configuration, *, named: tuple[str, ...]) -> Averaged:
    is_ensemble = configuration.members is None
    own = [row for row in recalls if row.regime == configuration.regime]
    own = [row for row in own if (row.is_ensemble if is_ensemble else row.member is not None)]
    missing = {}
    for side in Side:
        if tested := [row for row in own if row.kind == side.role]:
            few = {row.finding for row in tested if not row.estimate.estimable}
            missing[side] = tuple(finding for finding in named if finding in few)
    return Averaged(classes=named, missing=missing)
