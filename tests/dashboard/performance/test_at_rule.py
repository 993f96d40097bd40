"""Thresholds by a rule: what is reached internally, carried and local is that of the file, and said to be so."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.results.downloads import BEGINNING, GAP_BEGINNING, NUMBER
from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, answer, as_read, assert_is_whole, figures, written
from tests.support.results import frame

PLACES = {"internal_test": "● internal", "external_test": "◆ carried", "external_adapted": "▲ local"}
LABELS = {"recall": "recall (sensitivity)", "specificity": "specificity", "precision": "precision (PPV)", "npv": "NPV"}


def _table(app: AppTest) -> pd.DataFrame:
    """Every number by finding and measure."""
    table = app.table[0].value.rename(columns=as_read).map(as_read)
    named = table.assign(Finding=table["Finding"].where(table.index % 4 == 0).ffill())
    return named.set_index(["Finding", "measure"])


def _stored(path: Path, *, rule: str) -> pd.DataFrame:
    return frame(
        path,
        f"FROM metric WHERE operating_point = '{rule}' AND finding IS NOT NULL AND stratum = 'all' "
        f"AND metric IN {tuple(LABELS)}",
    )


@pytest.mark.parametrize("kind", ["scores", "softmax"])
def test_the_three_columns_are_those_of_the_file(kind: str, results: Path, open_page: Opened) -> None:
    path, rule = made.write(results, kind), "sensitivity=0.90"
    app = open_page(page="performance", part="threshold", rule=rule)
    assert_is_whole(app)
    table = _table(app)
    stored = _stored(path, rule=rule)
    stored["model_id"] = stored["model_id"].str.removesuffix("+local")
    shown = stored[(stored["model_id"] == min(stored["model_id"])) & ~stored["not_estimable"] & (stored["n"] > 0)]
    assert set(shown["role"]) == set(PLACES)
    for row in shown[shown["value"].notna()].itertuples():
        cell = table.loc[(row.finding, LABELS[row.metric]), PLACES[row.role]]
        assert cell.startswith(f"{100 * row.value:.1f} % [{100 * row.low:.1f}, ".replace("-", "\u2212"))
    assert "fitted to this site's patients: no external test" in written(app)
    assert "Thresholds were chosen on the internal test, home (judged there on other patients)" in written(app)


def test_predictive_values_are_told_at_the_prevalence_that_is_typed(results: Path, open_page: Opened) -> None:
    path = made.write(results, "scores")
    app = open_page(page="performance", part="threshold", rule="youden")
    app.number_input[0].set_value(5).run()
    assert app.query_params["prevalence"] == "5"
    stored = _stored(path, rule="youden").set_index(["finding", "role", "metric"])["value"]
    sensitivity, specificity = (stored["Edema", "external_test", metric] for metric in ("recall", "specificity"))
    flagged = 0.05 * sensitivity + 0.95 * (1 - specificity)
    cell = _table(app).loc[("Edema", "precision (PPV) at 5 %"), "◆ carried"]
    low, high = (float(end.replace(",", "")) for end in re.findall(r"[\d.]+,?", cell.partition("[")[2])[:2])
    assert cell.startswith(f"{100 * 0.05 * sensitivity / flagged:.1f} % [")
    assert low < 100 * 0.05 * sensitivity / flagged < high
    assert "PPV and NPV: if 5 % had the finding" in written(app)


@pytest.mark.parametrize("typed", ["nope", "101", "-1", "nan", "1e1"])
def test_what_is_no_share_is_passed_over_and_said(typed: str, results: Path, open_page: Opened) -> None:
    made.write(results, "scores")
    app = open_page(page="performance", part="threshold", rule="youden", prevalence=typed)
    assert "The address asks for the prevalence" in written(app)
    assert "PPV and NPV: at each site's own share" in written(app)


def test_thresholds_are_marked_on_the_curves_and_where_they_were_chosen_is_said(
    results: Path, open_page: Opened
) -> None:
    path = made.write(results, "scores")
    app = open_page(page="performance", part="curves", finding="Edema", rule="youden")
    (figure,) = figures(app)
    marks = [trace for trace in figure["data"] if trace.get("marker", {}).get("size") == 14]  # type: ignore[attr-defined, index]
    by_symbol = {trace["marker"]["symbol"] for trace in marks}
    assert by_symbol == {"circle", "diamond", "triangle-up"}
    stored = _stored(path, rule="youden").set_index(["finding", "role", "metric"])["value"]
    (carried, *_) = [trace for trace in marks if trace["marker"]["symbol"] == "diamond"]
    assert math.isclose(carried["y"][0], 100 * stored["Edema", "external_test", "recall"], abs_tol=0.01)
    threshold = frame(path, "FROM threshold WHERE operating_point = 'youden' AND finding = 'Edema'")
    for value in threshold["value"]:
        assert f"{value:.4g}" in written(app)


def test_the_download_holds_all_three(results: Path, open_page: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    made.write(results, "scores")
    downloads = Downloads(monkeypatch)
    open_page(page="performance", part="threshold", rule="youden")
    rows = pd.DataFrame(downloads.rows("performance_at_rule_youden"))
    assert [*rows] == [*BEGINNING, *NUMBER]
    assert set(zip(rows["model"], rows["role"], strict=True)) == {
        ("scores", "internal_test"),
        ("scores", "external_test"),
        ("scores+local", "external_adapted"),
    }
    assert [*downloads.rows("performance_at_rule_youden", "CSV of the gaps")[0]] == [*GAP_BEGINNING, *NUMBER]


def test_without_an_internal_test_there_is_what_is_local(results: Path, open_page: Opened) -> None:
    path = made.write(results, "external")
    app = open_page(page="performance", part="threshold", rule="youden")
    assert_is_whole(app)
    stored = _stored(path, rule="youden")
    assert set(stored["role"]) == {"external_adapted"}
    assert [*_table(app).columns] == ["▲ local"]
    assert answer(app).startswith("Mean sensitivity local ")


def test_flags_have_no_rule_to_choose(results: Path, open_page: Opened) -> None:
    made.write(results, "flags")
    app = open_page(page="performance", part="threshold", rule="youden")
    assert "local" not in written(app)
