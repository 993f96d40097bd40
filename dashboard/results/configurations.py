"""A metric of all classes in the configurations of a run: ensembles, single members, models that were brought."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cxr_core.statistics.members import difference
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison
from dashboard.results.downloads import Row, gap, number_rows
from dashboard.results.metrics import Kind, Number, Task, mean, numbers

Regime = Literal["split", "full"]
"""Trained on a part of the source images, or on all of them."""

REGIMES: tuple[Regime, ...] = ("split", "full")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """One regime's ensemble, the mean of its single members, or a model that was brought.

    Attributes:
        model: The id of the model; None for the mean of single members.
        regime: What it was trained on; None if it was brought.
        members: Of how many single members this is the mean; None for a model of its own.
        training: The metric on its own training images; None if it was not measured.
        internal: That of the internal test; None if there is none.
        external: That of the external test; None if there is none.
        lost: Internal minus external; None unless both exist.
    """

    model: str | None
    regime: Regime | None
    members: int | None
    training: Estimate | None
    internal: Estimate | None
    external: Estimate | None
    lost: Estimate | None

    @property
    def has_test(self) -> bool:
        """Whether either test can be shown as a number."""
        return any(test is not None and test.is_number for test in (self.internal, self.external))


def configurations(
    comparison: Comparison, *, metric: str = "accuracy", task: Task = "single_class"
) -> tuple[Configuration, ...]:
    """The configurations of a run: split before full, the ensemble before its single members, then what was brought.

    Args:
        comparison: Which tests; the configurations of all models are given.
        metric: Of all classes together.
        task: Over which images.

    Returns:
        Those that have any number. The mean of members is undefined where the metric is so for one of them, and what
        they lose is the mean of what each one loses.
    """
    rows = [row for row in numbers(comparison, metrics=(metric,), task=task, every_model=True) if _is_shown(row)]
    return tuple(_configurations(rows))


def configuration_rows(comparison: Comparison, shown: Sequence[Configuration], *, metric: str) -> list[Row]:
    """The numbers of the configurations in one metric for a download; of a mean no model is named, but its members are.

    Args:
        comparison: Which tests.
        shown: Which configurations.
        metric: Of all classes together.
    """
    stored = [row for row in numbers(comparison, metrics=(metric,), every_model=True) if row.kind != "gap"]
    found = [row for row in stored if _is_shown(row)]
    return [
        {**row, "model": configuration.model, **_about(configuration)}
        for configuration in shown
        for row in number_rows(comparison.run, _own(configuration, found))
    ]


def configuration_gap_rows(comparison: Comparison, shown: Sequence[Configuration], *, metric: str) -> list[Row]:
    """What the configurations lose of one metric, for a download."""
    return [
        {**gap(comparison, row.lost, model=row.model, metric=metric, finding=None), **_about(row)}
        for row in shown
        if row.lost is not None
    ]


def _about(row: Configuration) -> Row:
    estimates = (row.training, row.internal, row.external)
    spread = next((estimate.spread for estimate in estimates if estimate is not None), None)
    return {"regime": row.regime, "members": row.members, "spread": spread}


def _own(configuration: Configuration, found: Sequence[Number]) -> list[Number]:
    """The stored numbers of a model of its own, or the means of those of a regime's members, dataset by dataset."""
    own = sorted((row for row in found if row.regime == configuration.regime), key=lambda row: row.place)
    if configuration.members is None:
        return [row for row in own if row.model == configuration.model]
    together: dict[tuple[Kind, str | None, str | None], list[Number]] = {}
    for row in own:
        if row.member is not None:
            together.setdefault((row.kind, row.dataset, row.policy), []).append(row)
    means = ((rows[0], mean([row.estimate for row in rows])) for rows in together.values())
    return [replace(first, estimate=estimate) for first, estimate in means if estimate is not None]


def _is_shown(row: Number) -> bool:
    """A metric over no image is no test, and what is lost between none is not lost."""
    return not math.isnan(row.estimate.value) if row.kind == "gap" else row.estimate.n > 0


def _configurations(rows: Sequence[Number]) -> Iterator[Configuration]:
    for regime in REGIMES:
        own = [row for row in rows if row.regime == regime]
        if ensemble := {row.kind: row.estimate for row in own if row.is_ensemble}:
            yield _configuration(regime, ensemble, model=regime)
        if members := [row for row in own if row.member is not None]:
            yield _single(regime, members)
    brought: dict[str, dict[Kind, Estimate]] = {}
    for row in rows:
        if row.regime is None:
            brought.setdefault(row.model, {})[row.kind] = row.estimate
    for model, numbers_of in brought.items():
        yield _configuration(None, numbers_of, model=model)


def _single(regime: Regime, members: Sequence[Number]) -> Configuration:
    by_kind: dict[Kind, dict[str, Estimate]] = {}
    for row in members:
        by_kind.setdefault(row.kind, {})[row.model] = row.estimate
    internal, external = by_kind.get("internal_test", {}), by_kind.get("external_test", {})
    both = [model for model in internal if model in external]
    means = {kind: estimate for kind, own in by_kind.items() if (estimate := mean(list(own.values()))) is not None}
    if both:
        means["gap"] = _lost([internal[model] for model in both], [external[model] for model in both])
    return _configuration(regime, means, members=max(map(len, by_kind.values())))


def _lost(internal: Sequence[Estimate], external: Sequence[Estimate]) -> Estimate:
    found = difference([estimate.value for estimate in internal], [estimate.value for estimate in external])
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        n=0,
        estimable=all(estimate.estimable for estimate in (*internal, *external)),
        spread="range",
        unit=internal[0].unit,
    )


def _configuration(
    regime: Regime | None, own: Mapping[Kind, Estimate], *, model: str | None = None, members: int | None = None
) -> Configuration:
    return Configuration(
        model=model,
        regime=regime,
        members=members,
        training=own.get("train"),
        internal=own.get("internal_test"),
        external=own.get("external_test"),
        lost=own.get("gap"),
    )
