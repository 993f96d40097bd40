"""The answer: which class keeps its recall and which is lost, with the interval of the gap."""

from dataclasses import replace

from dashboard.notation import Estimate
from dashboard.queries.performance.classes import ClassRow, Score
from dashboard.sentences.performance.survival import answer, caution


def _score(value: float, *, n: int = 500, positives: int = 60, estimable: bool = True) -> Score:
    return Score(
        estimate=Estimate(value=value, low=value - 0.1, high=value + 0.1, n=n, estimable=estimable), positives=positives
    )


def _row(finding: str, home: float, abroad: float, *, half: float = 0.05, estimable: bool = True) -> ClassRow:
    gap = home - abroad
    return ClassRow(
        finding=finding,
        home=_score(home, estimable=estimable),
        abroad=_score(abroad),
        lost=Estimate(value=gap, low=gap - half, high=gap + half, n=0, estimable=estimable),
    )


def _read(text: str) -> str:
    return text.replace("\\", "").replace("**", "").replace(":gray", "").replace("\u00a0", " ")


def test_the_one_that_keeps_most_and_the_one_that_is_lost() -> None:
    rows = (_row("Nodule/Mass", 0.42, 0.013), _row("Cardiomegaly", 0.713, 0.402), _row("Consolidation", 0.6, 0.2))
    assert _read(answer(rows)) == (
        "Cardiomegaly keeps 40.2 of 71.3 points of recall, 31.1 less [[26.1, 36.1]]; "
        "Nodule/Mass is lost: 1.3 of 42.0 points of recall are left, 40.7 less [[35.7, 45.7]]."
    )


def test_a_gain_and_a_difference_that_may_be_chance() -> None:
    rows = (_row("No Finding", 0.7, 0.9), _row("Cardiomegaly", 0.71, 0.70))
    assert _read(answer(rows)) == (
        "No Finding gains 20.0 points of recall [[15.0, 25.0]]: 70.0 → 90.0 %; Cardiomegaly has no clear loss of "
        "recall: 71.0 → 70.0 %, a difference of 1.0 points [[\u22124.0, 6.0]], which may be chance."
    )


def test_too_few_images_are_named_and_never_compared() -> None:
    rows = (_row("Cardiomegaly", 0.71, 0.40), _row("Consolidation", 1.0, 0.0, estimable=False))
    text = _read(answer(rows))
    assert text.startswith("Cardiomegaly keeps")
    assert text.endswith("Too few images to tell: Consolidation.")
    assert "100.0" not in text
    assert _read(answer(rows[1:])) == "No class has enough images at both sites: what survives is not estimable."


def test_without_an_internal_test_nothing_is_kept_or_lost() -> None:
    rows = [replace(_row(*each), home=None, lost=None) for each in (("A", 0.5, 0.9), ("B", 0.5, 0.1))]
    assert _read(answer(rows)) == (
        "There is no internal test of this model, so what a finding keeps is not estimable. "
        "Abroad it finds A (90.0 %) most often, B (10.0 %) least often."
    )


def test_without_an_external_test_there_is_no_journey() -> None:
    rows = [replace(_row("A", 0.5, 0.9), abroad=None, lost=None)]
    assert _read(answer(rows)) == "There is no external test, so nothing can be said about the journey."


def test_small_tests_are_cautioned_about() -> None:
    rows = [replace(_row("A", 0.5, 0.9), home=_score(0.5, n=9))]
    assert (caution(rows) or "").startswith("Only 9 images at home:")
    assert caution([_row("A", 0.5, 0.9)]) is None
