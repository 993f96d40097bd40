"""Every metric of all classes together in the four configurations; the paper's Fig. 4 has four of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cxr_core.metrics import catalogue
from cxr_core.metrics.record import Scope
from dashboard.results.baselines import Baselines
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import (
    Configuration,
    configuration_gap_rows,
    configuration_rows,
    configurations,
)
from dashboard.results.downloads import Row
from dashboard.results.metrics import Number, numbers
from dashboard.results.runs import classes
from dashboard.results.side import Side

SCOPES: tuple[Scope, ...] = ("overall", "macro")

METRICS = tuple(record.name for scope in SCOPES for record in catalogue.records(scope=scope, task="single_class"))
"""Those of all images together, then the means over classes."""


@dataclass(frozen=True, kw_only=True)
class Averaged:
    """Which classes the averages of a configuration leave out, in class order.

    Attributes:
        classes: The run's.
        missing: Of them, in each test that there is, those with too few images for a macro average.
        empty: Likewise those without any image, which balanced accuracy leaves out.
    """

    classes: tuple[str, ...]
    missing: Mapping[Side, tuple[str, ...]]
    empty: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)

    def left_out(self, metric: str) -> Mapping[Side, tuple[str, ...]]:
        """What a metric leaves out in each test; nothing where it is no average over classes."""
        record = catalogue.record(metric)
        if record.mean_of is None:
            return {}
        return self.missing if record.scope == "macro" else self.empty

    def is_alike(self, metric: str) -> bool:
        """Whether a metric averages the same classes in both tests, so that one may be taken from the other."""
        own = self.left_out(metric)
        return own.get(Side.INTERNAL, ()) == own.get(Side.EXTERNAL, ())


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

    @property
    def has_number(self) -> bool:
        """Whether any mark can be drawn."""
        shown = (row.configuration for row in self.rows)
        return any(
            row.has_test or (row.internal is None and row.training is not None and row.training.is_number)
            for row in shown
        )

    @property
    def has_gap(self) -> bool:
        """Whether any gap can be told."""
        lost = (row.configuration.lost for row in self.rows)
        return any(each is not None and each.is_number for each in lost)


def panels(comparison: Comparison) -> tuple[Panel, ...]:
    """Every metric that the run has, each with the configurations of the run in the same order."""
    recalls = numbers(comparison, metrics=("recall",), every_model=True)
    named, shown = classes(comparison.run), configurations(comparison)
    measured = {metric: configurations(comparison, metric=metric) for metric in METRICS}
    return tuple(
        Panel(
            metric=metric,
            rows=tuple(
                _row(configuration, metric=metric, averaged=_averaged(recalls, configuration, named=named))
                for configuration in _in_order(shown, own)
            ),
        )
        for metric, own in measured.items()
        if own
    )


def best_constants(panels: Sequence[Panel], *, external: Baselines | None) -> dict[str, float]:
    """What the best answer without skill scores in the external test, for the metrics where that is known.

    A constant answer finds all images of one class and none of the others, so its mean recall is one over the number
    of classes; without skill, AUROC is one half.

    Args:
        panels: The panels.
        external: The no-skill lines of the external test.
    """
    known = {panel.metric: _without_skill(panel, external=external) for panel in panels}
    return {metric: value for metric, value in known.items() if value is not None}


def _without_skill(panel: Panel, *, external: Baselines | None) -> float | None:
    baseline = catalogue.record(panel.metric).baseline
    if baseline == "no_skill_best_constant":
        return None if external is None else external.edge
    if baseline == "half":
        return 0.5
    left_out = [(row.averaged, row.averaged.left_out(panel.metric)) for row in panel.rows]
    counts = {len(each.classes) - len(own[Side.EXTERNAL]) for each, own in left_out if Side.EXTERNAL in own}
    if baseline != "one_over_classes" or len(counts) != 1 or counts == {0}:
        return None
    return 1 / counts.pop()


def panel_rows(comparison: Comparison, panels: Sequence[Panel]) -> list[Row]:
    """The panels for a download, a row a number."""
    return [
        row
        for panel in panels
        for row in configuration_rows(comparison, [each.configuration for each in panel.rows], metric=panel.metric)
    ]


def panel_gap_rows(comparison: Comparison, panels: Sequence[Panel]) -> list[Row]:
    """What the configurations lose in each panel, for a download."""
    return [
        row
        for panel in panels
        for row in configuration_gap_rows(comparison, [each.configuration for each in panel.rows], metric=panel.metric)
    ]


def _in_order(shown: Sequence[Configuration], found: Sequence[Configuration]) -> list[Configuration]:
    """One for each that is shown: a configuration that a metric was not measured of has a row of nothing."""
    known = {(configuration.regime, configuration.model): configuration for configuration in found}
    return [
        known.get(
            (configuration.regime, configuration.model),
            replace(configuration, training=None, internal=None, external=None, lost=None),
        )
        for configuration in shown
    ]


def _row(configuration: Configuration, *, metric: str, averaged: Averaged) -> PanelRow:
    is_joined = averaged.is_alike(metric)
    if not is_joined and configuration.members is not None:
        configuration = replace(configuration, lost=None)
    return PanelRow(configuration=configuration, averaged=averaged, is_joined=is_joined)


def _averaged(recalls: Sequence[Number], configuration: Configuration, *, named: tuple[str, ...]) -> Averaged:
    own = [row for row in recalls if row.regime == configuration.regime]
    is_alone = configuration.members is None
    own = [row for row in own if (row.model == configuration.model if is_alone else row.member is not None)]
    missing, empty = {}, {}
    for side in Side:
        if tested := [row for row in own if row.kind == side.role]:
            few = {row.finding for row in tested if not row.estimate.estimable}
            none = {row.finding for row in tested if not row.positives}
            missing[side] = tuple(finding for finding in named if finding in few)
            empty[side] = tuple(finding for finding in named if finding in none)
    return Averaged(classes=named, missing=missing, empty=empty)
