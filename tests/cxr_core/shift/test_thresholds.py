"""Thresholds against a loop over every candidate in exact fractions, and flags against one threshold a fold."""

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_curve

from cxr_core.shift import thresholds
from cxr_core.shift.folds import FOLDS, divisions
from cxr_core.shift.thresholds import RULES, Rule

Scores = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

HELD = Fraction(9, 10)


def _slow(scores: Scores, present: Bools, rule: Rule) -> list[bool]:
    """What a rule flags: every threshold is tried, from the one that flags nothing downwards."""
    best, found = None, [False] * scores.size
    for threshold in [np.inf, *sorted({*scores.tolist()}, reverse=True)]:
        flagged = [score >= threshold for score in scores.tolist()]
        hits = sum(flag for flag, known in zip(flagged, present, strict=True) if known)
        alarms = sum(flagged) - hits
        sensitivity = Fraction(hits, int(present.sum()))
        specificity = 1 - Fraction(alarms, int((~present).sum()))
        if rule == "youden":
            is_better = any(flagged) and (best is None or sensitivity + specificity > best)
            best = sensitivity + specificity if is_better else best
        elif rule == "sensitivity=0.90":
            is_better = best is None and sensitivity >= HELD
            best = sensitivity if is_better else best
        else:
            is_better = specificity >= HELD
        found = flagged if is_better else found
    return found


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Scores, Bools]:
    n = draw(st.integers(2, 25))
    levels = draw(st.sampled_from([2, 5, 30]))
    scores = draw(st.lists(st.integers(0, levels), min_size=n, max_size=n))
    present = draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(lambda each: 0 < sum(each) < len(each)))
    return (np.array(scores) / levels).astype(np.float32), np.array(present)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=50)
@given(case=_cases())
def test_it_is_that_of_a_loop_over_every_threshold(rule: Rule, case: tuple[Scores, Bools]) -> None:
    scores, present = case
    found = thresholds.choose(scores, present, rule=rule)
    assert found == float(np.float32(found))
    assert (scores >= np.float32(found)).tolist() == _slow(scores, present, rule)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [10, 11, 30, 100])
def test_shares_that_no_float_holds_are_met_exactly(rule: Rule, n: int) -> None:
    """At nine of ten, 0.9 is held, however it is rounded."""
    rng = np.random.default_rng(n)
    for _ in range(20):
        scores, present = rng.permutation(2 * n).astype(np.float32) / 512, np.arange(2 * n) < n
        found = thresholds.choose(scores, present, rule=rule)
        assert (scores >= np.float32(found)).tolist() == _slow(scores, present, rule)


@pytest.mark.parametrize("seed", range(3))
def test_youdens_is_where_the_curve_of_scikit_learn_is_highest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    present = rng.random(400) < 0.3
    scores = np.round(rng.random(400) + 0.4 * present, 2).astype(np.float32) / 2
    alarms, hits, at = roc_curve(present, scores, drop_intermediate=False)
    found = thresholds.choose(scores, present, rule="youden")
    flagged = scores >= np.float32(found)
    assert flagged[present].mean() - flagged[~present].mean() == pytest.approx((hits - alarms).max())
    below = scores[scores < found].max()
    assert below < found <= at[np.argmax(hits - alarms)]
    assert found == pytest.approx((below + at[np.argmax(hits - alarms)]) / 2, abs=1e-6)


def test_of_several_best_ones_youdens_is_the_highest() -> None:
    """Of three positives and three negatives: 1/3 at the first score, and again; in floats the second is greater."""
    scores, present = np.linspace(0.9, 0.4, 6, dtype=np.float32), np.array([1, 0, 1, 0, 1, 0], bool)
    assert thresholds.choose(scores, present, rule="youden") == pytest.approx(0.85)


def test_it_lies_between_neighbours_even_where_float32_has_nothing_between_them() -> None:
    low = np.float32(0.7)
    high = np.nextafter(low, np.float32(1))
    for scores in ([high, low], [np.float32(1), np.float32(0)], [np.float32(3e-45), np.float32(1e-45)]):
        found = thresholds.choose(np.array(scores), np.array([True, False]), rule="youden")
        assert scores[1] < np.float32(found) <= scores[0]
    assert thresholds.choose(np.array([1, 0], np.float32), np.array([True, False]), rule="youden") == 0.5


def test_where_nothing_may_be_flagged_it_is_above_every_score() -> None:
    scores, present = np.array([1, 1, 0.5], np.float32), np.array([True, False, False])
    found = thresholds.choose(scores, present, rule="specificity=0.90")
    assert found == np.nextafter(np.float32(1), np.float32(2))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("present", [[], [True] * 3, [False] * 3])
def test_without_positives_or_negatives_there_is_none(rule: Rule, present: list[bool]) -> None:
    scores = np.linspace(0, 1, len(present), dtype=np.float32)
    assert np.isnan(thresholds.choose(scores, np.array(present, bool), rule=rule))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("repeats", [1, 4, 5])
def test_cross_fitted_flags_are_those_of_thresholds_chosen_on_other_patients(rule: Rule, repeats: int) -> None:
    rng = np.random.default_rng(repeats)
    clusters = rng.integers(0, 60, 100)
    present = np.where(rng.random(100) < 0.1, np.nan, rng.random(100) < 0.4).astype(np.float32)
    scores = np.round(rng.random(100) + 0.3 * np.nan_to_num(present), 1).astype(np.float32)
    found = thresholds.cross_fitted(scores, present, clusters=clusters, rule=rule, seed=2, repeats=repeats)
    votes = np.zeros(100)
    for fold in divisions(clusters, seed=2, repeats=repeats):
        for left_out in range(FOLDS):
            others = (fold != left_out) & np.isfinite(present)
            assert not set(clusters[others]) & set(clusters[fold == left_out])
            best = max(scores[others][_slow(scores[others], present[others] == 1, rule)].min(), 0)
            below = scores[others][scores[others] < best]
            threshold = np.float32((float(best) + float(below.max())) / 2) if below.size else best
            votes[fold == left_out] += scores[fold == left_out] >= threshold
    expected = (votes > repeats / 2).astype(np.float32)
    np.testing.assert_array_equal(found, expected)


def test_an_image_of_unknown_presence_is_judged_and_has_no_say() -> None:
    rng = np.random.default_rng(0)
    present = (rng.random(80) < 0.5).astype(np.float32)
    scores = (rng.random(80) + 0.3 * present).astype(np.float32)
    present[:10] = np.nan
    first = thresholds.cross_fitted(scores, present, clusters=np.arange(80), rule="youden", seed=0)
    moved = scores.copy()
    moved[:10] = 5
    second = thresholds.cross_fitted(moved, present, clusters=np.arange(80), rule="youden", seed=0)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first[10:], second[10:])
    assert (second[:10] == 1).all()


def test_if_other_folds_lack_positives_once_nothing_is_said() -> None:
    present = np.zeros(50, np.float32)
    present[:2] = 1
    scores = np.linspace(1, 0, 50, dtype=np.float32)
    apart = thresholds.cross_fitted(scores, present, clusters=np.arange(50), rule="youden", seed=0)
    together = thresholds.cross_fitted(scores, present, clusters=np.maximum(np.arange(50), 1), rule="youden", seed=0)
    in_one_fold = [len({*fold[:2]}) == 1 for fold in divisions(np.arange(50), seed=0)]
    assert np.isnan(apart).all() == any(in_one_fold)
    assert np.isnan(together).all()
