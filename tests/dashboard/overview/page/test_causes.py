"""Why a gap is there, in short: numbers at one class mix, the largest cause, verdicts; what was declared before."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.brought import write_brought
from tests.support.made import findings as made_findings
from tests.support.made.once import made_once
from tests.support.made.runs import MadeRun
from tests.support.pages import Opened, as_read, assert_is_whole, written
from tests.support.results import change, frame

PRIMARY = "primary comparison"
EXPLORATORY = "exploratory"


@made_once
def _write(results: Path) -> Path:
    """One model that gives one class an image, under two label policies."""
    path = results / "two" / "results.duckdb"
    path.parent.mkdir()
    return write_brought(path, is_softmax=True, models=("vendor",), policies=("as_labelled", "strict"))


def _measures(app: AppTest) -> pd.DataFrame:
    (table,) = [each.value for each in app.table if "gap, shares in points" in each.value and "vendor" in each.value]
    return table.rename(columns=as_read).map(as_read).set_index("vendor")


def _written(row: pd.Series) -> str:
    return f"{100 * row['value']:.1f} % [{100 * row['low']:.1f}, {100 * row['high']:.1f}]"


def test_the_internal_accuracy_at_the_external_mix_stands_beside_the_raw_gap(results: Path, open_page: Opened) -> None:
    path = _write(results)
    app = open_page(page="overview")
    assert_is_whole(app)
    table = _measures(app)
    assert list(table.index) == [
        "accuracy primary comparison, declared before the numbers",
        "accuracy at the external class mix",
        "balanced accuracy",
        "macro AUROC",
    ]
    level = "FROM waterfall WHERE scale = 'accuracy' AND cause = 'view' AND part = 'level' AND name = '{}'"
    (internal,) = frame(path, level.format("internal_at_target")).to_dict("records")
    (external,) = frame(path, level.format("external_at_target")).to_dict("records")
    shown = table.loc["accuracy at the external class mix"]
    assert shown["● internal test"] == _written(internal)
    assert shown["◆ external test"] == _written(external)
    assert shown["gap, shares in points"].startswith(f"{100 * (internal['value'] - external['value']):.1f} [")
    (balanced,) = frame(
        path,
        "FROM gap WHERE metric = 'balanced_accuracy' AND stratum = 'all' AND "
        "internal_policy = 'as_labelled' AND external_policy = 'as_labelled'",
    ).to_dict("records")
    said = table.loc["balanced accuracy", "gap, shares in points"]
    assert said.startswith(f"{100 * balanced['value']:.1f} [{100 * balanced['low']:.1f}, ".replace("-", "\u2212"))


def test_the_largest_cause_leads_to_the_page_that_takes_the_gap_apart(results: Path, open_page: Opened) -> None:
    path = _write(results)
    change(
        path,
        "UPDATE waterfall SET value = 0.08, low = 0.04, high = 0.12 WHERE part = 'term' AND name = 'thresholds' "
        "AND scale = 'balanced_accuracy'; UPDATE waterfall SET value = 0.09, low = -0.01, high = 0.2 "
        "WHERE part = 'term' AND name = 'what_remains' AND scale = 'balanced_accuracy'",
    )
    app = open_page(page="overview")
    (button,) = [each for each in app.button if each.key == "cause_of_"]
    assert as_read(button.label) == "Largest cause thresholds"
    assert "8.0 points [4.0, 12.0], of " in written(app)
    button.click().run()
    assert app.query_params["page"] == "shift"


def test_where_no_part_is_clear_nothing_is_named(results: Path, open_page: Opened) -> None:
    path = _write(results)
    change(
        path, "UPDATE waterfall SET low = -0.01, high = greatest(value, 0) WHERE part = 'term' AND value IS NOT NULL"
    )
    app = open_page(page="overview")
    assert "Largest cause nothing is named" in [as_read(each.label) for each in app.button]


def test_other_label_policies_are_exploratory_on_every_page_and_have_no_causes(
    results: Path, open_page: Opened
) -> None:
    _write(results)
    assert PRIMARY in written(open_page(page="overview"))
    for page in ("overview", "confusion"):
        app = open_page(page=page, external_policy="strict")
        assert "exploratory other label policies" in written(app)
        assert PRIMARY not in written(app).replace("The primary comparison", "")
        assert "Largest cause" not in written(app) + "".join(each.label for each in app.button)
    assert EXPLORATORY not in written(open_page(page="confusion"))


@pytest.mark.parametrize(
    ("address", "why"),
    [({"part": "classes", "metric": "recall"}, "another metric"), ({"part": "subgroups"}, "groups of images")],
)
def test_other_numbers_are_exploratory(address: dict[str, str], why: str, results: Path, open_page: Opened) -> None:
    _write(results)
    assert f"exploratory {why}" in written(open_page(page="performance", **address))


def test_findings_have_a_card_with_verdict_and_cause(results: Path, open_page: Opened) -> None:
    path = made_findings.write(results, "scores")
    app = open_page(page="overview")
    assert_is_whole(app)
    known = frame(path, "FROM verdict WHERE ranking IS NOT NULL")
    assert len(known)
    for row in known.itertuples():
        assert f"ranking {row.ranking}, threshold {row.threshold}" in written(app)
        assert f"Why {row.finding}" in [as_read(each.label) for each in app.button]
    assert "largest cause: " in written(app)


def test_a_run_of_before_has_none_of_it(results: Path, open_page: Opened) -> None:
    MadeRun().write(results)
    app = open_page(page="overview")
    text = written(app) + "".join(each.label for each in app.button)
    for said in (PRIMARY, EXPLORATORY, "Largest cause", "external class mix", "ranking", "these networks"):
        assert said not in text
    assert len(app.table) == 2
