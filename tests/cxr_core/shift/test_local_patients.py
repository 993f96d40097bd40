"""What local patients buy, against a loop over the same draws; and where too few of a kind can judge."""

import warnings
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.shift import local_patients, refit, thresholds
from cxr_core.shift.local_patients import COUNTS
from tests.support.two_sites import answers

Ints = npt.NDArray[np.int64]


def _draws(clusters: Ints, *, seed: int, count: int, draws: int) -> Iterator[tuple[set[int], set[int]]]:
    """Patients that judge and patients that are drawn, as the library draws them."""
    rng = np.random.default_rng([seed, 7])
    patients = np.unique(clusters)
    order = rng.permutation(patients.size)
    half = patients.size // 2
    for each in (each for each in COUNTS if patients.size >= 2 * each):
        for _ in range(draws):
            drawn = patients[rng.choice(order[half:], each, replace=False)]
            if each == count:
                yield {*patients[order[:half]].tolist()}, {*drawn.tolist()}


@pytest.mark.parametrize("count", [20, 50])
def test_a_refits_gain_is_that_of_a_loop_over_its_draws(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(local_patients, "DRAWS", 6)
    one = answers(250, seed=0, mix=(0.45, 0.3, 0.23, 0.02), biases=(0.0, 1.5, -1.5, 0.5))
    gains, lacking = [], []
    for judges, drawn in _draws(one.clusters, seed=3, count=count, draws=6):
        assert not judges & drawn
        fitted, judged = ([patient in who for patient in one.clusters.tolist()] for who in (drawn, judges))
        parameters = refit.fit(one.scores[fitted], one.classes[fitted])
        before = one.scores[judged].argmax(axis=1) == one.classes[judged]
        after = refit.scores(one.scores[judged], parameters).argmax(axis=1) == one.classes[judged]
        own = one.classes[judged]
        recalls = [after[own == index].mean() - before[own == index].mean() for index in np.unique(own)]
        gains.append((after.mean() - before.mean(), np.mean(recalls)))
        lacking.append(len({*one.classes[fitted].tolist()}) < 4)
    assert any(lacking) or count > 20
    found = [gain for gain in local_patients.of_refit(one, seed=3) if gain.patients == count]
    assert [gain.metric for gain in found] == ["accuracy", "balanced_accuracy"]
    for gain, expected in zip(found, np.array(gains).T, strict=True):
        assert gain.gain == pytest.approx(expected.mean())
        assert gain.spread == pytest.approx(expected.std(ddof=1))
        assert (gain.low, gain.high) == (
            pytest.approx(np.quantile(expected, 0.05)), pytest.approx(np.quantile(expected, 0.95))
        )  # fmt: skip
        assert gain.lacking == pytest.approx(np.mean(lacking))
        assert gain.judged_by == np.unique(one.clusters).size // 2


def test_a_thresholds_gain_is_that_of_a_loop_over_its_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_patients, "DRAWS", 8)
    rng = np.random.default_rng(1)
    clusters = rng.integers(0, 80, 120)
    present = rng.random(120) < 0.06
    scores = (0.4 * rng.random(120) + 0.3 * present).astype(np.float32)
    gains, lacking = [], []
    for judges, drawn in _draws(clusters, seed=1, count=20, draws=8):
        fitted, judged = (np.array([patient in who for patient in clusters.tolist()]) for who in (drawn, judges))
        known = present[judged]
        lacks = not present[fitted].any()
        chosen = 0.5 if lacks else thresholds.choose(scores[fitted], present[fitted], rule="youden")
        sums = [
            flagged[known].mean() + 1 - flagged[~known].mean()
            for flagged in (scores[judged] >= np.float32(each) for each in (chosen, 0.5))
        ]
        gains.append((sums[0] - sums[1]) / 2)
        lacking.append(lacks)
    found = local_patients.of_threshold(scores, present, clusters=clusters, carried=0.5, seed=1)
    assert [(gain.patients, gain.metric) for gain in found] == [(20, "balanced_accuracy")]
    assert 0 < np.mean(lacking) < 1
    assert found[0].gain == pytest.approx(np.mean(gains))
    assert found[0].lacking == pytest.approx(np.mean(lacking))
    assert all(gain == 0 for gain, lacks in zip(gains, lacking, strict=True) if lacks)


@pytest.mark.parametrize(("patients", "counts"), [(39, []), (40, [20]), (99, [20]), (100, [20, 50])])
def test_a_number_is_tried_where_there_are_twice_as_many_patients(
    monkeypatch: pytest.MonkeyPatch, patients: int, counts: list[int]
) -> None:
    monkeypatch.setattr(local_patients, "DRAWS", 2)
    clusters = np.repeat(np.arange(patients), 2)
    present = np.arange(2 * patients) % 2 == 0
    found = local_patients.of_threshold(
        np.linspace(0, 1, 2 * patients, dtype=np.float32), present, clusters=clusters, carried=0.5, seed=0
    )
    assert [gain.patients for gain in found] == counts
    assert {gain.judged_by for gain in found} <= {patients // 2}


def test_where_those_who_judge_lack_positives_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """One patient has the finding: in half of the runs nobody who judges has it."""
    monkeypatch.setattr(local_patients, "DRAWS", 3)
    said = []
    for seed in range(8):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = local_patients.of_threshold(
                np.linspace(0, 1, 60, dtype=np.float32),
                np.arange(60) == 59,
                clusters=np.arange(60),
                carried=0.5,
                seed=seed,
            )
        assert all(np.isfinite([gain.gain, gain.spread, gain.low, gain.high]).all() for gain in found)
        said.append(len(found))
    assert set(said) == {0, 1}
