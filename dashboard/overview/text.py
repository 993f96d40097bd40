"""The overview in words: accuracy in both tests, and what lies between them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard import words
from dashboard.notation import NOT_ESTIMABLE, Estimate, bracket, counted, first_of, percent, points, resting_on
from dashboard.overview.data.sample_size import SampleSize
from dashboard.results.baselines import Baselines
from dashboard.results.comparison import Comparison
from dashboard.results.configurations import Configuration
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.best_constant import beside_best_constant
from dashboard.words import plain


def how_far(row: Configuration, *, baselines: Baselines | None) -> str:
    """How far the model travels, and what its external accuracy is worth.

    Args:
        row: The configuration that the page is about.
        baselines: The lines of its external test; None if it has none.
    """
    verdict = _verdict(row.external, baselines)
    inside, outside, lost = row.internal, row.external, row.lost
    if inside and outside and lost and all(estimate.is_number for estimate in (inside, outside, lost)):
        both = f"Right on **{percent(inside.value)}** at home and **{percent(outside.value)}** abroad"
        return _joined(f"{both}: {_loss(lost)}.", verdict)
    return _joined(_alone(Side.INTERNAL, row.internal), _alone(Side.EXTERNAL, row.external), verdict, _why_no_loss(row))


def tested_on(test: SampleSize) -> str:
    """``29,842 images of 14,921 patients``, ``641 images, patients not recorded``, or ``none``."""
    if test.images == 0:
        return "none"
    images = counted(test.images, "image")
    if test.patients is None:
        return f"{images}, patients not recorded"
    unknown = f" ({test.without_patient:,} without a recorded patient)" if test.without_patient else ""
    return f"{images} of {counted(test.patients, 'patient')}{unknown}"


def tested(samples: Mapping[Side, SampleSize]) -> str:
    """What both tests rest on, and what the brackets in a table are."""
    on = " ".join(f"{side.test.capitalize()}: {tested_on(sample)}." for side, sample in samples.items())
    return f"{on} {brackets(samples)}"


def brackets(samples: Mapping[Side, SampleSize]) -> str:
    """What the brackets in a table are."""
    unknown = [f"the {side.test}" for side, sample in samples.items() if sample.images and sample.patients is None]
    images = f" (over images in {' and '.join(unknown)})" if unknown else ""
    return f"In brackets: 95 % intervals over patients{images}; for single members: lowest to highest."


def recall_change(row: Pair) -> str:
    """``recall 56.0 → 10.0 %``; of a class that both tests have."""
    internal, external = (score.estimate.value for score in row.sides.values())
    return f"recall {points(internal)} → {percent(external)}"


def too_few(rows: Sequence[Pair]) -> str:
    """Which classes have too few positives, and how many."""
    return "; ".join(first_of([f"{plain(row.name)} ({_positives(row)})" for row in rows]))


def described(rows: Mapping[str, Configuration]) -> str:
    """The picture of the configurations, in plain text, for those who do not see it.

    Args:
        rows: From what a row is called to what it shows.
    """
    return f"Accuracy in both tests. {'; '.join(f'{name}: {_described(row)}' for name, row in rows.items())}."


def compared_at(comparison: Comparison) -> str:
    """Two sites and their policies, in plain text: ``VinBigData, most-marked class, to CheXpert train, any reader``."""
    named = [f"{test.site}, {words.policy(test.policy)}" for test in comparison.tests.values()]
    return ", to ".join(named) if len(named) == len(Side) else f"{named[0]}, no {Side.EXTERNAL.test}"


def left_out(*, unreadable: Sequence[str], untested: Sequence[str], too_many: Sequence[str]) -> str | None:
    """Which of the runs that the address names are not shown, and why, in plain text; None if all are.

    Args:
        unreadable: Not complete, damaged, or not there.
        untested: Without a tested model.
        too_many: More than can be shown at once.
    """
    why = {
        "not here, not complete, or cannot be read": unreadable,
        "without a tested model": untested,
        "more than four": too_many,
    }
    said = [f"{', '.join(f'“{name}”' for name in names)} ({reason})" for reason, names in why.items() if names]
    return f"Left out of the comparison: {'; '.join(said)}." if said else None


def _positives(row: Pair) -> str:
    return ", ".join(f"{score.images:,} {side}" for side, score in row.sides.items())


def _described(row: Configuration) -> str:
    parts = {
        "training images": row.training if row.internal is None else None,
        "internal test": row.internal,
        "external test": row.external,
    }
    said = [
        f"{name} {percent(part.value) if part.is_number else NOT_ESTIMABLE}" for name, part in parts.items() if part
    ]
    return ", ".join(said)


def _alone(side: Side, estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    if not estimate.is_number:
        return f"Its {side} accuracy is {NOT_ESTIMABLE}: {resting_on(estimate)}."
    return f"Right on **{percent(estimate.value)}** {side.where}{_gray(bracket(estimate))}."


def _why_no_loss(row: Configuration) -> str:
    if row.external is None:
        return f"{Side.EXTERNAL.missing}, so nothing can be said about the way."
    if row.internal is not None:
        return f"What it loses is {NOT_ESTIMABLE}."
    if row.regime == "full":
        return f"It was trained on all internal images, so what it loses is {NOT_ESTIMABLE}."
    return f"{Side.INTERNAL.missing}, so what it loses is {NOT_ESTIMABLE}."


def _loss(lost: Estimate) -> str:
    if lost.low <= 0 <= lost.high:
        return f"a difference of **{points(lost.value)} points**{_gray(bracket(lost))}, which may be chance"
    if lost.value < 0:
        gained = replace(lost, value=-lost.value, low=-lost.high, high=-lost.low)
        return f"it gains **{points(gained.value)} points**{_gray(bracket(gained))}"
    return f"it loses **{points(lost.value)} points**{_gray(bracket(lost))}"


def _verdict(external: Estimate | None, baselines: Baselines | None) -> str:
    if external is None or not external.is_number or baselines is None:
        return ""
    said = beside_best_constant(external, baselines, where="there")
    return f"That is {said}." if said else ""


def _gray(text: str) -> str:
    return f" :gray[{plain(text)}]" if text else ""


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
