"""What configurations, curves and subgroups show, each in a sentence of its own."""

from dataclasses import replace

from cxr_core.findings import FINDINGS
from dashboard.notation import Estimate, Unit
from dashboard.performance.data.configurations import Averaged, Panel, PanelRow
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.text import headlines
from dashboard.results.configurations import Configuration
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from tests.support.made.numbers import lost, number, pair
from tests.support.pages import as_read


def _estimate(value: float, *, n: int = 0, unit: Unit = "share") -> Estimate:
    return Estimate(value=value, low=value - 0.05, high=value + 0.05, n=n, estimable=True, unit=unit)


def _panel(metric: str, internal: float, external: float, *, gap: float, unit: Unit) -> Panel:
    configuration = Configuration(
        model="split",
        regime="split",
        members=None,
        training=None,
        internal=_estimate(internal, n=351, unit=unit),
        external=_estimate(external, n=592, unit=unit),
        lost=_estimate(gap, unit=unit),
    )
    row = PanelRow(configuration=configuration, averaged=Averaged(classes=FINDINGS, missing={}), is_joined=True)
    return Panel(metric=metric, rows=(row,))


def test_configurations_say_accuracy_and_macro_auroc_of_the_picked_model() -> None:
    panels = [
        _panel("accuracy", 0.795, 0.517, gap=0.278, unit="share"),
        _panel("macro_f1", 0.8, 0.5, gap=0.3, unit="score"),
        _panel("macro_auroc", 0.952, 0.869, gap=0.083, unit="score"),
    ]
    assert as_read(headlines.configurations(panels, model="split")) == (
        "split, ensemble: accuracy 79.5 → 51.7 %, a gap of 27.8 points [22.8, 32.8]; macro AUROC 0.952 → 0.869, "
        "a gap of 0.083 [0.033, 0.133] (351 internal, 592 external images)."
    )
    assert headlines.configurations(panels, model="full") == ""


def test_an_average_over_other_classes_is_no_end_of_a_gap() -> None:
    said = as_read(headlines.configurations([_panel("macro_auroc", 0.95, 0.87, gap=0.12, unit="score")], model="split"))
    assert "→" not in said
    assert "0.870 [0.820, 0.920] externally; over the classes that both have, a gap of 0.120 [0.070, 0.170]" in said


def test_curves_say_both_areas_and_their_positives() -> None:
    scores = [
        replace(number(value, n=400), metric="auroc", estimate=_estimate(value, n=400, unit="score"))
        for value in (0.92, 0.84)
    ]
    own = pair("Nodule/Mass", scores[0], scores[1], _estimate(0.08, unit="score"))
    said = as_read(headlines.curves("Nodule/Mass", {"auroc": own, "average_precision": replace(own, lost=None)}))
    assert said == (
        "Nodule/Mass: AUROC 0.920 → 0.840, a gap of 0.080 [0.030, 0.130]; average precision 0.920 [0.870, 0.970] "
        "internally and 0.840 [0.790, 0.890] externally (60 of 400 internal, 60 of 400 external positives)."
    )


def _score(value: float, *, n: int = 200) -> Number:
    return replace(number(value, n=n, finding=None, positives=None), metric="accuracy")


def _group(stratum: str, internal: float | None, external: float | None) -> Subgroup:
    both = [None if value is None else _score(value) for value in (internal, external)]
    by = None if internal is None or external is None else lost(internal - external)
    scores: Pair = pair(stratum, both[0], both[1], by)
    return Subgroup(scores=scores, constants=None)


def test_subgroups_name_the_largest_and_smallest_gap_and_what_one_site_alone_has() -> None:
    found = [
        _group("all", 0.8, 0.5),
        _group("view=AP", None, 0.47),
        _group("view=PA", 0.8, 0.67),
        _group("sex=F", 0.8, 0.48),
        _group("manufacturer=x", 0.8, None),
    ]
    assert as_read(headlines.subgroups(found, label="Accuracy")) == (
        "Accuracy, largest gap: women 80.0 → 48.0 %, a gap of 32.0 points [27.0, 37.0] (200 internal, 200 external "
        "images). Smallest: frontal PA 80.0 → 67.0 %, a gap of 13.0 points [8.0, 18.0] (200 internal, 200 external "
        "images). Only external, so without a gap: frontal AP (47.0 % [37.0, 57.0])."
    )
    near = [_group("sex=F", 0.8, 0.48), _group("sex=M", 0.8, 0.5)]
    assert "; the two intervals overlap." in headlines.subgroups(near, label="Accuracy")


def test_subgroups_of_one_test_alone_have_no_gap() -> None:
    found = [_group("all", None, 0.5), _group("sex=F", None, 0.48)]
    assert as_read(headlines.subgroups(found, label="Recall of A")) == (
        "There is no internal test of this model, so there is no gap. Recall of A over all images 50.0 % "
        "[40.0, 60.0] externally."
    )
