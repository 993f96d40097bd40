"""The training in words: learned, overfitted, and the train-test gap."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from cxr_core.metrics import losses
from cxr_core.statistics.members import summary
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, counted, percent, points, resting_on
from dashboard.results.differences import may_be_chance
from dashboard.text.best_constant import beside, beside_best_constant
from dashboard.training.data.losses import TrainingCurve, regimes
from dashboard.training.data.train_test_gap import NoSkillLines, TrainVersusHeldOut
from dashboard.words import plain

_OF_FINDINGS = "of what is known, finding by finding, "
_ANSWER_TO_EACH = "always answering what is more frequent of each finding"

_NO_LINES = NoSkillLines(training=None, held_out=None)


def answer(summaries: Sequence[TrainVersusHeldOut], *, lines: Mapping[str, NoSkillLines]) -> str:
    """What the models of a run know of their training images, and how much of that holds for new ones.

    Args:
        summaries: One for each regime.
        lines: From regime to what takes no skill.
    """
    if not summaries:
        return "How well it knows its training images was not measured in this run."
    return " ".join(_knows(row, lines.get(row.regime, _NO_LINES)) for row in summaries)


def course(curves: Sequence[TrainingCurve], *, no_skill: Mapping[str, float]) -> str:
    """Whether it learned, and whether the loss on held-out images still fell, levelled off or rose again.

    Args:
        curves: The members.
        no_skill: From regime to the loss of an answer without a look at the image; NaN where that is not known.
    """
    of_regimes = [[curve for curve in curves if curve.regime == each and curve.epochs] for each in regimes(curves)]
    said = [_learned(own, no_skill.get(own[0].regime, math.nan)) for own in of_regimes if own]
    said += [_few(own) if any(curve.are_few_held_out for curve in own) else _course(own) for own in of_regimes]
    return " ".join(filter(None, said))


def above(curves: Sequence[TrainingCurve], *, top: float) -> str:
    """The losses above the frame of the picture, in words; empty where all are in it.

    Args:
        curves: The members.
        top: The loss at the upper end of the frame.
    """
    losses = {
        "held-out": [loss for curve in curves for loss in curve.held_out_loss if not math.isnan(loss)],
        "training": [loss for curve in curves for loss in curve.train_loss],
    }
    said = [
        f"{len(out):,} of {len(own):,} losses on {images} images, up to {max(out):.2f}"
        for images, own in losses.items()
        if (out := [loss for loss in own if loss > top])
    ]
    return f"▲ above the frame, which ends at {top:.2f}: {'; '.join(said)}." if said else ""


def _knows(row: TrainVersusHeldOut, lines: NoSkillLines) -> str:
    who = f"**{plain(row.regime)}**{'' if row.members is None else f' (mean of {row.members} members, each alone)'}"
    if row.training is None:
        return f"{who}: how well it knows its training images was not measured."
    if not row.training.is_number:
        return f"{who}: {NOT_ESTIMABLE} from {resting_on(row.training, noun='training image')}."
    of_findings, of_those = (_OF_FINDINGS, "of those ") if lines.is_over_findings else ("", "")
    known = (
        f"{who} is right on **{percent(row.training.value)}** {of_findings}of its "
        f"{counted(row.training.n, 'training image')}"
    )
    if row.held_out is None:
        return f"{known}{_doubt(row.training, lines)}; nothing was held out."
    if not row.held_out.is_number:
        few = resting_on(row.held_out)
        return f"{known}{_doubt(row.training, lines)}; on held-out ones {NOT_ESTIMABLE}: {few}."
    new = f"**{percent(row.held_out.value)}**{_gray(bracket(row.held_out))}"
    verdict = _verdict(row.held_out, lines, of="held_out")
    return f"{known} and {new} {of_those}of {row.held_out.n:,} held-out ones{verdict}: {_rest(row)}."


def _rest(row: TrainVersusHeldOut) -> str:
    gap = row.gap
    if gap.value <= 0:
        return "no train-test gap"
    said = f"a train-test gap of **{points(gap.value)} points**{_gray(bracket(gap))}"
    if math.isnan(gap.low):
        is_chance = row.held_out is not None and row.training is not None and row.training.value <= row.held_out.high
    else:
        is_chance = may_be_chance(gap)
    return f"{said}, which may be chance" if is_chance else said


def _verdict(estimate: Estimate, lines: NoSkillLines, *, of: Literal["training", "held_out"]) -> str:
    line = lines.training if of == "training" else lines.held_out
    if line is None or not line.estimable:
        return ""
    if lines.is_over_findings:
        return f", {beside(estimate, constant=_ANSWER_TO_EACH, share=line.best_constant)}"
    said = beside_best_constant(estimate, line)
    return f", {said}" if said else ""


def _doubt(training: Estimate, lines: NoSkillLines) -> str:
    """What must be said of training images only where even of them nothing is known for sure."""
    said = _verdict(training, lines, of="training")
    return "" if said.startswith(", above") else said


def _learned(own: Sequence[TrainingCurve], no_skill: float) -> str:
    held_out = [curve.held_out_loss[-1] for curve in own if not math.isnan(curve.held_out_loss[-1])]
    mean = summary(held_out or [curve.train_loss[-1] for curve in own]).value
    if math.isnan(no_skill) or mean < no_skill:
        return ""
    images = "held-out" if held_out else "training"
    return (
        f"**{plain(own[0].regime)} has not learned**: its loss on {images} images ends at {mean:.2f}, "
        f"without a look it is {no_skill:.2f}."
    )


def _few(own: Sequence[TrainingCurve]) -> str:
    return f"The loss of {plain(own[0].regime)} on held-out images is {NOT_ESTIMABLE}: they are too few."


def _course(own: Sequence[TrainingCurve]) -> str:
    courses = {curve: losses.course(curve.held_out_loss) for curve in own}
    trained = [curve for curve in own if courses[curve] is not None]
    if not trained:
        return ""
    rising, falling = ([curve for curve in trained if courses[curve] == course] for course in ("rose", "falling"))
    if rising:
        lowest = _span_of_epochs([1 + curve.held_out_loss.index(min(curve.held_out_loss)) for curve in rising])
        rise = summary([curve.held_out_loss[-1] - min(curve.held_out_loss) for curve in rising]).value
        return (
            f"The loss on held-out images was lowest after epoch {lowest} and rose by {rise:.2f} in "
            f"{_count(rising, trained)}: what came after was overfitting."
        )
    if falling:
        return f"The loss on held-out images was still falling at the end in {_count(falling, trained)}."
    return "The loss on held-out images had levelled off at the end, and did not rise again."


def _count(some: Sequence[TrainingCurve], of: Sequence[TrainingCurve]) -> str:
    if len(of) == 1:
        return "its only member"
    return f"all {len(of)} members" if len(some) == len(of) else f"{len(some)} of {len(of)} members"


def _span_of_epochs(epochs: Sequence[int]) -> str:
    low, high = min(epochs), max(epochs)
    return str(low) if low == high else f"{low} to {high}"


def _gray(text: str) -> str:
    return f" :gray[{plain(text)}]" if text else ""
