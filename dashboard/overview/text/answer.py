"""The overview in words: accuracy in both tests, and what lies between them."""

from collections.abc import Mapping
from dataclasses import replace

from dashboard.notation import NOT_ESTIMABLE, Estimate, bare, counted, difference, percent, resting_on
from dashboard.results.baselines import Baselines
from dashboard.results.configurations import Configuration
from dashboard.results.sample_size import SampleSize
from dashboard.results.side import Side
from dashboard.text.best_constant import beside_best_constant
from dashboard.text.gaps import gap, gray, told


def how_far(
    row: Configuration,
    *,
    ranking: Configuration | None = None,
    baselines: Baselines | None,
    networks: Estimate | None = None,
    is_alone: bool = False,
) -> str:
    """How far the model travels, what its external accuracy is worth, and how it ranks, Markdown.

    Args:
        row: The accuracy of the configuration that the page is about.
        ranking: Its macro AUROC; None if that is not stored.
        baselines: The lines of its external test; None if it has none.
        networks: What single networks lose, where that is far apart.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    verdict = _verdict(row.external, baselines)
    inside, outside, lost = row.internal, row.external, row.lost
    if inside and outside and lost and all(estimate.is_number for estimate in (inside, outside, lost)):
        both = f"Right on **{percent(inside.value)}** at home and **{percent(outside.value)}** abroad: {gap(lost)}."
        externally = f"Externally it is {verdict}." if verdict else ""
        return _joined(both, for_these_networks(networks), externally, _ranking(ranking))
    alone = (_alone(Side.INTERNAL, row.internal), _alone(Side.EXTERNAL, row.external))
    why = "" if is_alone else _why_no_gap(row)
    return _joined(*alone, f"That is {verdict}." if verdict else "", why, _ranking(ranking))


def for_these_networks(lost: Estimate | None) -> str:
    """That others might lose another amount; nothing where single networks lose about the same.

    Args:
        lost: What single ones lose, as a range; None where that is narrow.
    """
    if lost is None:
        return ""
    most = difference(replace(lost, value=lost.high))
    return f"That is for these networks: single ones lose {bare(lost.low, unit=lost.unit)} to {most}."


def tested_on(test: SampleSize) -> str:
    """``29,842 images of 14,921 patients``, ``641 images, patients not recorded``, or ``none``."""
    if test.images == 0:
        return "none"
    images = counted(test.images, test.noun)
    if test.patients is None:
        return f"{images}, patients not recorded"
    unknown = f" ({test.without_patient:,} without a recorded patient)" if test.without_patient else ""
    return f"{images} of {counted(test.patients, 'patient')}{unknown}"


def tested(samples: Mapping[Side, SampleSize], *, intervals: str, is_brought: bool) -> str:
    """What both tests rest on, and what the brackets in a table are.

    Args:
        samples: Of each test.
        intervals: What the intervals are over.
        is_brought: Whether the models were trained elsewhere, and so have no members and need not have both tests.
    """
    shown = {side: sample for side, sample in samples.items() if sample.images or not is_brought}
    on = " ".join(f"{side.test.capitalize()}: {tested_on(sample)}." for side, sample in shown.items())
    members = "" if is_brought else "; for single members: lowest to highest"
    return f"{on} In brackets: 95 % intervals {intervals}{members}."


def described(rows: Mapping[str, Configuration]) -> str:
    """The picture of the configurations, in plain text, for those who do not see it.

    Args:
        rows: From what a row is called to what it shows.
    """
    return f"Accuracy in both tests. {'; '.join(f'{name}: {_described(row)}' for name, row in rows.items())}."


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
    return f"Right on **{percent(estimate.value)}** {side.where}{gray(estimate)}."


def _ranking(ranking: Configuration | None) -> str:
    """Macro AUROC where any test has one."""
    if ranking is None or not ranking.has_test:
        return ""
    return f"{told('Macro AUROC', ranking.internal, ranking.external, ranking.lost)}."


def _why_no_gap(row: Configuration) -> str:
    if row.external is None:
        return f"{Side.EXTERNAL.missing}, so there is no gap."
    if row.internal is not None:
        return f"The gap is {NOT_ESTIMABLE}."
    if row.regime == "full":
        return "It was trained on all internal images, so there is no gap."
    return f"{Side.INTERNAL.missing}, so there is no gap."


def _verdict(external: Estimate | None, baselines: Baselines | None) -> str:
    if external is None or not external.is_number or baselines is None:
        return ""
    return beside_best_constant(external, baselines)


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
