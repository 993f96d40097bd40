"""What local patients buy, in words."""

from collections.abc import Sequence

from dashboard.notation import bracket, counted, percent, plural, points
from dashboard.shift.data.local_patients import Gain
from dashboard.text.causes import SCALES

_SAID_FIRST = 50


def answer(found: Sequence[Gain], *, noun: str) -> str:
    """What the first and the most patients buy, Markdown.

    Args:
        found: Of one metric, the fewest patients first; at least one.
        noun: What is drawn: ``patient``, or what is counted where patients are not recorded.
    """
    first = next((each for each in found if each.patients >= _SAID_FIRST), found[-1])
    said = f"**{counted(first.patients, f'local {noun}')}** {_buy(first)}, 5 to 95 % of draws {bracket(first.gain)}"
    most = found[-1]
    if most is not first:
        said += f"; {most.patients:,} {_buy(most, is_short=True)}, {bracket(most.gain)}"
    return f"{said}."


def footnote(found: Sequence[Gain], *, is_refit: bool, noun: str) -> str:
    """What stands below the picture.

    Args:
        found: Of one metric.
        is_refit: Whether biases of all classes are fitted; else a finding's threshold is chosen.
        noun: What is drawn.
    """
    what = (
        "A refit of class biases and a temperature"
        if is_refit
        else "A threshold by Youden's rule, against the carried one"
    )
    few = found[0]
    lacking = (
        f" Of the draws of {few.patients:,}, {percent(few.lacking)} lack a class."
        if few.lacking
        else " No draw lacks a class."
    )
    return (
        f"{what}, on {plural(noun)} drawn many times, judged on {counted(few.judged_by, f'other {noun}')}: "
        f"no external test. Bars: 5 to 95 % of draws.{lacking}"
    )


def described(found: Sequence[Gain], *, noun: str) -> str:
    """The picture in plain text, for those who do not see it."""
    said = [f"{counted(each.patients, noun)}: {points(each.gain.value)} points, {bracket(each.gain)}" for each in found]
    return f"Gain in {SCALES.get(found[0].metric, found[0].metric)}. {'; '.join(said)}."


def _buy(gain: Gain, *, is_short: bool = False) -> str:
    value = gain.gain.value
    verb = "buy" if value > 0 else "cost"
    amount = points(abs(value))
    if is_short:
        return f"{verb} {amount}"
    return f"{verb} **{amount} points** of {SCALES.get(gain.metric, gain.metric)}"
