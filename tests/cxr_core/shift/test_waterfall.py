"""The terms of a gap: they add up, and each is what a plain count of images says."""

import warnings
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.shift import refit
from cxr_core.shift import waterfall as module
from cxr_core.shift.answers import Bools, SiteAnswers
from cxr_core.shift.folds import FOLDS, divisions
from cxr_core.shift.waterfall import LEVELS, TERMS, Scale, Waterfall, waterfall
from cxr_core.statistics.resampling import resample
from tests.support.two_sites import answers, weights_of_images

Values = npt.NDArray[np.float64]
SCALES: tuple[Scale, ...] = ("accuracy", "balanced_accuracy")


def _external(seed: int, *, n: int = 600, mix: tuple[float, ...] = (0.2, 0.2, 0.3, 0.3)) -> SiteAnswers:
    return answers(n, seed=1000 + seed, mix=mix, biases=(0.0, 1.0, -1.0, 0.5), skill=1.5)


def _found(one: Waterfall | None) -> Waterfall:
    assert one is not None
    return one


def _total(one: Waterfall) -> Values:
    return np.sum([term for term in one.terms.values() if term is not None], axis=0)


def _of_classes(one: SiteAnswers, shares: dict[int, float], *, seed: int) -> SiteAnswers:
    """What is left of a site if of some classes only a share is kept."""
    keep = np.array([shares.get(index, 1.0) for index in range(one.n_classes)])
    return one.only(np.random.default_rng(seed).random(one.classes.size) < keep[one.classes])


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    scale=st.sampled_from(SCALES),
    known=st.sampled_from([None, 0.0, 0.02, 0.5, 0.9, 1.0]),
    missing=st.sampled_from([(), ("internal",), ("external",), ("internal", "external")]),
)
def test_the_terms_add_up_to_the_gap_in_the_sample_and_in_every_replicate(
    seed: int, scale: Scale, known: float | None, missing: tuple[str, ...]
) -> None:
    internal, external = answers(150, seed=seed, replicates=20), _external(seed, n=300)
    internal = _of_classes(internal, {3: 0.0} if "internal" in missing else {}, seed=seed)
    external = _of_classes(external, {2: 0.02} if "external" in missing else {}, seed=seed)
    external = replace(external, weights=external.weights[:, :21])
    cause = None if known is None else np.random.default_rng(seed).random(external.classes.size) < known
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = _found(waterfall(internal, external, scale=scale, cause=cause, seed=seed, repeats=1))
    assert set(one.terms) == set(TERMS)
    assert set(one.levels) == set(LEVELS)
    assert one.gap.shape == (21,)
    assert np.isfinite(one.gap[0])
    np.testing.assert_allclose(_total(one), one.gap, atol=1e-9)
    is_refused = one.terms["cause_won_back"] is None
    assert is_refused == (one.terms["cause_not_won_back"] is None) == (one.reason is not None)
    sizes = np.array([np.bincount(each.classes, minlength=4) for each in (internal, external)])
    assert one.spoken_of.tolist() == (sizes >= 10).all(axis=0).tolist()
    assert not (missing and one.spoken_of.all())
    if scale == "balanced_accuracy":
        for name in ("class_mix", "other_classes"):
            np.testing.assert_allclose(one.terms[name], 0, atol=1e-9)
        assert (one.other_order == 0).all()
    if one.spoken_of.all():
        np.testing.assert_allclose(one.terms["other_classes"], 0, atol=1e-9)


def _counted(table: list[list[int]]) -> SiteAnswers:
    """A site of two classes from its counts: reference standard by answer."""
    classes = np.repeat([0, 0, 1, 1], np.ravel(table))
    answered = np.repeat([0, 1, 0, 1], np.ravel(table))
    drawn = resample(np.arange(classes.size), seed=0, dataset="site", replicates=3)
    scores = np.log(np.where(answered[:, np.newaxis] == np.arange(2), 0.8, 0.2))
    return SiteAnswers(scores=scores, classes=classes, clusters=drawn.clusters, weights=drawn.weights)


def test_the_class_mix_by_hand() -> None:
    """Internally recalls of 0.9 and 0.6 at a mix of 1 : 1, externally 0.8 and 0.5 at 1 : 3."""
    internal, external = _counted([[90, 10], [40, 60]]), _counted([[40, 10], [75, 75]])
    one = _found(waterfall(internal, external, scale="accuracy", seed=0))
    assert one.gap[0] == pytest.approx(0.75 - 0.575)
    # 0.25 x 0.9 + 0.75 x 0.6 = 0.675: what the internal site would score with their patients.
    assert one.levels["internal_at_target"][0] == pytest.approx(0.675)
    assert one.levels["external_at_target"][0] == pytest.approx(one.levels["external"][0])
    term = one.terms["class_mix"]
    assert term is not None
    assert term[0] == pytest.approx(0.75 - 0.675)
    # The other order: the external recalls at the internal mix, 0.65, against their own.
    assert one.other_order[0] == pytest.approx(0.65 - 0.575)
    rest = sum(float(values[0]) for name in ("thresholds", "what_remains") if (values := one.terms[name]) is not None)
    assert rest == pytest.approx(0.675 - 0.575)
    assert {name: values[:, 0].tolist() for name, values in one.recalls.items() if name != "external_refitted"} == {
        "internal": [pytest.approx(0.9), pytest.approx(0.6)],
        "external": [pytest.approx(0.8), pytest.approx(0.5)],
    }
    balanced = _found(waterfall(internal, external, scale="balanced_accuracy", seed=0))
    assert balanced.gap[0] == pytest.approx(0.75 - 0.65)
    assert balanced.levels["internal"][0] == pytest.approx(0.75)


def test_other_classes_are_what_the_gap_is_beyond_the_classes_in_common() -> None:
    """The third class has no image internally; all of its 100 external images are answered wrong."""
    two = [_counted(table) for table in ([[90, 10], [40, 60]], [[40, 10], [75, 75]])]
    internal, external = (replace(one, scores=np.c_[one.scores, np.full(one.classes.size, -9.0)]) for one in two)
    more = resample(np.arange(300), seed=0, dataset="site", replicates=3)
    external = SiteAnswers(
        scores=np.r_[external.scores, np.tile(np.log([0.8, 0.1, 0.1]), (100, 1))],
        classes=np.r_[external.classes, np.full(100, 2)],
        clusters=more.clusters,
        weights=more.weights,
    )
    one = _found(waterfall(internal, external, scale="accuracy", seed=0))
    assert one.gap[0] == pytest.approx(0.75 - 115 / 300)
    other = one.terms["other_classes"]
    assert other is not None
    assert other[0] == pytest.approx(0.575 - 115 / 300)
    assert np.isnan(one.recalls["external"][2]).all()


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("known", [None, 0.6])
def test_every_level_and_the_view_are_those_of_a_count_image_by_image(scale: Scale, known: float | None) -> None:
    """Thresholds, what remains and both parts of the view follow from refits on other patients, made here."""
    internal, external = answers(300, seed=5, replicates=0), replace(_external(5), weights=_external(5).weights[:, :1])
    cause = np.random.default_rng(5).random(600) < known if known else None
    one = _found(waterfall(internal, external, scale=scale, cause=cause, seed=3, repeats=2))
    assert (one.reason is None) == (known is not None)
    mix = np.bincount(external.classes) / 600 if scale == "accuracy" else np.full(4, 0.25)
    everything = np.ones(600, dtype=np.bool_)
    plain = _recalls(internal), _recalls(external)
    inside = _refitted(internal, np.ones(300, dtype=np.bool_), mix)
    cost = cost_after = 0.0
    if cause is None:
        outside = _refitted(external, everything, mix)
    else:
        hits = np.array([_hits(external, part, mix) for part in (cause, ~cause)])
        outside = hits.sum(axis=0) / np.bincount(external.classes)
        within = np.bincount(external.classes[cause])
        cost = float(mix @ (_recalls(external.only(cause)) - plain[1]))
        cost_after = float(mix @ (hits[0] / within - outside))
    gain_inside, gain_outside = float(mix @ (inside - plain[0])), float(mix @ (outside - plain[1]))
    expected = {
        "thresholds": gain_outside - gain_inside - (cost - cost_after),
        "what_remains": float(mix @ (inside - outside)) - cost_after,
        "cause_not_won_back": cost_after,
        "cause_won_back": cost - cost_after,
    }
    for name, value in expected.items():
        values = one.terms[name]
        assert (values is None) == (cause is None and name.startswith("cause"))
        if values is not None:
            assert values[0] == pytest.approx(value, abs=1e-9), name
    assert one.levels["external_refitted"][0] == pytest.approx(mix @ outside)
    assert one.levels["internal_refitted"][0] == pytest.approx(mix @ inside)


def _recalls(one: SiteAnswers) -> Values:
    right = one.scores.argmax(axis=1) == one.classes
    return np.array([right[one.classes == index].mean() for index in range(one.n_classes)])


def _refitted(one: SiteAnswers, part: Bools, mix: Values) -> Values:
    return _hits(one, part, mix) / np.bincount(one.classes)


def _hits(one: SiteAnswers, part: Bools, mix: Values) -> Values:
    """Correct answers by class after refits on other patients of a part of a site, for it to have a mix."""
    scores, classes, found = one.scores[part], one.classes[part], np.zeros(one.n_classes)
    weight = mix / (np.bincount(classes) / classes.size)
    for fold in divisions(one.clusters[part], seed=3, repeats=2):
        for left_out in range(FOLDS):
            others = fold != left_out
            parameters = refit.fit(scores[others], classes[others], weight[classes[others]])
            right = refit.scores(scores, parameters).argmax(axis=1) == classes
            found += [(right & ~others & (classes == index)).sum() / 2 for index in range(one.n_classes)]
    return found


def test_a_replicate_is_what_the_images_of_its_patients_are_by_themselves() -> None:
    """The terms that need no refit, from patients drawn again and again."""
    internal, external = answers(300, seed=6, replicates=10), _external(6)
    external = replace(external, weights=external.weights[:, :11])
    cause = np.random.default_rng(6).random(600) < 0.6
    one = _found(waterfall(internal, external, scale="accuracy", cause=cause, seed=0, repeats=1))
    for column in (1, 10):
        inner, outer = (
            _repeated(each, weights_of_images(each)[:, column].astype(np.int64)) for each in (internal, external)
        )
        mixes = [np.bincount(each.classes) / each.classes.size for each in (inner, outer)]
        assert one.gap[column] == pytest.approx(inner.correct().mean() - outer.correct().mean())
        mix = one.terms["class_mix"]
        assert mix is not None
        assert mix[column] == pytest.approx((mixes[0] - mixes[1]) @ _recalls(inner), abs=1e-6)
        assert one.other_order[column] == pytest.approx((mixes[0] - mixes[1]) @ _recalls(outer), abs=1e-6)
        parts = [one.terms[name] for name in ("cause_not_won_back", "cause_won_back")]
        with_cause = _repeated(external.only(cause), weights_of_images(external)[cause, column].astype(np.int64))
        cost = sum(float(part[column]) for part in parts if part is not None)
        assert cost == pytest.approx(mixes[1] @ (_recalls(with_cause) - _recalls(outer)), abs=1e-6)


def _repeated(one: SiteAnswers, times: npt.NDArray[np.int64]) -> SiteAnswers:
    rows = np.repeat(np.arange(one.classes.size), times)
    return replace(one, scores=one.scores[rows], classes=one.classes[rows], clusters=one.clusters[rows])


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(2))
def test_thresholds_cost_nothing_where_the_external_site_is_the_internal_one(scale: Scale, seed: int) -> None:
    same = answers(2000, seed=seed, replicates=0)
    one = _found(waterfall(same, same, scale=scale, seed=seed))
    assert all(values is None or (values == 0).all() for values in one.terms.values())
    other = _found(waterfall(same, _with_folds_anew(same), scale=scale, seed=seed))
    thresholds, remains = one.terms["thresholds"], other.terms["thresholds"]
    assert thresholds is not None
    assert remains is not None
    assert abs(remains[0]) < 0.005


def _with_folds_anew(one: SiteAnswers) -> SiteAnswers:
    """The same images; their patients are numbered otherwise, so that they are divided otherwise."""
    order = np.random.default_rng(0).permutation(one.weights.shape[0])
    return replace(one, clusters=order[one.clusters])


@pytest.mark.parametrize("scale", SCALES)
def test_known_biases_are_won_back_by_thresholds_and_leave_nothing_behind(scale: Scale) -> None:
    same = answers(2000, seed=9, mix=(0.25,) * 4, replicates=0)
    moved = replace(same, scores=same.scores + np.array([2.0, -1.5, 1.0, -1.5]))
    one = _found(waterfall(same, moved, scale=scale, seed=0))
    thresholds, remains = one.terms["thresholds"], one.terms["what_remains"]
    assert thresholds is not None
    assert remains is not None
    assert one.gap[0] > 0.1
    assert thresholds[0] == pytest.approx(one.gap[0], abs=0.005)
    assert abs(remains[0]) < 0.005


def _view(within: list[int], without: list[int]) -> tuple[SiteAnswers, Bools]:
    """An external site of so many images of each class with a known view and without one."""
    classes = np.repeat([0, 1, 0, 1], [*within, *without])
    drawn = resample(np.arange(classes.size), seed=0, dataset="site", replicates=2)
    scores = np.log(np.where(np.arange(2) == classes[:, np.newaxis], 0.7, 0.3))
    known = np.arange(classes.size) < sum(within)
    return SiteAnswers(scores=scores, classes=classes, clusters=drawn.clusters, weights=drawn.weights), known


@pytest.mark.parametrize(
    ("within", "without", "reason"),
    [
        ([50, 50], [50, 50], None),
        ([49, 50], [51, 50], "the images in common count as 99"),
        # 0.5² / 5 + 0.5² / 5000: an effective size of 20.
        ([5, 5000], [5, 5], "the images in common count as 20"),
        ([4, 5000], [6, 5], "too few images of a class in common"),
        ([0, 0], [50, 50], "no image in common"),
        ([50, 50], [0, 0], None),
    ],
)
def test_the_view_is_refused_with_a_reason(within: list[int], without: list[int], reason: str | None) -> None:
    internal = _counted([[90, 10], [40, 60]])
    external, known = _view(within, without)
    one = _found(
        waterfall(
            replace(internal, weights=internal.weights[:, :3]), external, scale="balanced_accuracy", cause=known, seed=0
        )
    )
    assert one.reason == reason
    for name in ("cause_won_back", "cause_not_won_back"):
        values = one.terms[name]
        assert (values is None) == (reason is not None)
        if not sum(without):
            assert values is not None
            assert (values == 0).all()


def test_a_site_that_records_no_view_is_said_to_and_fewer_than_two_classes_in_common_give_none() -> None:
    internal, external = _counted([[90, 10], [40, 60]]), _counted([[40, 10], [75, 75]])
    one = _found(waterfall(internal, external, scale="accuracy", seed=0))
    assert one.reason == "not recorded"
    assert waterfall(internal, _counted([[40, 10], [5, 4]]), scale="accuracy", seed=0) is None
    assert waterfall(internal, _counted([[40, 10], [5, 5]]), scale="accuracy", seed=0) is not None


def test_where_a_class_is_missing_in_a_replicate_its_terms_are_undefined_there() -> None:
    internal, external = _counted([[90, 10], [5, 5]]), _counted([[90, 10], [40, 60]])
    weights = internal.weights.copy()
    weights[100:, 2] = 0
    one = _found(waterfall(replace(internal, weights=weights), external, scale="balanced_accuracy", seed=0))
    assert np.isfinite(one.gap).tolist() == [True, True, False, True]
    for values in one.terms.values():
        assert values is None or np.isnan(values[2])


def test_where_a_view_cannot_be_fitted_apart_it_is_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused cause takes its part into the last bar, and nothing of it is fitted apart."""
    internal, external = answers(300, seed=2, replicates=0), replace(_external(2), weights=_external(2).weights[:, :1])
    cause = np.random.default_rng(2).random(600) < 0.3
    monkeypatch.setattr(module, "LEAST_SIZE", 601)
    refused = _found(waterfall(internal, external, scale="accuracy", cause=cause, seed=0))
    unknown = _found(waterfall(internal, external, scale="accuracy", seed=0))
    assert refused.reason is not None
    assert refused.terms["cause_won_back"] is None
    for name in ("class_mix", "thresholds", "what_remains"):
        first, second = refused.terms[name], unknown.terms[name]
        assert first is not None
        assert second is not None
        np.testing.assert_array_equal(first, second)
