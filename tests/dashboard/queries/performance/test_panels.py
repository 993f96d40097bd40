"""Four metrics of the four configurations: against pandas, and like only with like."""

import math
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from dashboard.queries.performance.panels import METRICS, Averaged, Panel, csv_rows, panels, without_skill
from dashboard.results.side import Side
from tests.dashboard.made_numbers import no_skill
from tests.dashboard.performance_runs import compared, write
from tests.support.results import change, frame

LINES = no_skill(0.32)


def _panel(found: tuple[Panel, ...], metric: str) -> Panel:
    return next(panel for panel in found if panel.metric.name == metric)


def test_every_panel_holds_the_files_numbers(results: Path) -> None:
    path = write(results)
    metric = frame(path, "FROM metric WHERE task = 'single_class' AND stratum = 'all' AND finding IS NULL")
    for panel in panels(compared(path)):
        own = metric[metric["metric"] == panel.metric.name]
        for row in panel.rows:
            each = row.configuration
            tests = (
                (each.internal, "internal_test", "dominant"),
                (each.external, "external_test", "u_ignore"),
                (each.training, "train", "dominant"),
            )
            for estimate, role, policy in tests:
                here = own[(own["role"] == role) & (own["policy"] == policy)]
                here = here[here["model_id"].str.fullmatch(each.model or rf"{each.regime}-\d")]
                assert (estimate is None) == here.empty
                if estimate is not None:
                    assert estimate.value == pytest.approx(here["value"].mean())
                    assert estimate.n == here["n"].max()


def test_macro_averages_over_other_classes_are_not_joined(results: Path) -> None:
    found = panels(compared(write(results)))
    split, single = _panel(found, "macro_recall").rows[:2]
    assert split.averaged == Averaged(classes=FINDINGS, missing={Side.INTERNAL: ("Consolidation",), Side.EXTERNAL: ()})
    assert not split.is_joined
    # The file's gap is over the classes that both share; of single members there is no such number.
    assert split.configuration.lost is not None
    assert single.configuration.lost is None
    assert all(row.is_joined for row in _panel(found, "accuracy").rows[:2])
    assert _panel(found, "accuracy").rows[1].configuration.lost is not None


def test_macro_averages_over_the_same_classes_are_joined(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET not_estimable = FALSE")
    split, single = _panel(panels(compared(path)), "macro_f1").rows[:2]
    assert split.is_joined
    assert single.configuration.lost is not None


def test_the_mean_of_members_is_undefined_where_one_of_them_is(results: Path) -> None:
    path = write(results)
    change(
        path,
        "UPDATE metric SET value = NULL WHERE metric = 'macro_precision' AND model_id = 'split-1' "
        "AND role = 'external_test'",
    )
    single = _panel(panels(compared(path)), "macro_precision").rows[1].configuration
    assert single.external is not None
    assert math.isnan(single.external.value)
    assert single.internal is not None
    assert not math.isnan(single.internal.value)


def test_a_metric_that_a_configuration_lacks_leaves_its_row_empty_and_moves_no_other(results: Path) -> None:
    path = write(results)
    change(path, "DELETE FROM metric WHERE metric = 'macro_precision' AND model_id = 'split'")
    change(path, "DELETE FROM gap WHERE metric = 'macro_precision' AND model_id = 'split'")
    found = panels(compared(path))
    names = [[(row.configuration.regime, row.configuration.members) for row in panel.rows] for panel in found]
    assert names == [names[0]] * len(METRICS)
    (empty, *others) = _panel(found, "macro_precision").rows
    assert (empty.configuration.internal, empty.configuration.external, empty.configuration.lost) == (None, None, None)
    assert all(row.configuration.external is not None for row in others)


def test_what_takes_no_skill_is_what_the_catalogue_says(results: Path) -> None:
    lines = without_skill(panels(compared(write(results))), external=LINES)
    assert lines == {
        "accuracy": 0.32,
        "balanced_accuracy": pytest.approx(1 / 6),
        "macro_recall": pytest.approx(1 / 6),
        "macro_auroc": 0.5,
    }


def test_a_constant_answer_is_averaged_over_the_classes_that_count(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET not_estimable = TRUE WHERE finding = 'Cardiomegaly'")
    change(path, "UPDATE metric SET n_positive = 0 WHERE finding IN ('Cardiomegaly', 'Consolidation')")
    lines = without_skill(panels(compared(path)), external=None)
    assert lines == {
        "macro_recall": pytest.approx(1 / 5), "balanced_accuracy": pytest.approx(1 / 4), "macro_auroc": 0.5,
    }  # fmt: skip


def test_every_metric_of_all_classes_that_the_run_has_is_a_panel(results: Path) -> None:
    path = write(results)
    assert [panel.metric.name for panel in panels(compared(path))] == [metric.name for metric in METRICS]
    change(path, "DELETE FROM metric WHERE metric = 'balanced_accuracy'")
    change(path, "DELETE FROM gap WHERE metric = 'balanced_accuracy'")
    assert "balanced_accuracy" not in {panel.metric.name for panel in panels(compared(path))}


def test_the_table_to_take_along_has_a_row_a_number(results: Path) -> None:
    found = panels(compared(write(results)))
    rows = csv_rows(found)
    assert {row["metric"] for row in rows} == {metric.name for metric in METRICS}
    ours = [row for row in rows if row["metric"] == "macro_f1" and row["model"] == "ensemble"]
    assert [(row["regime"], row["quantity"]) for row in ours] == [
        ("split", "training images"),
        ("split", "internal test"),
        ("split", "external test"),
        ("split", "points lost"),
        ("full", "training images"),
        ("full", "external test"),
    ]
    assert ours[1]["value"] == pytest.approx(0.6334 - 0.03)
