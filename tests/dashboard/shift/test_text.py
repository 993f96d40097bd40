import math

from dashboard.notation import Estimate
from dashboard.results.verdicts import Verdict
from dashboard.results.waterfalls import GapParts
from dashboard.shift.data.class_mix import EstimatedShare
from dashboard.shift.data.local_patients import Gain
from dashboard.shift.text import class_mix, local_patients, waterfall
from dashboard.shift.text.answer import answer
from dashboard.text.causes import verdict, verdicts_told, why_not_identifiable
from tests.support.pages import as_read

NAN = math.nan
NONE = Estimate(value=NAN, low=NAN, high=NAN, n=0, estimable=True)


def part(value: float, half: float = 0.05) -> Estimate:
    """Of a value of 0 the interval is none: 0 by definition."""
    low, high = (value - half, value + half) if value else (NAN, NAN)
    return Estimate(value=value, low=low, high=high, n=0, estimable=True)


def apart(
    scale: str = "balanced_accuracy", *, finding: str | None = None, reason: str | None = None, **terms: Estimate
) -> GapParts:
    gap = part(sum(each.value for each in terms.values() if not math.isnan(each.value)), 0.04)
    levels = {"internal": part(0.79), "external": part(0.79 - gap.value)}
    return GapParts(
        finding=finding,
        scale=scale,
        cause="view",
        gap=gap,
        terms=terms,
        levels=levels,
        other_order=part(0.03),
        reason=reason,
    )


def test_the_largest_part_is_named_first_and_the_next_behind_it() -> None:
    found = apart(thresholds=part(0.11), what_remains=part(0.14), class_mix=part(0.0))
    assert as_read(answer(found)) == (
        "Of the 25.0 points [21.0, 29.0] of balanced accuracy lost, the largest part is what remains, 14.0 points "
        "[9.0, 19.0], then thresholds, 11.0 points [6.0, 16.0]."
    )


def test_what_stands_for_two_parts_is_called_so() -> None:
    found = apart(
        cause_not_won_back=NONE,
        cause_won_back=NONE,
        thresholds=part(0.01),
        what_remains=part(0.2),
        reason="not recorded",
    )
    assert "the largest part is view and what remains, 20.0 points" in as_read(answer(found))


def test_nothing_is_named_where_each_part_is_small_or_may_be_chance() -> None:
    found = apart(thresholds=part(0.015, 0.01), what_remains=part(0.04, 0.05))
    assert as_read(answer(found)).endswith(
        "lost, nothing is named: no part is at least 2 points with an interval above 0."
    )


def test_a_part_that_is_written_as_two_points_is_named() -> None:
    assert "what remains, 2.0 points" in as_read(answer(apart(what_remains=part(0.0198, 0.01), thresholds=part(0.04))))


def test_a_gap_that_may_be_chance_and_a_gain_are_not_called_lost() -> None:
    chance = apart(thresholds=part(0.03, 0.01), what_remains=part(-0.02))
    assert as_read(answer(chance)) == (
        "Balanced accuracy: a gap of 1.0 points [\N{MINUS SIGN}3.0, 5.0], which may be chance: this n could have seen "
        "5.7 points; the largest part is thresholds, 3.0 points [2.0, 4.0]."
    )
    gain = apart(finding="Edema", what_remains=part(-0.1))
    assert as_read(answer(gain)).startswith("Balanced accuracy of Edema: a gap of \N{MINUS SIGN}10.0 points")
    assert "], a gain; nothing is named" in as_read(answer(gain))


def _footnote(found: GapParts, *, noun: str = "image") -> str:
    return as_read(waterfall.footnote(found, images={}, noun=noun, intervals="over patients"))


def test_what_is_zero_by_definition_is_said() -> None:
    same = apart(class_mix=part(0), cause_not_won_back=part(0), cause_won_back=part(0), what_remains=part(0.1))
    assert _footnote(same).startswith(
        "0 by definition: class mix, since this scale counts every class alike; view, since the internal test has "
        "every view of the external one."
    )


def test_what_is_not_identifiable_says_why() -> None:
    found = apart(cause_not_won_back=NONE, cause_won_back=NONE, what_remains=part(0.1), reason="not recorded")
    assert "View (hatched) is not identifiable: not recorded; the last bar holds it." in _footnote(found)
    few = apart(what_remains=part(0.1), reason="the images in common count as 95")
    assert why_not_identifiable(few, noun="study") == "not identifiable: studies of a shared view count as 95"


def test_the_other_order_of_the_mix_stands_beside_accuracy_alone() -> None:
    terms = {"class_mix": part(0.01), "what_remains": part(0.1)}
    assert "Class mix in the other order, at the internal mix: 3.0 points [\N{MINUS SIGN}2.0, 8.0]." in _footnote(
        apart("accuracy", **terms)
    )
    assert "other order" not in _footnote(apart(**terms))


def test_classes_too_rare_to_compare_are_said_where_they_cost_something() -> None:
    found = apart("accuracy", what_remains=part(0.1), other_classes=part(0.02))
    assert "Classes too rare to compare are left out; with them the gap is 12.0 points" in _footnote(found)
    assert "too rare" not in _footnote(apart("accuracy", what_remains=part(0.1), other_classes=part(0)))


def test_verdicts_are_told_by_what_is_lost() -> None:
    found = {
        "Edema": Verdict(ranking="lost", threshold="kept"),
        "Mass": Verdict(ranking="slightly lost", threshold="lost"),
        "Hernia": Verdict(ranking=None, threshold=None),
    }
    assert (
        as_read(verdicts_told(found, noun="image"))
        == "Ranking lost: Edema; ranking slightly lost: Mass; threshold lost: Mass."
    )
    assert [verdict(each) for each in found.values()] == [
        "ranking lost, threshold kept",
        "ranking slightly lost, threshold lost",
        "not estimable",
    ]
    kept = {"Edema": Verdict(ranking="undecided", threshold="kept")}
    assert verdicts_told(kept, noun="image") == "Of no finding is ranking or threshold clearly lost."
    few = {"Edema": Verdict(ranking=None, threshold=None)}
    assert verdicts_told(few, noun="study").startswith("No finding has enough studies in both tests")
    assert verdicts_told({}, noun="image") == ""


def gain(patients: int, value: float, *, lacking: float = 0.0) -> Gain:
    estimate = Estimate(value=value, low=value - 0.03, high=value + 0.03, n=0, estimable=True, spread="range")
    return Gain(
        finding=None, metric="accuracy", patients=patients, gain=estimate, spread=0.01, lacking=lacking, judged_by=150
    )


def test_what_fifty_and_the_most_patients_buy() -> None:
    found = [gain(20, 0.05, lacking=0.25), gain(50, 0.08), gain(200, 0.09)]
    assert as_read(local_patients.answer(found, noun="patient")) == (
        "50 local patients buy 8.0 points of accuracy, 5 to 95 % of draws 5.0 to 11.0; 200 buy 9.0, 6.0 to 12.0."
    )
    footnote = as_read(local_patients.footnote(found, is_refit=True, noun="patient"))
    assert "judged on 150 other patients: no external test" in footnote
    assert footnote.endswith("Of the draws of 20, 25.0 % lack a class.")


def test_a_gain_below_zero_is_a_cost() -> None:
    assert as_read(local_patients.answer([gain(20, -0.044)], noun="study")) == (
        "20 local studies cost 4.4 points of accuracy, 5 to 95 % of draws \N{MINUS SIGN}7.4 to \N{MINUS SIGN}1.4."
    )


def share(finding: str, distance: float) -> EstimatedShare:
    return EstimatedShare(finding=finding, internal=0.4, external=0.1, estimated=0.2, distance=distance)


def test_an_estimate_that_must_not_be_read_is_withheld_in_words() -> None:
    assert class_mix.answer([share("Edema", 1.7), share("Mass", 1.7)], is_whole=True, noun="image") == (
        "The images differ, not only their mix: the scores of the two sites are 1.7 times as far apart as chance "
        "allows, so no estimate is shown."
    )
    assert as_read(class_mix.answer([share("Edema", 1.7), share("Mass", 0.7)], is_whole=False, noun="image")) == (
        "The images differ, not only their mix, so no estimate is shown: Edema."
    )
    assert class_mix.answer([share("Edema", 0.7)], is_whole=False, noun="image").startswith("The sites may differ")
