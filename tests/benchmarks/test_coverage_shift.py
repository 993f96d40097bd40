"""What docs/methods.md says of a gap's terms, on two of its cells; `make bench-long NAME=coverage_shift` has all."""

import numpy as np
import pytest

from benchmarks import coverage_shift
from benchmarks.coverage_shift import CELLS, SIZES, TERMS, errors, judge, simulate
from benchmarks.shift_scenes import SCENES, FindingScene, external, finding, internal
from cxr_core.metrics import ranking


def test_a_loss_to_thresholds_is_named_and_its_terms_hold_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_shift, "MANY", 20_000)
    found, named = simulate(SCENES["thresholds"], n=300, repetitions=25, replicates=150, seed=1000)
    assert named["thresholds"] >= 24
    assert set(found) == set(TERMS) - {"view"}
    assert found["thresholds"].truth == pytest.approx(0.14, abs=0.01)
    for term, one in found.items():
        assert one.tally.n == 25
        assert 0.85 <= one.tally.coverage <= 1, term
        assert abs(one.bias) < 0.015, term


def test_a_lost_threshold_is_hardly_ever_called_a_lost_ranking() -> None:
    scene = FindingScene(images=600, positives=120, external_auroc=0.92, shift=1.2)
    found = judge(scene, repetitions=30, replicates=100)
    right, lost, wrong = errors(found, ranking_lost=False, threshold_lost=True)
    assert lost == 1
    assert right >= 0.5
    assert wrong <= 0.1
    assert found.share(threshold_lost=True) == 1


def test_scenes_are_what_they_are_called() -> None:
    rng = np.random.default_rng(0)
    same = internal(20_000, rng, replicates=0)
    assert same.answers.correct().mean() == pytest.approx(0.86, abs=0.01)
    assert same.has_known_view.all()
    ap = external(SCENES["view, 80 % AP"], 5000, rng, replicates=0)
    assert ap.has_known_view.mean() == pytest.approx(0.2, abs=0.03)
    assert 5000 / np.unique(ap.answers.clusters).size == pytest.approx(1.6, abs=0.05)
    mixed = external(SCENES["mix, strong"], 20_000, rng, replicates=0).answers
    np.testing.assert_allclose(np.bincount(mixed.classes) / 20_000, SCENES["mix, strong"].mix, atol=0.02)
    scene = FindingScene(images=40_000, positives=8000, external_auroc=0.84, shift=1.2)
    for is_external, area in ((False, 0.92), (True, 0.84)):
        drawn = finding(scene, rng, is_external=is_external)
        assert ranking.auroc(drawn.present, drawn.scores) == pytest.approx(area, abs=0.01)
        flagged = drawn.scores >= 0.5
        counted = flagged[drawn.present].mean() - flagged[~drawn.present].mean()
        assert counted == pytest.approx(scene.youden(0.5, 0.5)[int(is_external)], abs=0.02)


def test_the_cells_are_those_of_the_page() -> None:
    assert {name for name, _ in CELLS} == set(SCENES)
    assert {n for _, n in CELLS} == {300, 600, 1500, 3000}
    assert len({*CELLS}) == len(CELLS)
    assert len(SIZES) == 4
