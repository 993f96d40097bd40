"""Sentences and labels of the parts."""

from dataclasses import replace

from cxr_core.findings import FINDINGS
from dashboard.notation import Estimate
from dashboard.queries.overview.accuracies import Configuration
from dashboard.queries.overview.no_skill import NoSkill
from dashboard.queries.performance.classes import Score
from dashboard.queries.performance.confidence import Confidence
from dashboard.queries.performance.panels import Averaged, Panel, PanelRow
from dashboard.queries.performance.subgroups import Group, GroupScore
from dashboard.results.side import Side
from dashboard.sentences.performance import parts

SURE = Confidence(n=100, right=40, mean=0.75, median=0.9, n_effective=100, bins=())
LINES = NoSkill(
    uniform=0.17, test_mix=0.2, train_mix=0.2, train_majority=0.25, best_constant=0.32, best_class="x", estimable=True
)


def _read(text: str) -> str:
    return text.replace("\\", "").replace("**", "").replace("\u00a0", " ")


def _panel(home: tuple[str, ...] | None, abroad: tuple[str, ...]) -> Panel:
    each = Configuration(
        model="split", regime="split", members=None, training=None, internal=None, external=None, lost=None
    )
    row = PanelRow(
        configuration=each,
        averaged=Averaged(classes=FINDINGS, missing_home=home, missing_abroad=abroad),
        is_joined=home == abroad,
    )
    return Panel(metric="macro_f1", rows=(row,))


def test_how_sure_and_how_right_and_what_that_is_worth() -> None:
    text = parts.how_sure(home=replace(SURE, n=1000, right=800, n_effective=1000), abroad=SURE, no_skill=LINES)
    assert _read(text) == (
        "It is on average 75.0 % sure at home and right on 80.0 % (5.0 points too modest); on average 75.0 % sure "
        "abroad and right on 40.0 % (35.0 points too sure). Always answering “x” is right on 32.0 % abroad."
    )


def test_too_few_images_are_no_confidence() -> None:
    few = replace(SURE, n=12, right=5, n_effective=12)
    assert "75" not in parts.how_sure(home=few, abroad=None, no_skill=None)
    assert _read(parts.how_sure(home=few, abroad=SURE, no_skill=None)).startswith("It is on average 75.0 % sure abroad")
    assert parts.sureness(Side.INTERNAL, few, absent="-") == "● at home: not estimable, 12 images"
    assert parts.sureness(Side.INTERNAL, replace(SURE, n=0), absent="none: trained on all").endswith(
        "none: trained on all"
    )


def test_a_mean_confidence_within_the_interval_of_the_accuracy_is_not_called_too_sure() -> None:
    near = replace(SURE, right=72)
    assert _read(parts.how_sure(home=near, abroad=None, no_skill=None)) == (
        "It is on average 75.0 % sure at home and right on 72.0 %."
    )
    assert "too sure" in parts.how_sure(
        home=replace(near, n=10_000, right=7200, n_effective=10_000), abroad=None, no_skill=None
    )
    assert "too sure" not in parts.how_sure(home=replace(near, n=10_000, right=7200), abroad=None, no_skill=None)


def test_an_area_says_what_it_rests_on() -> None:
    score = Score(estimate=Estimate(value=0.9, low=0.85, high=0.95, n=341, estimable=True), positives=54)
    said = parts.area(Side.INTERNAL, score, name="AUROC", absent="-")
    assert _read(said) == "● at home: AUROC <b>90.0 %</b> [85.0, 95.0], 54 of 341 images"
    few = replace(score, estimate=replace(score.estimate, estimable=False), positives=12)
    assert (
        parts.area(Side.INTERNAL, few, name="AUROC", absent="-")
        == "● at home: not estimable, 12 positives in 341 images"
    )


def test_macro_averages_say_what_they_leave_out() -> None:
    assert parts.macro_note([_panel((), ())], model="split") == ""
    unlike = _read(parts.macro_note([_panel(("Consolidation",), ())], model="split"))
    assert unlike == (
        "Macro averages leave out classes with fewer than 30 images, as patients count: at home without Consolidation. "
        "Points lost are over the classes that both have; marks of different classes are not joined."
    )
    alike = parts.macro_note([_panel(("Consolidation",), ("Consolidation",))], model="split")
    assert "Points lost" not in alike
    assert "abroad no class has as many" in parts.macro_note([_panel(None, FINDINGS)], model="split")


def _group_score(*, estimable: bool) -> GroupScore:
    estimate = Estimate(value=0.5, low=0.4, high=0.6, n=50, estimable=estimable)
    return GroupScore(estimate=estimate, positives=None, best_constant=0.3)


def test_how_many_rows_of_groups_are_hidden_is_said() -> None:
    shown, hidden = _group_score(estimable=True), _group_score(estimable=False)
    pairs = [(shown, shown), (hidden, shown), (None, hidden), (hidden, None)]
    found = [Group(stratum=f"age={i}", home=home, abroad=abroad) for i, (home, abroad) in enumerate(pairs)]
    said = "Not estimable, with fewer than 30 images as patients count: 2 of 3 rows at home and 1 of 3 rows abroad."
    assert parts.hidden_groups(found) == said
    assert parts.hidden_groups(found[:1]) == ""
    assert parts.hidden_groups([found[2]]).endswith("1 of 1 row abroad.")
