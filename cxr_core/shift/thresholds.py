"""The threshold of a finding by a rule, and flags from thresholds that were chosen on other patients.

A finding is flagged from the threshold up. A threshold lies in the middle between neighbouring scores, in the precision
that scores are stored in, so that a tie at it flips no image of another site.
"""

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cxr_core.shift.folds import FOLDS, REPEATS, divisions

Rule = Literal["youden", "sensitivity=0.90", "specificity=0.90"]
RULES: tuple[Rule, ...] = get_args(Rule)
"""The rules by which thresholds are chosen, by the names of `threshold.operating_point`."""

HELD = 0.90
"""What the rules of a stated sensitivity and of a stated specificity hold."""

_ROUNDING = 1e-9

Scores = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


def choose(scores: Scores, present: Bools, *, rule: Rule) -> float:
    """The threshold of a rule.

    Args:
        scores: Shape ``(n,)``, finite.
        present: Reference standard, shape ``(n,)``.
        rule: ``youden``: greatest sensitivity + specificity, the highest threshold of several. ``sensitivity=0.90``:
            the highest threshold with at least that sensitivity. ``specificity=0.90``: the lowest with that.

    Returns:
        From which score up the finding is flagged, as a number that float32 holds; NaN without positives or negatives.

    Source:
        Youden, Cancer 3 (1950), 32-35.
    """
    order = np.argsort(-scores, kind="stable")
    return _chosen(scores[order], present[order], rule=rule)


def cross_fitted(
    scores: Scores,
    present: Scores,
    *,
    clusters: npt.NDArray[np.int64],
    rule: Rule,
    seed: int,
    repeats: int = REPEATS,
) -> Scores:
    """Flags of images by thresholds that were chosen on other patients.

    Args:
        scores: Shape ``(n,)``, finite.
        present: Reference standard, shape ``(n,)``: 1, 0, NaN unknown: judged, and no threshold rests on it.
        clusters: Patient of each image, shape ``(n,)``.
        rule: As in `choose`.
        seed: The run's; it divides patients into folds.
        repeats: How many divisions; an image is flagged if it is so in most of them.

    Returns:
        Shape ``(n,)``: 1 or 0; NaN, everywhere, if the other folds lack positives or negatives once.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, known = scores[order], present[order]
    has_label = np.isfinite(known)
    votes, count = np.zeros(scores.size), 0
    for division in divisions(clusters, seed=seed, repeats=repeats):
        count += 1
        fold = division[order]
        for left_out in range(FOLDS):
            others, judged = (fold != left_out) & has_label, division == left_out
            threshold = _chosen(ranked[others], known[others] == 1, rule=rule)
            votes[judged] += math.nan if math.isnan(threshold) else scores[judged] >= np.float32(threshold)
    return np.where(np.isnan(votes).any(), np.nan, 2 * votes > count).astype(np.float32)


def _chosen(ranked: Scores, present: Bools, *, rule: Rule) -> float:
    """The same of scores in descending order."""
    positives = int(present.sum())
    negatives = present.size - positives
    if not positives or not negatives:
        return math.nan
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    hits = np.cumsum(present)[last]
    alarms = last + 1 - hits
    sensitivity, specificity = hits / positives, 1 - alarms / negatives
    if rule == "youden":
        # In whole numbers: of several that are equally good, rounding must not choose.
        at = int(np.argmax(hits * negatives - alarms * positives))
    elif rule == "sensitivity=0.90":
        at = int(np.argmax(sensitivity >= HELD - _ROUNDING))
    else:
        kept = np.flatnonzero(specificity >= HELD - _ROUNDING)
        if not kept.size:  # Nothing may be flagged.
            return float(np.nextafter(ranked[0], np.float32(np.inf)))
        at = int(kept[-1])
    return _below(ranked, int(last[at]))


def _below(ranked: Scores, index: int) -> float:
    """A threshold that flags the scores up to this place and no other."""
    own = ranked[index]
    if index + 1 == ranked.size:
        return float(own)
    middle = np.float32((float(own) + float(ranked[index + 1])) / 2)
    return float(middle if middle > ranked[index + 1] else own)
