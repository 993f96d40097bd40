"""What a number rests on: the images that its metric counts, not all there are."""

from dataclasses import replace

import pytest

from dashboard.text.counts import of_both, of_both_in_short, rests_on, too_few
from tests.support.made.numbers import number, pair


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("recall", "56 positives"),
        ("average_precision", "56 positives"),
        ("f1", "56 positives"),
        ("specificity", "285 negatives"),
        ("auroc", "56 positives, 285 negatives"),
        ("precision", "81 predictions"),
    ],
)
def test_each_metric_counts_its_own_images(metric: str, said: str) -> None:
    assert rests_on(replace(number(0.7, n=341, positives=56), metric=metric, predicted=81)) == said


def test_what_is_of_no_class_counts_all_images() -> None:
    assert rests_on(replace(number(0.7, n=341, finding=None, positives=None), metric="accuracy")) == "341 images"


def test_too_few_names_the_rarer_kind() -> None:
    few = replace(number(0.7, n=341, positives=330, estimable=False), metric="auroc")
    assert too_few(few) == "11 negatives"
    estimate = replace(few.estimate, n_effective=12.3)
    assert too_few(replace(few, metric="precision", predicted=20, estimate=estimate)) == (
        "20 predictions, counting as 12.3"
    )


def test_both_tests_are_counted_side_by_side() -> None:
    both = pair("A", number(0.7, positives=54), number(0.2, positives=1053))
    assert (of_both(both), of_both_in_short(both)) == ("54 internal, 1,053 external positives", "54, 1,053 positives")
    assert of_both_in_short(pair("A", None, number(0.2, positives=53))) == "53 external positives"
