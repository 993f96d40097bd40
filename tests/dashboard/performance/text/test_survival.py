"""The answer: which class keeps its recall and which is lost, with the interval of the gap."""

from dataclasses import replace

from dashboard.performance.text.survival import answer, caution
from dashboard.results.pairs import Pair
from tests.support.made.numbers import lost, number, pair
from tests.support.pages import as_read


def _row(finding: str, internal: float, external: float, *, half: float = 0.05, estimable: bool = True) -> Pair:
    ours = number(internal, finding=finding, estimable=estimable)
    by = lost(internal - external, half=half, estimable=estimable)
    return pair(finding, ours, number(external, finding=finding), by)


def test_the_one_that_keeps_most_and_the_one_that_is_lost() -> None:
    rows = (_row("Nodule/Mass", 0.42, 0.013), _row("Cardiomegaly", 0.713, 0.402), _row("Consolidation", 0.6, 0.2))
    assert as_read(answer(rows)) == (
        "Cardiomegaly keeps 40.2 of 71.3 points of recall, 31.1 less [26.1, 36.1]; "
        "Nodule/Mass is lost: 1.3 of 42.0 points of recall are left, 40.7 less [35.7, 45.7]."
    )


def test_a_gain_and_a_difference_that_may_be_chance() -> None:
    rows = (_row("No Finding", 0.7, 0.9), _row("Cardiomegaly", 0.71, 0.70))
    assert as_read(answer(rows)) == (
        "No Finding gains 20.0 points of recall [15.0, 25.0]: 70.0 → 90.0 %; Cardiomegaly has no clear loss of "
        "recall: 71.0 → 70.0 %, a difference of 1.0 points [\u22124.0, 6.0], which may be chance."
    )


def test_too_few_images_are_named_and_never_compared() -> None:
    rows = (_row("Cardiomegaly", 0.71, 0.40), _row("Consolidation", 1.0, 0.0, estimable=False))
    text = as_read(answer(rows))
    assert text.startswith("Cardiomegaly keeps")
    assert text.endswith("Too few images to tell: Consolidation.")
    assert "100.0" not in text
    assert as_read(answer(rows[1:])) == "No class has enough images at both sites: what survives is not estimable."


def test_without_an_internal_test_nothing_is_kept_or_lost() -> None:
    rows = [replace(_row(*each), internal=None, lost=None) for each in (("A", 0.5, 0.9), ("B", 0.5, 0.1))]
    assert as_read(answer(rows)) == (
        "There is no internal test of this model, so what a finding keeps is not estimable. "
        "Externally it finds A (90.0 %) most often, B (10.0 %) least often."
    )


def test_without_an_external_test_there_is_no_journey() -> None:
    rows = [replace(_row("A", 0.5, 0.9), external=None, lost=None)]
    assert as_read(answer(rows)) == "There is no external test, so nothing can be said about the journey."


def test_small_tests_are_cautioned_about() -> None:
    rows = [replace(_row("A", 0.5, 0.9), internal=number(0.5, n=9))]
    assert (caution(rows) or "").startswith("Only 9 internal images:")
    assert caution([_row("A", 0.5, 0.9)]) is None
