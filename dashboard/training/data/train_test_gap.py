"""Accuracy on training images beside that on held-out ones: the difference is the train-test gap.

Of findings that do not exclude each other it is the accuracy over findings.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.notation import Estimate
from dashboard.results.baselines import BEST_CONSTANT, Baselines, baselines
from dashboard.results.comparison import Comparison
from dashboard.results.differences import difference
from dashboard.results.downloads import Row, number_rows
from dashboard.results.holdings import holdings
from dashboard.results.metrics import Kind, Number, mean, numbers
from dashboard.training.data import findings_right

_KINDS: tuple[Kind, ...] = ("train", "internal_test")
_NONE = Estimate(value=math.nan, low=math.nan, high=math.nan, n=0, estimable=False)


@dataclass(frozen=True, kw_only=True)
class TrainVersusHeldOut:
    """What one model knows.

    Attributes:
        model: Its id; None for the mean of a regime's members.
        regime: What it was trained on.
        fold: The fold that it held out; None without folds.
        member: From 0; None for the ensemble and for the mean.
        members: Of how many members this is the mean; None for a single model.
        training: Accuracy on its own training images; None if there are none, or it was not measured.
        held_out: Accuracy in the internal test; None if there is none.
    """

    model: str | None
    regime: str
    fold: int | None
    member: int | None
    members: int | None = None
    training: Estimate | None
    held_out: Estimate | None

    @property
    def gap(self) -> Estimate:
        """The train-test gap: training minus held out, in [-1, 1]; no interval where both are not over patients."""
        if self.training is None or self.held_out is None:
            return _NONE
        found = difference(self.training, self.held_out)
        is_over_patients = self.training.spread == self.held_out.spread == "interval"
        return found if is_over_patients else replace(found, low=math.nan, high=math.nan)


@dataclass(frozen=True, kw_only=True)
class NoSkillLines:
    """What takes no skill.

    Attributes:
        training: On training images; None where the regime has none.
        held_out: In the internal test, likewise.
        is_over_findings: Whether it is an answer to each finding, not one class.
    """

    training: Baselines | None
    held_out: Baselines | None
    is_over_findings: bool = False


def train_versus_held_out(comparison: Comparison) -> tuple[TrainVersusHeldOut, ...]:
    """What every model of a run knows: split before full, an ensemble before its members.

    The label policy of the internal test is also that of the training images, where both are of one dataset.
    """
    by_model: dict[str, list[Number]] = {}
    for row in _accuracies(comparison):
        by_model.setdefault(row.model, []).append(row)
    return tuple(_train_versus_held_out(rows) for rows in by_model.values())


def no_skill_lines(comparison: Comparison, summaries: Sequence[TrainVersusHeldOut]) -> dict[str, NoSkillLines]:
    """From each regime to its lines, on training images and in the internal test, by the policies of its numbers."""
    is_over_findings = holdings(comparison).has_findings
    lines = {}
    for regime in _regimes(summaries):
        own = replace(comparison, model=regime)
        training, held_out = (
            _over_findings(own, kind=kind) if is_over_findings else baselines(own, kind=kind) for kind in _KINDS
        )
        lines[regime] = NoSkillLines(training=training, held_out=held_out, is_over_findings=is_over_findings)
    return lines


def _over_findings(comparison: Comparison, *, kind: Kind) -> Baselines | None:
    constant = findings_right.best_constant(comparison, kind=kind)
    known = [row.estimate for row in _accuracies(comparison) if row.model == comparison.model and row.kind == kind]
    if math.isnan(constant) or not known:
        return None
    return Baselines(lines={BEST_CONSTANT: constant}, best_class=None, estimable=known[0].estimable)


def summaries(found: Sequence[TrainVersusHeldOut]) -> tuple[TrainVersusHeldOut, ...]:
    """One for each regime: its ensemble; the mean of its members where that has no training images of its own."""
    return tuple(_summary([row for row in found if row.regime == regime]) for regime in _regimes(found))


def accuracy_rows(comparison: Comparison, found: Sequence[TrainVersusHeldOut]) -> list[Row]:
    """Every model for a download: a row for its training images, and one for the internal test."""
    stored = sorted(_accuracies(comparison), key=lambda number: number.place)
    return [
        {
            **row,
            "regime": of_model.regime,
            "fold": of_model.fold,
            "member": of_model.member,
            **_gap(of_model, is_shown=row["role"] == "train"),
        }
        for of_model in found
        for row in number_rows(comparison.run, (number for number in stored if number.model == of_model.model))
    ]


def _gap(found: TrainVersusHeldOut, *, is_shown: bool) -> Row:
    gap = found.gap if is_shown and found.gap.is_number else _NONE
    return {"train_test_gap": gap.value, "train_test_gap_low": gap.low, "train_test_gap_high": gap.high}


def _accuracies(comparison: Comparison) -> list[Number]:
    alone = replace(comparison, external_dataset=None, external_policy=None)
    if holdings(comparison).has_findings:
        return list(findings_right.accuracies(alone))
    found = numbers(alone, metrics=("accuracy",), every_model=True)
    return [row for row in found if row.estimate.n > 0 and (row.member is not None or row.is_ensemble)]


def _regimes(found: Sequence[TrainVersusHeldOut]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.regime for row in found))


def _summary(of_regime: Sequence[TrainVersusHeldOut]) -> TrainVersusHeldOut:
    ensembles = [row for row in of_regime if row.member is None]
    members = [row for row in of_regime if row.member is not None]
    if not members or (ensembles and ensembles[0].training is not None):
        return ensembles[0]
    return TrainVersusHeldOut(
        model=None,
        regime=members[0].regime,
        fold=None,
        member=None,
        members=len(members),
        training=mean([row.training for row in members if row.training is not None]),
        held_out=mean([row.held_out for row in members if row.held_out is not None]),
    )


def _train_versus_held_out(rows: Sequence[Number]) -> TrainVersusHeldOut:
    model, by_kind = rows[0], {row.kind: row.estimate for row in rows}
    return TrainVersusHeldOut(
        model=model.model,
        regime=str(model.regime),
        fold=model.fold,
        member=model.member,
        training=by_kind.get("train"),
        held_out=by_kind.get("internal_test"),
    )
