"""The terms of a gap: internal minus external, so that a loss is positive; they add up to the gap exactly.

Both sites are compared at one class mix, the target: the external site's own for ``accuracy``, equal classes for
``balanced_accuracy``. *Class mix* is what moving each site to the target costs. *Thresholds* is what a refit on local
patients wins back externally beyond what it wins internally. A *cause* (the projection, an attribute) is what the
external site's accuracy at the target loses against its images of values that the internal site has; a part of it comes
back with local thresholds and a part does not, so that the two overlap, and the overlap is a bar of its own. *What
remains* is the rest: appearance, patients, devices and labels, which nothing here tells apart.

Source: the reweighting is direct standardisation (Kitagawa, J. Am. Statist. Assoc. 50 (1955)); the effective size of a
reweighted sample is Kish's, Survey Sampling (1965).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cxr_core.shift.answers import Bools, SiteAnswers, Values
from cxr_core.shift.crossfit import correct_by_class
from cxr_core.shift.folds import REPEATS

Scale = Literal["accuracy", "balanced_accuracy"]

TERMS = (
    "class_mix", "cause_not_won_back", "cause_won_back", "thresholds", "what_remains", "other_classes",
)  # fmt: skip
"""The bars, in their order."""

LEVELS = (
    "internal", "internal_at_target", "internal_refitted", "external_refitted", "external_at_target", "external",
)  # fmt: skip
"""The shares of correct answers between which they stand."""

FEW = 10
"""Images of a class that a site must have, for it to be spoken of."""

FEW_WITH_CAUSE = 5
"""The same among the external images of values that the internal site has."""

LEAST_SIZE = 100
"""The effective size that those images must have at the target."""


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """A gap and its terms, each of shape ``(1 + r,)``: the value, then the replicates.

    Attributes:
        scale: What is compared.
        gap: Internal minus external.
        terms: By the names of `TERMS`; None: not identifiable, and then the last bar is the cause and what remains.
        levels: By the names of `LEVELS`.
        other_order: The class mix if the target were the internal site's.
        recalls: Of each class at ``internal``, ``external`` and ``external_refitted``, shape ``(k, 1 + r)``; NaN where
            a class is not spoken of.
        spoken_of: Which classes both sites have enough images of, shape ``(k,)``.
        reason: Why the cause is not identifiable; None: it is.
    """

    scale: Scale
    gap: Values
    terms: Mapping[str, Values | None]
    levels: Mapping[str, Values]
    other_order: Values
    recalls: Mapping[str, Values]
    spoken_of: Bools
    reason: str | None


def waterfall(
    internal: SiteAnswers,
    external: SiteAnswers,
    *,
    scale: Scale,
    cause: Bools | None = None,
    seed: int,
    repeats: int = REPEATS,
) -> Waterfall | None:
    """Takes a gap apart.

    Args:
        internal: Images of the internal test.
        external: Images of the external test.
        scale: What is compared.
        cause: Shape ``(n,)``: which external images have a value (a projection) that the internal site has; None: the
            internal site records none, or the external site too few.
        seed: The run's; it divides patients into folds.
        repeats: Divisions into folds.

    Returns:
        The terms; None where the two sites have no two classes in common that they can be compared in.
    """
    spoken_of = np.asarray((_sizes(internal) >= FEW) & (_sizes(external) >= FEW), dtype=np.bool_)
    if spoken_of.sum() < 2:
        return None
    inner, outer = internal.only(spoken_of[internal.classes]), external.only(spoken_of[external.classes])
    cause = None if cause is None else cause[spoken_of[external.classes]]
    counts = _Counts.of(inner, outer, scale=scale, spoken_of=spoken_of)
    reason = _refused(outer, cause, target=counts.target[:, 0], spoken_of=spoken_of)
    refitted_inside = _refitted(inner, target=counts.target, seed=seed, repeats=repeats) / counts.inside
    if reason is None and cause is not None and not cause.all():
        with_cause, without = outer.only(cause), outer.only(~cause)
        hits = _refitted(with_cause, target=counts.target, seed=seed, repeats=repeats)
        both = hits + _refitted(without, target=counts.target, seed=seed, repeats=repeats)
        refitted_outside, within = both / counts.outside, with_cause.counts()
        cost = counts.at_target(_recalls(with_cause)) - counts.at_target(_recalls(outer))
        cost_refitted = counts.at_target(_share(hits, of=within)) - counts.at_target(refitted_outside)
    else:
        refitted_outside = _refitted(outer, target=counts.target, seed=seed, repeats=repeats) / counts.outside
        cost = cost_refitted = np.zeros(counts.target.shape[1])
    return _assembled(
        counts,
        gap=_share_correct(internal) - _share_correct(external) if scale == "accuracy" else None,
        recalls={"internal": _recalls(inner), "external": _recalls(outer), "external_refitted": refitted_outside},
        refitted_inside=refitted_inside,
        costs=(cost, cost_refitted),
        scale=scale,
        reason=reason,
    )


@dataclass(frozen=True, kw_only=True)
class _Counts:
    """Images of the classes spoken of, by class and replicate, and the mixes of the sites; 0 of the other classes."""

    inside: Values
    outside: Values
    mix_inside: Values
    mix_outside: Values
    target: Values
    spoken_of: Bools

    @classmethod
    def of(cls, inner: SiteAnswers, outer: SiteAnswers, *, scale: Scale, spoken_of: Bools) -> "_Counts":
        inside, outside = (np.where(spoken_of[:, np.newaxis], each.counts(), np.nan) for each in (inner, outer))
        inside, outside = (np.where(each > 0, each, np.nan) for each in (inside, outside))
        mixes = [each / np.nansum(each, axis=0) for each in (inside, outside)]
        equal = np.broadcast_to(np.where(spoken_of, 1 / spoken_of.sum(), 0)[:, np.newaxis], inside.shape)
        target = mixes[1] if scale == "accuracy" else equal
        return cls(
            inside=inside,
            outside=outside,
            mix_inside=mixes[0],
            mix_outside=mixes[1],
            target=np.asarray(target),
            spoken_of=spoken_of,
        )

    def at_target(self, recalls: Values) -> Values:
        return self.at(self.target, recalls)

    def at(self, mix: Values, recalls: Values) -> Values:
        """The share of correct answers in a mix; NaN in a replicate that has no image of one of the classes."""
        return np.asarray((mix * recalls)[self.spoken_of].sum(axis=0))


def _assembled(
    counts: _Counts,
    *,
    gap: Values | None,
    recalls: Mapping[str, Values],
    refitted_inside: Values,
    costs: tuple[Values, Values],
    scale: Scale,
    reason: str | None,
) -> Waterfall:
    inside, outside = recalls["internal"], recalls["external"]
    levels = {
        "internal": counts.at(counts.mix_inside if scale == "accuracy" else counts.target, inside),
        "internal_at_target": counts.at_target(inside),
        "internal_refitted": counts.at_target(refitted_inside),
        "external_refitted": counts.at_target(recalls["external_refitted"]),
        "external_at_target": counts.at_target(outside),
        "external": counts.at(counts.mix_outside if scale == "accuracy" else counts.target, outside),
    }
    at_target = levels["internal_at_target"] - levels["external_at_target"]
    whole = at_target if gap is None else gap
    mix = (levels["internal"] - levels["internal_at_target"]) + (levels["external_at_target"] - levels["external"])
    cost, cost_refitted = costs
    won_back = cost - cost_refitted
    gains = [levels[f"{site}_refitted"] - levels[f"{site}_at_target"] for site in ("external", "internal")]
    terms: dict[str, Values | None] = {
        "class_mix": mix,
        "cause_not_won_back": None if reason else cost_refitted,
        "cause_won_back": None if reason else won_back,
        "thresholds": gains[0] - gains[1] - won_back,
        "what_remains": levels["internal_refitted"] - levels["external_refitted"] - cost_refitted,
        "other_classes": whole - at_target - mix,
    }
    other = np.zeros_like(mix)
    if scale == "accuracy":
        other = counts.at(counts.mix_inside, outside) - counts.at(counts.mix_outside, outside)
    return Waterfall(
        scale=scale,
        gap=whole,
        terms=terms,
        levels=levels,
        other_order=other,
        recalls=recalls,
        spoken_of=counts.spoken_of,
        reason=reason,
    )


def _refused(external: SiteAnswers, cause: Bools | None, *, target: Values, spoken_of: Bools) -> str | None:
    """Why what a cause costs is not identifiable; None: it is."""
    if cause is None:
        return "not recorded"
    if cause.all():
        return None
    within = _sizes(external.only(cause))[spoken_of]
    if not within.sum():
        return "no image in common"
    if within.min() < FEW_WITH_CAUSE:
        return "too few images of a class in common"
    size = 1 / (target[spoken_of] ** 2 / within).sum()
    return None if size >= LEAST_SIZE else f"the images in common count as {size:.0f}"


def _refitted(answers: SiteAnswers, *, target: Values, seed: int, repeats: int) -> Values:
    """Correct answers by class after a refit at the target mix."""
    counts = answers.counts()
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(counts > 0, target / (counts / counts.sum(axis=0)), 0)
    return correct_by_class(answers, target=np.nan_to_num(weight), seed=seed, repeats=repeats)


def _recalls(answers: SiteAnswers) -> Values:
    return _share(answers.by_class(answers.correct()), of=answers.counts())


def _share(hits: Values, *, of: Values) -> Values:
    """NaN of no images."""
    with np.errstate(invalid="ignore"):
        return np.asarray(hits / of)


def _share_correct(answers: SiteAnswers) -> Values:
    return np.asarray(answers.by_class(answers.correct()).sum(axis=0) / answers.counts().sum(axis=0))


def _sizes(answers: SiteAnswers) -> Values:
    return np.bincount(answers.classes, minlength=answers.n_classes).astype(np.float64)
