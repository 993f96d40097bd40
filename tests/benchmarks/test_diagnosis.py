"""Known causes are named on simulated answers; `make bench-long NAME=diagnosis` draws, trains and scores ten seeds."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax

from benchmarks.diagnosis import (
    BIASED,
    BIASES,
    CAUSES,
    EXPERIMENT,
    MIX,
    RESAMPLED,
    TERMS,
    ExternalAnswers,
    Row,
    biased,
    diagnosed,
    measure,
    resampled,
    rows_of,
    table,
)
from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import resample

IMAGES = 12_000
"""So many that one seed is as quiet as the mean of ten of the benchmark's."""

VIEW = next(cause for cause in CAUSES if cause.name == "view")
KNOWN = (VIEW, RESAMPLED, BIASED)


@pytest.fixture(scope="module")
def sites():
    """An internal site, an external one without a cause, and the same patients four times in five in another view."""
    rng = np.random.default_rng(5)
    internal, without = _drawn(rng, name="internal"), _drawn(rng, name="external")
    ap = rng.random(IMAGES) < 0.8
    blurred = without.scores + rng.normal(0, 2, without.scores.shape) + (-0.5, 1.5, -0.6, 0.3, -0.2, -0.5)
    seen = replace(without, scores=np.where(ap[:, np.newaxis], blurred, without.scores))
    return (
        internal,
        ExternalAnswers(answers=without, in_common=np.ones(IMAGES, np.bool_)),
        ExternalAnswers(answers=seen, in_common=~ap),
    )


@pytest.fixture(scope="module")
def seed(sites):
    internal, without, ap = sites
    caused = {VIEW.name: ap, RESAMPLED.name: resampled(without, seed=0), BIASED.name: biased(without)}
    return diagnosed(internal, without, caused, seed=0)


@pytest.mark.parametrize("cause", KNOWN, ids=lambda cause: cause.name)
def test_a_known_cause_is_the_largest_difference_and_no_other_term_moves(seed, cause):
    row = rows_of([seed], [cause])[0]
    assert row.named == 1
    assert row.shortfalls() == []


def test_what_rests_on_images_of_a_view_in_common_is_held_against_the_same_images(seed):
    assert seed.differences[VIEW.name][2:] == pytest.approx([0, 0], abs=1e-9)


def test_a_cause_on_other_images_is_an_error(sites):
    internal, without, ap = sites
    other = replace(ap, answers=replace(ap.answers, classes=np.roll(ap.answers.classes, 1)))
    with pytest.raises(ValueError, match="the same images"):
        diagnosed(internal, without, {VIEW.name: other}, seed=0)


def test_without_a_cause_nothing_is_named(seed):
    assert seed.named == {"balanced_accuracy": (), "accuracy": ()}


def test_the_class_mix_costs_what_recalls_by_hand_say(sites, seed):
    internal, without, _ = sites

    def recalls(answers):
        right = answers.scores.argmax(axis=1) == answers.classes
        return np.array([right[answers.classes == index].mean() for index in range(6)])

    def shares(answers):
        return np.bincount(answers.classes, minlength=6) / answers.classes.size

    other = resampled(without, seed=0).answers
    terms = [(shares(internal) - shares(site)) @ recalls(internal) for site in (without.answers, other)]
    assert seed.without[0] == pytest.approx(100 * terms[0])
    assert seed.differences["class mix"][0] == pytest.approx(100 * (terms[1] - terms[0]))


def test_a_seed_is_drawn_trained_and_scored_whole(tmp_path):
    tiny = replace(
        EXPERIMENT,
        members=1,
        network=replace(EXPERIMENT.network, size_px=32),
        recipe=replace(EXPERIMENT.recipe, epochs=1),
    )
    found = measure(3, tmp_path, causes=(RESAMPLED, BIASED), images=72, images_source=72, experiment=tiny, workers=1)
    assert found.differences.keys() == {"class mix", "thresholds"}
    assert found.differences["thresholds"][[0, 1]].tolist() == [0, 0]  # biases change neither who is there nor the view
    assert found.differences["class mix"][0] != 0
    assert np.isfinite(found.without).all()


def test_a_resampled_site_has_the_mix_and_every_image_as_often_as_any_of_its_class(sites):
    site = sites[1]
    found = resampled(site, seed=0)
    counts = np.bincount(found.answers.classes)
    assert counts / counts.sum() == pytest.approx(MIX, abs=0.001)
    for index in range(6):
        times = np.bincount(found.answers.clusters[found.answers.classes == index], minlength=IMAGES)
        of_class = times[site.answers.clusters[site.answers.classes == index]]
        assert of_class.max() - of_class.min() <= 1


def test_biases_leave_every_other_answer_as_it_is(sites):
    site = sites[1]
    np.testing.assert_allclose(biased(site).answers.scores - site.answers.scores, np.tile(BIASES, (IMAGES, 1)))


def test_a_shortfall_says_which_term_and_by_how_much():
    points = {"class mix": -1.6, "view": 2.9, "thresholds": 1.4, "what remains": np.nan}
    row = Row(cause=VIEW, differences=np.array([[points[term] for term in TERMS]]))
    assert row.shortfalls() == [
        "view 2.9, not above 3",
        "class mix -1.6, not within 1.5",
        "what remains nan, not within 1.5",
    ]


def test_the_table_has_a_row_for_each_cause_and_says_what_is_not_identifiable(seed):
    unknown = {cause.name: np.array([0.0, np.nan, 0.0, 4.0]) for cause in CAUSES}
    lines = table([replace(seed, differences=unknown)]).splitlines()
    assert [line.split("|")[1].strip() for line in lines[3:]] == [cause.name for cause in CAUSES]
    assert all("not identifiable" in line for line in lines[3:])


def _drawn(rng, *, name):
    """Log-probabilities of a network that knows how often each class is seen at such a place."""
    classes = np.arange(IMAGES) % 6
    means = np.diag((1.3, 3.0, 1.7, 2.0, 3.2, 2.8))  # recalls must differ, or a mix costs nothing
    seen = means[classes] + rng.normal(size=(IMAGES, 6))
    scores = log_softmax(seen @ means.T - (means**2).sum(axis=1) / 2, axis=1)
    drawn = resample(np.arange(IMAGES), seed=1, dataset=name, replicates=60)
    return SiteAnswers(scores=scores, classes=classes, clusters=drawn.clusters, weights=drawn.weights)
