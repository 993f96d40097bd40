import math
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from cxr_core.metrics import ranking

Rows = list[tuple[bool, int, int]]
ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), max_size=40)


@pytest.mark.parametrize("levels", [2, 5, 40, None], ids=["two scores", "many ties", "some ties", "no ties"])
@pytest.mark.parametrize("prevalence", [0.02, 0.3, 0.97])
@pytest.mark.parametrize("weighted", [False, True])
def test_both_areas_agree_with_scikit_learn(levels: int | None, prevalence: float, weighted: bool) -> None:
    rng = np.random.default_rng(11)
    n = 500
    present = rng.random(n) < prevalence
    scores = rng.random(n) + 0.3 * present
    scores = scores if levels is None else np.floor(scores * levels)
    weights = rng.random(n) * rng.integers(0, 3, n) if weighted else None
    found = ranking.auroc(present, scores, weights=weights), ranking.average_precision(present, scores, weights=weights)
    assert found[0] == pytest.approx(oracle.roc_auc_score(present, scores, sample_weight=weights), abs=1e-12)
    assert found[1] == pytest.approx(oracle.average_precision_score(present, scores, sample_weight=weights), abs=1e-12)


def test_by_hand() -> None:
    present = np.array([True, False, True, False, False])
    scores = np.array([0.9, 0.8, 0.8, 0.8, 0.1])
    # 6 pairs: the first positive wins 3, the second wins 1 and ties 2.
    assert ranking.auroc(present, scores) == pytest.approx(5 / 6)
    # Precision 1 at the first positive, 2 of 4 where the second is reached.
    assert ranking.average_precision(present, scores) == pytest.approx((1 + 0.5) / 2)


@pytest.mark.parametrize("present", [[], [True], [False], [True, True], [False, False]])
def test_one_kind_of_images_leaves_nothing_to_rank(present: list[bool]) -> None:
    scores = np.linspace(0, 1, len(present))
    assert math.isnan(ranking.auroc(np.array(present, dtype=bool), scores))
    assert math.isnan(ranking.average_precision(np.array(present, dtype=bool), scores))


def test_positives_without_weight_are_no_positives() -> None:
    present = np.array([True, False, False])
    weights = np.array([0.0, 1.0, 2.0])
    assert math.isnan(ranking.auroc(present, np.array([0.3, 0.2, 0.1]), weights=weights))
    assert math.isnan(ranking.average_precision(present, np.array([0.3, 0.2, 0.1]), weights=weights))


@pytest.mark.parametrize("columns", [1, 2, 300])
def test_columns_of_weights_are_what_single_weights_give(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_BLOCK_VALUES", 3 * columns)
    rng = np.random.default_rng(5)
    n, patients = 120, 50
    present, scores = rng.random(n) < 0.4, rng.integers(0, 30, n).astype(np.float32)
    clusters = rng.integers(0, patients, n)
    weights = rng.integers(0, 3, (patients, columns)).astype(np.float32)
    order = ranking.rank(present, scores, clusters=clusters, n_clusters=patients)
    found = ranking.areas(order, weights)
    for column in range(columns):
        alone = weights[clusters, column].astype(np.float64)
        assert found.auroc[column] == pytest.approx(ranking.auroc(present, scores, weights=alone), abs=1e-12)
        assert found.average_precision[column] == pytest.approx(
            oracle.average_precision_score(present, scores, sample_weight=alone), abs=1e-12
        )


@given(ROWS, st.randoms())
def test_the_order_of_images_changes_nothing(rows: Rows, random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert _both(rows) == pytest.approx(_both(shuffled), nan_ok=True)


@given(ROWS)
def test_a_weight_is_so_many_copies(rows: Rows) -> None:
    copies = [(present, score, 1) for present, score, weight in rows for _ in range(weight)]
    assert _both(rows) == pytest.approx(_both(copies), nan_ok=True)


@given(ROWS)
def test_turning_the_scores_round_turns_the_area_round(rows: Rows) -> None:
    reversed_rows = [(present, 10 - score, weight) for present, score, weight in rows]
    assert _both(rows)[0] == pytest.approx(1 - _both(reversed_rows)[0], nan_ok=True)


@given(ROWS)
def test_only_the_order_of_scores_counts(rows: Rows) -> None:
    stretched = [(present, score**3 - 7, weight) for present, score, weight in rows]
    assert _both(rows) == pytest.approx(_both(stretched), nan_ok=True)


@given(ROWS)
def test_areas_stay_in_range(rows: Rows) -> None:
    for area in _both(rows):
        assert math.isnan(area) or -1e-12 <= area <= 1 + 1e-12


def _both(rows: Rows) -> tuple[float, float]:
    present = np.array([row[0] for row in rows], dtype=bool)
    scores = np.array([row[1] for row in rows], dtype=np.float64)
    weights = np.array([row[2] for row in rows], dtype=np.float64)
    return (
        ranking.auroc(present, scores, weights=weights),
        ranking.average_precision(present, scores, weights=weights),
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite scores"):
        ranking.auroc(np.array([True, False]), np.array([0.5, bad]))


def test_unequal_shapes_are_refused() -> None:
    empty: npt.NDArray[np.bool_] = np.array([True])
    with pytest.raises(ValueError, match="equal shapes"):
        ranking.auroc(empty, np.array([0.5, 0.2]))
