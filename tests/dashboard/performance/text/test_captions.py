"""Sentences and labels of the parts."""

from dataclasses import replace

from cxr_core.findings import FINDINGS
from dashboard.performance.data.confidence import Confidence
from dashboard.performance.data.configurations import Averaged, Panel, PanelRow
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.text import captions
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side
from tests.support.made.numbers import no_skill, number, pair
from tests.support.pages import as_read

SURE = Confidence(n=100, right=40, mean=0.75, median=0.9, n_effective=100, low=0.309, high=0.498, bins=())
LINES = no_skill(0.32)


def _panel(missing: dict[Side, tuple[str, ...]]) -> Panel:
    each = Configuration(
        model="split", regime="split", members=None, training=None, internal=None, external=None, lost=None
    )
    averaged = Averaged(classes=FINDINGS, missing=missing)
    row = PanelRow(configuration=each, averaged=averaged, is_joined=averaged.is_alike("macro_f1"))
    return Panel(metric="macro_f1", rows=(row,))


def test_how_sure_and_how_right_and_what_that_is_worth() -> None:
    text = captions.how_sure(
        {Side.INTERNAL: replace(SURE, n=1000, right=800, low=0.774, high=0.824), Side.EXTERNAL: SURE}, baselines=LINES
    )
    assert as_read(text) == (
        "It is on average 75.0 % sure internally and right on 80.0 % [77.4, 82.4] of 1,000 images (5.0 points too "
        "modest); on average 75.0 % sure externally and right on 40.0 % [30.9, 49.8] of 100 images (35.0 points too "
        "sure). Always answering “x” is right on 32.0 % externally."
    )


def test_too_few_images_are_no_confidence() -> None:
    few = replace(SURE, n=12, right=5, n_effective=12)
    assert "75" not in captions.how_sure({Side.INTERNAL: few}, baselines=None)
    assert as_read(captions.how_sure({Side.INTERNAL: few, Side.EXTERNAL: SURE}, baselines=None)).startswith(
        "It is on average 75.0 % sure externally"
    )
    assert captions.sureness(Side.INTERNAL, few, absent="-") == "● internal: not estimable, 12 images"
    assert captions.sureness(Side.INTERNAL, replace(SURE, n=0), absent="none: trained on all").endswith(
        "none: trained on all"
    )


def test_a_mean_confidence_within_the_interval_of_the_accuracy_is_not_called_too_sure() -> None:
    near = replace(SURE, right=72, low=0.625, high=0.799)
    assert as_read(captions.how_sure({Side.INTERNAL: near}, baselines=None)) == (
        "There is no external test, so there is no gap. It is on average 75.0 % sure internally and right on 72.0 % "
        "[62.5, 79.9] of 100 images."
    )
    narrow = replace(near, n=10_000, right=7200, low=0.711, high=0.729)
    assert "too sure" in captions.how_sure({Side.INTERNAL: narrow}, baselines=None)


def test_an_area_says_what_it_rests_on() -> None:
    share = number(0.9, half=0.05, n=341, positives=54)
    score = replace(share, metric="auroc", estimate=replace(share.estimate, unit="score"))
    said = captions.area(Side.INTERNAL, score, name="AUROC", absent="-")
    assert as_read(said) == "● internal: AUROC <b>0.900</b> [0.850, 0.950], 54 of 341 images"
    few = replace(score, estimate=replace(score.estimate, estimable=False), positives=12)
    assert (
        captions.area(Side.INTERNAL, few, name="AUROC", absent="-")
        == "● internal: not estimable, 12 positives in 341 images"
    )


def test_macro_averages_say_what_they_leave_out() -> None:
    assert captions.macro_note([_panel({Side.INTERNAL: (), Side.EXTERNAL: ()})], model="split") == ""
    unlike = captions.macro_note([_panel({Side.INTERNAL: ("Consolidation",), Side.EXTERNAL: ()})], model="split")
    assert as_read(unlike) == (
        "Macro averages leave out classes with fewer than 30 images, as patients count: "
        "internally without Consolidation. "
        "Gaps are over the classes that both have; marks of different classes are not joined."
    )
    alike = captions.macro_note([_panel(dict.fromkeys(Side, ("Consolidation",)))], model="split")
    assert "Gaps" not in alike
    assert "externally no class has as many" in captions.macro_note([_panel({Side.EXTERNAL: FINDINGS})], model="split")


def test_how_many_rows_of_groups_are_hidden_is_said() -> None:
    shown, hidden = (number(0.5, finding=None, positives=None, n=50, estimable=each) for each in (True, False))
    pairs = [(shown, shown), (hidden, shown), (None, hidden), (hidden, None)]
    found = [Subgroup(scores=pair(f"age={i}", *tests), constants=None) for i, tests in enumerate(pairs)]
    said = "Not estimable, with fewer than 30 images as patients count: 2 of 3 internal rows and 1 of 3 external rows."
    assert captions.hidden_groups(found) == said
    assert captions.hidden_groups(found[:1]) == ""
    assert captions.hidden_groups([found[2]]).endswith("1 of 1 external row.")
