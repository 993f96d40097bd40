"""Every metric of the four configurations: against pandas, and like only with like."""

import math
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from cxr_core.metrics import catalogue
from dashboard.performance.data.configurations import (
    METRICS,
    Averaged,
    Panel,
    best_constants,
    panel_gap_rows,
    panel_rows,
    panels,
)
from dashboard.results.side import Side
from tests.support.made.numbers import no_skill
from tests.support.made.performance import compared, write
from tests.support.results import change, frame

LINES = no_skill(0.32)


def _panel(found: tuple[Panel, ...], metric: str) -> Panel:
    return next(panel for panel in found if panel.metric == metric)


def test_every_panel_holds_the_files_numbers(results: Path) -> None:
    path = write(results)
    metric = frame(path, "FROM metric WHERE task = 'single_class' AND stratum = 'all' AND finding IS NULL")
    for panel in panels(compared(path)):
        own = metric[metric["metric"] == panel.metric]
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
    none = {Side.INTERNAL: (), Side.EXTERNAL: ()}
    missing = {**none, Side.INTERNAL: ("Consolidation",)}
    assert split.averaged == Averaged(classes=FINDINGS, missing=missing, empty=none)
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


def test_a_constant_answer_finds_one_class_of_all(results: Path) -> None:
    path = write(results)
    found = panels(compared(path))
    assert best_constants(found, external=LINES) == {
        "accuracy": 0.32,
        "balanced_accuracy": pytest.approx(1 / 6),
        "macro_recall": pytest.approx(1 / 6),
        "macro_auroc": 0.5,
    }


def test_a_constant_answer_is_averaged_over_the_classes_that_count(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET not_estimable = TRUE WHERE finding = 'Cardiomegaly'")
    fewer = panels(compared(path))
    lines = best_constants(fewer, external=None)
    assert lines["macro_recall"] == pytest.approx(1 / 5)
    assert lines["balanced_accuracy"] == pytest.approx(1 / 6)
    assert "accuracy" not in lines


def test_balanced_accuracy_leaves_out_the_classes_without_any_image(results: Path) -> None:
    path = write(results)
    change(path, "UPDATE metric SET n_positive = 0 WHERE finding = 'Cardiomegaly' AND role = 'external_test'")
    found = panels(compared(path))
    assert best_constants(found, external=None)["balanced_accuracy"] == pytest.approx(1 / 5)
    assert not _panel(found, "balanced_accuracy").rows[0].is_joined
    assert _panel(found, "accuracy").rows[0].is_joined


def test_every_metric_of_all_classes_that_is_measured_is_shown() -> None:
    measured = {record.name for record in catalogue.records(task="single_class")}
    by_class = {record.name for record in catalogue.records(scope="class")}
    others = {record.name for scope in ("no_skill", "count") for record in catalogue.records(scope=scope)}
    assert set(METRICS) == measured - by_class - others


def test_a_metric_that_the_run_lacks_is_no_panel(results: Path) -> None:
    path = write(results)
    assert [panel.metric for panel in panels(compared(path))] == list(METRICS)
    change(path, "DELETE FROM metric WHERE metric = 'balanced_accuracy'")
    change(path, "DELETE FROM gap WHERE metric = 'balanced_accuracy'")
    assert [panel.metric for panel in panels(compared(path))] == [m for m in METRICS if m != "balanced_accuracy"]


def test_the_table_to_take_along_has_a_row_a_number(results: Path) -> None:
    at = compared(write(results))
    found = panels(at)
    rows = panel_rows(at, found)
    assert {row["metric"] for row in rows} == set(METRICS)
    ours = [row for row in rows if row["metric"] == "macro_f1" and row["members"] is None]
    assert [(row["model"], row["role"]) for row in ours] == [
        ("split", "train"),
        ("split", "internal_test"),
        ("split", "external_test"),
        ("full", "train"),
        ("full", "external_test"),
    ]
    assert ours[1]["value"] == pytest.approx(0.6334 - 0.03)
    lost = [row for row in panel_gap_rows(at, found) if row["metric"] == "macro_f1" and row["members"] is None]
    assert [row["model"] for row in lost] == ["split"]
