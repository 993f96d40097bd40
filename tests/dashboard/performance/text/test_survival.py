"""The answer: where the gap is largest and smallest, and which classes lose recall, AUROC, both or neither."""

from dataclasses import replace

from dashboard.notation import Estimate
from dashboard.performance.text.survival import answer, caution, verdicts
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from tests.support.made.numbers import lost, number, pair
from tests.support.pages import as_read


def _row(finding: str, internal: float, external: float, *, half: float = 0.05, estimable: bool = True) -> Pair:
    ours = number(internal, finding=finding, estimable=estimable)
    by = lost(internal - external, half=half, estimable=estimable)
    return pair(finding, ours, number(external, finding=finding, positives=40), by)


def _ranking(row: Pair) -> Pair:
    def as_score(score: Number | None) -> Number | None:
        estimate = None if score is None else replace(score.estimate, unit="score")
        return None if score is None or estimate is None else replace(score, metric="auroc", estimate=estimate)

    by: Estimate | None = None if row.lost is None else replace(row.lost, unit="score")
    return pair(row.name, as_score(row.internal), as_score(row.external), by)


def test_the_largest_and_the_smallest_gap_with_interval_and_positives() -> None:
    rows = (_row("Nodule/Mass", 0.42, 0.013), _row("Cardiomegaly", 0.713, 0.402), _row("Consolidation", 0.6, 0.1))
    assert as_read(answer(rows, label="recall")) == (
        "Largest gap of recall: Consolidation, 60.0 → 10.0 %, a gap of 50.0 points [45.0, 55.0] "
        "(60 internal, 40 external positives). Smallest: Cardiomegaly, 71.3 → 40.2 %, a gap of 31.1 points "
        "[26.1, 36.1] (60 internal, 40 external positives)."
    )


def test_a_headline_speaks_of_the_metric_that_is_shown_in_its_own_unit() -> None:
    said = as_read(answer([_ranking(_row("Cardiomegaly", 0.924, 0.838))], label="AUROC"))
    assert said == (
        "Largest gap of AUROC: Cardiomegaly, 0.924 → 0.838, a gap of 0.086 [0.036, 0.136] "
        "(60 of 500 internal, 40 of 500 external positives)."
    )


def test_a_gain_is_a_negative_gap_and_what_may_be_chance_says_so() -> None:
    said = as_read(answer((_row("No Finding", 0.7, 0.9), _row("Cardiomegaly", 0.71, 0.70)), label="recall"))
    chance = "a gap of 1.0 points [\u22124.0, 6.0], which may be chance: this n could have seen 7.1 points ("
    assert f"Cardiomegaly, 71.0 → 70.0 %, {chance}" in said
    assert "No Finding, 70.0 → 90.0 %, a gap of \u221220.0 points [\u221225.0, \u221215.0], a gain (" in said


def test_too_few_images_are_named_and_never_compared() -> None:
    rows = (_row("Cardiomegaly", 0.71, 0.40), _row("Consolidation", 1.0, 0.0, estimable=False))
    text = as_read(answer(rows, label="recall"))
    assert text.startswith("Largest gap of recall: Cardiomegaly")
    assert text.endswith("Too few images to tell: Consolidation.")
    assert "100.0" not in text
    alone = as_read(answer(rows[1:], label="F1"))
    assert alone == "No class has enough images at both sites: the gap of F1 is not estimable."


def test_without_an_internal_test_there_is_no_gap() -> None:
    rows = [replace(_row(*each), internal=None, lost=None) for each in (("A", 0.5, 0.9), ("B", 0.5, 0.1))]
    assert as_read(answer(rows, label="precision")) == (
        "There is no internal test of this model, so there is no gap. Externally precision is highest for A "
        "(90.0 % [80.0, 100.0]), lowest for B (10.0 % [0.0, 20.0])."
    )


def test_without_an_external_test_there_is_no_gap() -> None:
    rows = [replace(_row("A", 0.5, 0.9), external=None, lost=None)]
    assert as_read(answer(rows, label="recall")) == "There is no external test, so there is no gap."


def test_recall_and_auroc_part_where_their_intervals_tell_so_and_only_there() -> None:
    recalls = {"A": (0.6, 0.1), "B": (0.6, 0.58), "C": (0.6, 0.1), "D": (0.6, 0.59), "E": (0.6, 0.1), "F": (0.5, 0.9)}
    aurocs = {"A": (0.9, 0.89), "B": (0.9, 0.7), "C": (0.9, 0.7), "D": (0.9, 0.9), "E": (0.9, 0.7), "F": (0.9, 0.89)}
    rows = [_row(name, *both) for name, both in recalls.items()]
    ranked = [_ranking(_row(name, *both, estimable=name != "E")) for name, both in aurocs.items()]
    assert as_read(verdicts(rows, ranked)) == (
        "Recall at this operating point lost, no clear loss of AUROC: A. AUROC lost, no clear loss of recall: B. "
        "Both lost: C. No clear loss of either: D, F."
    )
    assert verdicts(rows[4:5], ranked) == ""


def test_small_tests_are_cautioned_about() -> None:
    rows = [replace(_row("A", 0.5, 0.9), internal=number(0.5, n=9))]
    assert (caution(rows) or "").startswith("Only 9 internal images:")
    assert caution([_row("A", 0.5, 0.9)]) is None
