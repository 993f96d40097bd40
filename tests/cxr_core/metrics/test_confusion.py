import numpy as np
import numpy.typing as npt
import pytest
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
def test_every_metric_agree_with_scikit_learn(
    labelled: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]],
) -> None:
    classes, predicted, weights = labelled
    counts = _counts(classes, predicted, weights)
    settings = {"labels": LABELS, "average": None, "zero_division": np.nan, "sample_weight": weights}
    np.testing.assert_allclose(confusion.recall(counts), oracle.recall_score(classes, predicted, **settings))
    np.testing.assert_allclose(confusion.precision(counts), oracle.precision_score(classes, predicted, **settings))
    np.testing.assert_allclose(confusion.f1(counts), oracle.f1_score(classes, predicted, **settings))
    np.testing.assert_allclose(
        confusion.accuracy(counts), oracle.accuracy_score(classes, predicted, sample_weight=weights)
    )


def test_specificity_is_the_recall_of_the_other_classes(
    labelled: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]],
) -> None:
    classes, predicted, weights = labelled
    found = confusion.specificity(_counts(classes, predicted, weights))
    for index in LABELS:
        expected = oracle.recall_score(
            classes != index, predicted != index, sample_weight=weights, zero_division=np.nan
        )
        np.testing.assert_allclose(found[index], expected)


def test_npv_is_the_precision_of_the_other_classes(
    labelled: tuple[npt.NDArray[np.int8], npt.NDArray[np.int8], npt.NDArray[np.float64]],
) -> None:
    classes, predicted, weights = labelled
    found = confusion.npv(_counts(classes, predicted, weights))
    for index in LABELS:
        expected = oracle.precision_score(
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


def test_without_images_everything_is_undefined() -> None:
    nothing = np.zeros((K, K))
    for metric in (confusion.recall, confusion.precision, confusion.f1, confusion.specificity):
        assert np.isnan(metric(nothing)).all()
    assert np.isnan(confusion.accuracy(nothing))


def test_leading_axes_are_kept_apart() -> None:
    rng = np.random.default_rng(3)
    many = rng.integers(0, 5, (4, 3, K, K)).astype(np.float64)
    for metric in (confusion.recall, confusion.precision, confusion.f1, confusion.specificity, confusion.accuracy):
        np.testing.assert_array_equal(metric(many)[2, 1], metric(many[2, 1]))


def _counts(
    classes: npt.NDArray[np.int8], predicted: npt.NDArray[np.int8], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return np.asarray(oracle.confusion_matrix(classes, predicted, labels=LABELS, sample_weight=weights), np.float64)
