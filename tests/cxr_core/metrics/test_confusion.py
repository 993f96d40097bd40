from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from cxr_core.metrics import confusion

K = 6
LABELS = list(range(K))


def _labels(rng: np.random.Generator, n: int, *, classes: list[int]) -> npt.NDArray[np.int8]:
    return rng.choice(classes, n).astype(np.int8)


@pytest.fixture(params=["plain", "weighted", "with zero weights", "missing classes", "one class"])
def labelled(
    request: pytest.FixtureRequest,
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    rng = np.random.default_rng(7)
    n = 400
    weights = {"weighted": rng.random(n), "with zero weights": rng.integers(0, 3, n) * 1.0}.get(
        request.param, np.ones(n)
    )
    truth = {"missing classes": [0, 2, 5], "one class": [3]}.get(request.param, LABELS)
    answers = {"missing classes": [0, 2, 4]}.get(request.param, LABELS)
    return _labels(rng, n, classes=truth), _labels(rng, n, classes=answers), weights


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_counts_and_every_metric_agree_with_scikit_learn(
    labelled: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]],
) -> None:
    classes, predicted, weights = labelled
    counts = confusion.tabulate(classes, predicted, n_classes=K, weights=weights)
    expected = oracle.confusion_matrix(classes, predicted, labels=LABELS, sample_weight=weights)
    np.testing.assert_allclose(counts, expected)
    settings = {"labels": LABELS, "average": None, "zero_division": np.nan, "sample_weight": weights}
    np.testing.assert_allclose(confusion.recall(counts), oracle.recall_score(classes, predicted, **settings))
    np.testing.assert_allclose(confusion.precision(counts), oracle.precision_score(classes, predicted, **settings))
    np.testing.assert_allclose(confusion.f1(counts), oracle.f1_score(classes, predicted, **settings))
    np.testing.assert_allclose(
        confusion.accuracy(counts), oracle.accuracy_score(classes, predicted, sample_weight=weights)
    )
    balanced = oracle.balanced_accuracy_score(classes, predicted, sample_weight=weights)
    np.testing.assert_allclose(confusion.balanced_accuracy(counts), balanced)


def test_specificity_is_the_recall_of_the_other_classes(
    labelled: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]],
) -> None:
    classes, predicted, weights = labelled
    found = confusion.specificity(confusion.tabulate(classes, predicted, n_classes=K, weights=weights))
    for index in LABELS:
        expected = oracle.recall_score(
            classes != index, predicted != index, sample_weight=weights, zero_division=np.nan
        )
        np.testing.assert_allclose(found[index], expected)


def test_by_hand() -> None:
    counts = np.array([[8.0, 2.0, 0.0], [1.0, 3.0, 0.0], [0.0, 0.0, 0.0]])
    assert confusion.accuracy(counts) == pytest.approx(11 / 14)
    np.testing.assert_allclose(confusion.recall(counts), [0.8, 0.75, np.nan])
    np.testing.assert_allclose(confusion.precision(counts), [8 / 9, 0.6, np.nan])
    np.testing.assert_allclose(confusion.f1(counts), [16 / 19, 6 / 9, np.nan])
    np.testing.assert_allclose(confusion.specificity(counts), [0.75, 0.8, 1.0])
    assert confusion.balanced_accuracy(counts) == pytest.approx(0.775)


def test_without_images_everything_is_undefined() -> None:
    nothing = np.zeros((K, K))
    for metric in (confusion.recall, confusion.precision, confusion.f1, confusion.specificity):
        assert np.isnan(metric(nothing)).all()
    assert np.isnan(confusion.accuracy(nothing))
    assert np.isnan(confusion.balanced_accuracy(nothing))


def test_leading_axes_are_kept_apart() -> None:
    rng = np.random.default_rng(3)
    many = rng.integers(0, 5, (4, 3, K, K)).astype(np.float64)
    for metric in (confusion.recall, confusion.precision, confusion.f1, confusion.specificity, confusion.accuracy):
        np.testing.assert_array_equal(metric(many)[2, 1], metric(many[2, 1]))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 4)), max_size=40), st.randoms())
def test_the_order_of_images_changes_nothing(rows: list[tuple[int, int, int]], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert np.array_equal(_counts(rows), _counts(shuffled))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 4)), max_size=25))
def test_a_weight_is_so_many_copies(rows: list[tuple[int, int, int]]) -> None:
    copies = [(truth, answer, 1) for truth, answer, weight in rows for _ in range(weight)]
    assert np.array_equal(_counts(rows), _counts(copies))


def _counts(rows: list[tuple[int, int, int]]) -> npt.NDArray[np.float64]:
    table = np.array(rows, dtype=np.int8).reshape(-1, 3)
    return confusion.tabulate(table[:, 0], table[:, 1], n_classes=K, weights=table[:, 2].astype(np.float64))


def test_a_mean_over_an_undefined_class_is_undefined() -> None:
    values = np.array([[0.2, 0.6, np.nan], [0.4, 0.8, 0.3]])
    np.testing.assert_allclose(confusion.macro(values, over=np.array([True, True, False])), [0.4, 0.6])
    np.testing.assert_allclose(confusion.macro(values, over=np.array([True, False, True])), [np.nan, 0.35])
    assert np.isnan(confusion.macro(values, over=np.zeros(3, dtype=bool))).all()


@pytest.mark.parametrize("wrong", [-1, 6])
def test_a_class_outside_the_range_is_refused(wrong: int) -> None:
    with pytest.raises(ValueError, match="classes from 0 to 5"):
        confusion.tabulate(np.array([0, wrong], np.int8), np.array([0, 0], np.int8), n_classes=K)


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="a prediction for each class"):
        confusion.tabulate(np.zeros(3, np.int8), np.zeros(2, np.int8), n_classes=K)
