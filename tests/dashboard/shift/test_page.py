"""Shift on runs of every kind: what is drawn is what the file holds, and what is not there is said."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.big_run.small import SMALL, small_run
from tests.support.big_run.writing import write_run
from tests.support.made import findings as made
from tests.support.made.runs import MadeRun
from tests.support.made.shift import GAINS, INTERNAL, TERMS
from tests.support.pages import Opened, answer, as_read, assert_is_whole, figures, said, written
from tests.support.results import change, frame
from tests.support.shared import built_once


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose sites may differ in their mix alone."""

    def write(folder: Path) -> None:
        path = write_run(folder, size=replace(SMALL, name="mixed"))
        change(path, "UPDATE class_mix SET distance = 0.6")

    return built_once(tmp_path_factory, "shift-mixed", write) / "mixed"


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, results: Path) -> Path:
    (results / SMALL.name).symlink_to(small_run(tmp_path_factory))
    return results / SMALL.name / "results.duckdb"


def _headings(app: AppTest) -> list[str]:
    return [str(each.value) for each in app.subheader]


def _asked(app: AppTest, key: str) -> str:
    """What the address has, after a click or before."""
    found = app.query_params[key]
    return found if isinstance(found, str) else found[0]


def _ticks(figure: Mapping[str, object]) -> list[str]:
    layout: Mapping[str, Mapping[str, list[str]]] = figure["layout"]  # type: ignore[assignment]
    return [as_read(tick).replace("<b>", "").replace("</b>", "") for tick in layout["yaxis"]["ticktext"]]


def _bars(figure: dict[str, object]) -> list[tuple[float, float]]:
    """From where to where each bar goes."""
    data: list[dict[str, list[float]]] = figure["data"]  # type: ignore[assignment]
    return [(bar["base"][0], bar["base"][0] + bar["x"][0]) for bar in data if bar["type"] == "bar"]  # type: ignore[comparison-overlap]


@pytest.mark.usefixtures("small")
def test_the_bars_lead_from_the_internal_test_to_the_external_one(open_page: Opened) -> None:
    app = open_page(page="shift", scale="accuracy")
    assert_is_whole(app)
    figure = figures(app)[0]
    assert _ticks(figure) == [
        "internal test", "class mix", "view, not won back", "view, won back by thresholds", "thresholds",
        "what remains", "external test",
    ]  # fmt: skip
    at = 100 * INTERNAL
    for (start, end), (_, term) in zip(_bars(figure), TERMS["accuracy"], strict=True):
        assert (start, end) == pytest.approx((at, at - 100 * term))
        at = end
    assert at == pytest.approx(100 * (INTERNAL - sum(term for _, term in TERMS["accuracy"])))


@pytest.mark.usefixtures("small")
def test_what_is_not_identifiable_is_hatched_and_zero_by_definition_is_not_drawn(open_page: Opened) -> None:
    app = open_page(page="shift")
    figure = figures(app)[0]
    assert _ticks(figure) == ["internal test", "view", "thresholds", "view and what remains", "external test"]
    patterns = [bar.get("marker", {}).get("pattern") for bar in figure["data"] if bar["type"] == "bar"]  # type: ignore[attr-defined,union-attr]
    assert [bool(pattern) for pattern in patterns] == [True, False, False]
    text = written(app)
    assert "0 by definition: class mix" in text
    assert "View (hatched) is not identifiable: images of a shared view count as 95" in text
    assert "largest part is view and what remains, 14.1 points" in answer(app)


def test_each_finding_has_its_numbers_its_verdict_and_a_way_to_its_images(small: Path, open_page: Opened) -> None:
    app = open_page(page="shift")
    text = written(app)
    stored = frame(small, "FROM verdict WHERE ranking IS NOT NULL")
    for row in stored.itertuples():
        assert f"ranking {row.ranking}, threshold {row.threshold}" in text
    assert text.count("◆ 70.0 % [65.0, 75.0]") == text.count("▲ 75.0 % [70.0, 80.0]") > 0
    app.button(key="images_of_Cardiomegaly").click().run()
    assert (_asked(app, "page"), _asked(app, "true")) == ("cases", "Cardiomegaly")


@pytest.mark.usefixtures("small")
def test_the_terms_of_youden_stand_beside_youdens_rule_alone(open_page: Opened) -> None:
    assert "ranking 21.0" in written(open_page(page="shift"))
    assert "ranking 21.0" not in written(open_page(page="shift", rule="specificity=0.90"))


@pytest.mark.usefixtures("small")
def test_local_patients_gain_on_the_scale_that_is_shown(open_page: Opened) -> None:
    for scale, times in (("balanced_accuracy", 1.0), ("accuracy", 1.5)):
        app = open_page(page="shift", scale=scale)
        assert f"50 local patients buy {100 * times * GAINS[50]:.1f} points" in written(app)
        assert _ticks(figures(app)[1]) == ["20 patients", "50 patients", "100 patients", "200 patients"]


@pytest.mark.usefixtures("small")
def test_an_estimated_mix_is_drawn_only_where_it_may_be_read(mixed: Path, results: Path, open_page: Opened) -> None:
    withheld = open_page(page="shift", run=SMALL.name)
    assert len(figures(withheld)) == 2
    assert "The images differ, not only their mix" in written(withheld)
    (results / "mixed").symlink_to(mixed)
    app = open_page(page="shift", run="mixed")
    assert len(figures(app)) == 3
    assert "may differ in their mix alone" in written(app)


@pytest.mark.usefixtures("small")
def test_under_other_policies_the_page_says_which_were_declared(open_page: Opened) -> None:
    app = open_page(page="shift", external_policy="u_ones")
    assert_is_whole(app)
    assert "the label policies that the run declared" in answer(app)
    assert figures(app) == []
    app.button(key="declared").click().run()
    assert len(figures(app)) == 2


@pytest.mark.usefixtures("small")
def test_a_model_without_an_internal_test_has_no_gap(open_page: Opened) -> None:
    app = open_page(page="shift", model="full")
    assert answer(app) == "There is no internal test of this model, so there is no gap."
    assert (figures(app), _headings(app)) == ([], [])


def test_a_run_made_before_says_how_to_get_it(results: Path, open_page: Opened) -> None:
    new = ("primary_comparison", "waterfall", "verdict", "local_patients", "class_mix")
    change(MadeRun(schema_version=3).write(results), "".join(f"DROP TABLE {table};" for table in new))
    app = open_page(page="shift")
    assert_is_whole(app)
    assert answer(app).startswith("This run was made before gaps were taken apart")
    assert "evaluate" in answer(app)
    assert figures(app) == []


def test_of_several_findings_one_is_chosen_and_wrong_images_are_counted(results: Path, open_page: Opened) -> None:
    path = made.write(results, "scores")
    gaps = frame(path, "FROM waterfall WHERE part = 'gap' AND scale = 'balanced_accuracy' ORDER BY value DESC")
    first, *_, last = gaps["finding"]
    app = open_page(page="shift")
    assert_is_whole(app)
    assert f"balanced accuracy of {first}" in answer(app)
    assert f"of {last}" in answer(open_page(page="shift", finding=last)).replace("Balanced", "balanced")
    app.button(key=f"missed_of_{first}").click().run()
    assert [_asked(app, key) for key in ("page", "finding", "outcome")] == ["cases", first, "missed"]
    assert not app.warning


def test_a_finding_that_is_asked_for_in_vain_is_said(results: Path, open_page: Opened) -> None:
    made.write(results, "scores")
    app = open_page(page="shift", finding="nope")
    assert "The address asks for the finding “nope”" in said(app)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("flags", "This model gives flags alone"),
        ("thirty", "With 30 findings no gap is taken apart part by part"),
    ],
)
def test_what_cannot_be_taken_apart_says_why(kind: str, told: str, results: Path, open_page: Opened) -> None:
    made.write(results, kind)
    app = open_page(page="shift")
    assert_is_whole(app)
    assert answer(app).startswith(told)
    assert not [figure for figure in figures(app) if "internal test" in _ticks(figure)]


def test_a_model_of_one_site_is_not_offered_the_page(results: Path, open_page: Opened) -> None:
    made.write(results, "external")
    assert "the page Shift, on which this model has nothing to show" in said(open_page(page="shift"))


def test_an_attribute_that_the_internal_test_lacks_is_named_as_the_file_has_it(
    results: Path, open_page: Opened
) -> None:
    path = write_run(results, size=replace(SMALL, name="hostile"))
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE waterfall SET cause = $name WHERE cause = 'age'", {"name": "![x](http://e.example)"})
    app = open_page(page="shift")
    assert_is_whole(app)
    assert "](http" not in "".join(str(app.table[i].value.to_string()) for i in range(len(app.table)))


def test_below_a_waterfall_stand_the_images_that_it_is_of(results: Path, open_page: Opened) -> None:
    path = made.write(results, "scores")
    app = open_page(page="shift", finding="Edema")
    stored = frame(path, "FROM metric WHERE metric = 'auroc' AND finding = 'Edema' AND stratum = 'all'")
    n = stored[stored["model_id"] == "scores"].set_index("role")["n"]
    assert f"images: internal n = {n['internal_test']}, external n = {n['external_test']}." in written(app)
