"""Accuracy, macro precision, macro recall and macro F1 of the four configurations: the paper's Fig. 4."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from dashboard.queries.overview.accuracies import Configuration, Metric, as_rows, configurations
from dashboard.queries.overview.no_skill import NoSkill
from dashboard.results.comparison import Comparison
from dashboard.results.runs import Value, ask, classes

METRICS: tuple[Metric, ...] = ("accuracy", "macro_precision", "macro_recall", "macro_f1")

_CLASSES = """
    SELECT regime, member IS NULL, role, finding, bool_or(not_estimable)
    FROM metric JOIN model USING (model_id)
    WHERE task = 'single_class' AND stratum = 'all' AND metric = 'recall' AND finding IS NOT NULL
        AND (member IS NOT NULL OR model_id = regime)
        AND ((role = 'internal_test' AND dataset = $internal_dataset AND policy = $internal_policy)
            OR (role = 'external_test' AND dataset = $external_dataset AND policy = $external_policy))
    GROUP BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class Averaged:
    """Which classes have too few images to enter the macro averages of a configuration, in class order.

    Attributes:
        classes: The run's.
        missing_home: Of them, those in the internal test; None if there is none.
        missing_abroad: In the external test; None if there is none.
    """

    classes: tuple[str, ...]
    missing_home: tuple[str, ...] | None
    missing_abroad: tuple[str, ...] | None

    @property
    def is_alike(self) -> bool:
        """Whether both tests average the same classes, so that one average may be taken from the other."""
        return self.missing_home == self.missing_abroad


@dataclass(frozen=True, kw_only=True)
class PanelRow:
    """A configuration in one metric.

    Attributes:
        configuration: Its estimates. The loss of an ensemble is over the classes that both tests share; that of single
            members is None unless all averages are over the same classes.
        averaged: What its macro averages leave out.
        is_joined: Whether the marks of home and abroad are of the same classes.
    """

    configuration: Configuration
    averaged: Averaged
    is_joined: bool


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One metric of all configurations."""

    metric: Metric
    rows: tuple[PanelRow, ...]


@st.cache_data(max_entries=64, show_spinner=False)
def panels(comparison: Comparison) -> tuple[Panel, ...]:
    """The four metrics, each with the configurations of the run in the same order."""
    recalls, named = ask(comparison.run, _CLASSES, comparison.parameters()), classes(comparison.run)
    shown = configurations(comparison)
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


def best_constants(found: Sequence[Panel], *, abroad: NoSkill | None) -> dict[Metric, float]:
    """The most that a constant answer scores in the external test, for the metrics where that is known.

    A constant answer finds all images of one class and none of the others, so its macro recall is one over the number
    of classes.

    Args:
        found: The panels.
        abroad: The no-skill lines of the external test.
    """
    constants: dict[Metric, float] = {}
    if abroad is not None and abroad.estimable and not math.isnan(abroad.best_constant):
        constants["accuracy"] = abroad.best_constant
    averages = [row.averaged for panel in found for row in panel.rows]
    averaged = {len(each.classes) - len(each.missing_abroad) for each in averages if each.missing_abroad is not None}
    if len(averaged) == 1 and (classes_left := averaged.pop()) > 0:
        constants["macro_recall"] = 1 / classes_left
    return constants


def csv_rows(found: Sequence[Panel]) -> list[dict[str, str | float | None]]:
    """The panels as a table to take along, a row a number."""
    return [
        {"metric": panel.metric, **row}
        for panel in found
        for row in as_rows([each.configuration for each in panel.rows])
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
    is_joined = metric == "accuracy" or averaged.is_alike
    if not is_joined and configuration.members is not None:
        configuration = replace(configuration, lost=None)
    return PanelRow(configuration=configuration, averaged=averaged, is_joined=is_joined)


def _averaged(rows: Sequence[tuple[Value, ...]], configuration: Configuration, *, named: tuple[str, ...]) -> Averaged:
    own = [row[2:] for row in rows if row[:2] == (configuration.regime, configuration.members is None)]
    home, abroad = (_missing(own, role=role, named=named) for role in ("internal_test", "external_test"))
    return Averaged(classes=named, missing_home=home, missing_abroad=abroad)


def _missing(rows: Sequence[tuple[Value, ...]], *, role: str, named: tuple[str, ...]) -> tuple[str, ...] | None:
    here = [(str(finding), few) for own_role, finding, few in rows if own_role == role]
    if not here:
        return None
    few = {finding for finding, is_few in here if is_few}
    return tuple(finding for finding in named if finding in few)
