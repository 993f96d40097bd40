"""The Overview of findings beside other runs and by external site, and its ways to the images."""

from pathlib import Path

import pytest

from tests.support.made import findings as made
from tests.support.pages import Downloads, Opened, assert_is_whole, figures, written
from tests.support.results import frame

MEANS = "FROM metric WHERE metric = 'macro_auroc' AND task = 'finding' AND stratum = 'all'"


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    return Downloads(monkeypatch)


def _three_digits(path: Path, condition: str) -> list[str]:
    return [f"{value:.3f}" for value in frame(path, f"{MEANS} AND {condition} ORDER BY role DESC")["value"]]


def _names(figure: dict[str, object]) -> list[str]:
    ticks: list[str] = figure["layout"]["yaxis"]["ticktext"]  # type: ignore[index, call-overload]
    return [tick.partition(" <")[0] for tick in ticks]


def test_other_runs_stand_below_as_means_over_findings(results: Path, open_page: Opened) -> None:
    paths = {kind: made.write(results, kind) for kind in ("scores", "softmax", "flags")}
    app = open_page(page="overview", run="scores", **{"with": "softmax,flags"})
    assert_is_whole(app)
    table = app.table[0].value
    assert [name.strip("*").replace("\\", "") for name in table["Run"]] == ["scores: scores", "softmax: second"]
    for kind, model in (("scores", "scores"), ("softmax", "second")):
        for value in _three_digits(paths[kind], f"model_id = '{model}'"):
            assert value in table[table["Run"].str.contains(f"{kind}.*:")].to_string()
    assert _names(figures(app)[0]) == ["scores: scores", "softmax: second"]
    assert "Left out of the comparison: “flags”" in written(app)
    assert "means over findings: over 2 and 3 findings, from the top" in written(app)


def test_each_external_site_has_a_row(results: Path, open_page: Opened, downloads: Downloads) -> None:
    path = made.write(results, "two-sites")
    app = open_page(page="overview", rows="sites")
    assert_is_whole(app)
    table = app.table[0].value
    assert list(table["External site"]) == ["**away**", "further"]
    for dataset in ("away", "further"):
        (value,) = _three_digits(path, f"dataset = '{dataset}'")
        assert value in table[table["External site"].str.contains(dataset)].to_string()
    assert "A row each of 2 external sites" in written(app)
    means = [row for row in downloads.rows("overview_findings") if row["finding"] == ""]
    assert sorted(row["dataset"] for row in means) == ["away", "further", "home"]


@pytest.mark.parametrize(("outcome", "sort"), [("missed", "lowest"), ("false_alarm", "highest")])
def test_one_click_leads_to_what_went_wrong_of_the_finding_on_top(
    outcome: str, sort: str, results: Path, open_page: Opened
) -> None:
    path = made.write(results, "scores")
    gaps = frame(path, "FROM gap WHERE metric = 'auroc' AND stratum = 'all' ORDER BY abs(value) DESC NULLS LAST")
    app = open_page(page="overview")
    app.button(key=outcome).click().run()
    asked = {key: app.query_params[key] for key in ("page", "finding", "outcome", "sort")}
    asked = {key: value[0] if isinstance(value, list) else value for key, value in asked.items()}
    assert asked == {"page": "cases", "finding": gaps["finding"][0], "outcome": outcome, "sort": sort}
    assert_is_whole(app)
