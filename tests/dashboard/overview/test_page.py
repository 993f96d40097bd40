"""The Overview on small real files: its numbers are those of the file, and what cannot be known is said in words."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.support.made.runs import ACCURACY, EXTERNAL, INTERNAL, OFFICIAL, OWN, MadeRun
from tests.support.pages import Opened, answer, as_read, numbers, written
from tests.support.results import frame

NAMES = {"○ accuracy": "training images", "● accuracy": "internal test", "◆ accuracy": "external test"}
ROWS = ["split, ensemble", "split, single (mean of 3)", "full, ensemble", "full, single (mean of 3)"]


def _table(app: AppTest, index: int = 0) -> pd.DataFrame:
    frame = app.table[index].value
    return frame.rename(columns=lambda name: NAMES.get(as_read(name), as_read(name).lstrip("●◆○ "))).map(as_read)


def _figure(app: AppTest) -> dict[str, list[dict[str, object]]]:
    (chart,) = app.get("plotly_chart")
    spec: dict[str, list[dict[str, object]]] = json.loads(chart.proto.spec)
    return spec


def _percent(share: float) -> str:
    return f"{round(100 * share, 1):.1f}"


def test_the_answer_has_both_accuracies_the_loss_and_the_best_constant_answer(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    said = answer(open_page())
    assert numbers(said) == ["63.3", "25.3", "38.0", "34.2", "41.8", "32.0"]
    assert "Lung Opacity" in said


def test_ensembles_in_the_table_are_those_of_the_file(open_page: Opened, results: Path) -> None:
    path = MadeRun().write(results)
    metric = frame(path, "FROM metric WHERE metric = 'accuracy' AND model_id IN ('split', 'full')")
    gap = frame(
        path, "FROM gap WHERE metric = 'accuracy' AND internal_policy = 'majority' AND external_policy = 'u_ones'"
    )
    table = _table(open_page(internal_policy="majority", external_policy="u_ones")).set_index("Configuration")

    for role, policy, column in (
        ("internal_test", "majority", "internal test"),
        ("external_test", "u_ones", "external test"),
    ):
        for row in metric[(metric["role"] == role) & (metric["policy"] == policy)].itertuples():
            cell = f"{_percent(row.value)} % [{_percent(row.low)}, {_percent(row.high)}]"
            assert table.loc[f"{row.model_id}, ensemble", column] == cell
    (lost,) = gap.itertuples()
    assert table.loc["split, ensemble", "gap, points"] == (
        f"{_percent(lost.value)} [{_percent(lost.low)}, {_percent(lost.high)}]"
    )
    assert table.loc["full, ensemble", "internal test"] == "none: trained on all"
    assert table.loc["full, ensemble", "gap, points"] == "no gap"


def test_single_members_are_their_mean_with_their_range(open_page: Opened, results: Path) -> None:
    path = MadeRun().write(results)
    members = frame(path, "FROM metric WHERE metric = 'accuracy' AND model_id LIKE 'split-%'")
    by_role = {
        role: members[(members["role"] == role) & (members["policy"] == policy)].set_index("model_id")["value"]
        for role, policy in (("internal_test", "dominant"), ("external_test", "u_ignore"))
    }
    by_role["lost"] = by_role["internal_test"] - by_role["external_test"]
    row = _table(open_page()).set_index("Configuration").loc["split, single (mean of 3)"]

    for column, values, unit in (
        ("internal test", by_role["internal_test"], " %"),
        ("external test", by_role["external_test"], " %"),
        ("gap, points", by_role["lost"], ""),
    ):
        range_ = f"{_percent(values.min())} to {_percent(values.max())}"
        assert row[column] == f"{_percent(values.mean())}{unit} {range_}"


def test_training_images_carry_their_badge_interval_and_number(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page()
    assert ":gray-badge[○ accuracy]" in app.table[0].value.columns
    table = _table(app)
    assert [cell.split(" %")[0] for cell in table["training images"]] == ["97.1", "91.8", "95.0", "89.7"]
    assert table["training images"][0] == "97.1 % [96.5, 97.7] n = 2,563"
    assert list(table["Configuration"]) == ROWS
    # Of the picked model alone a row is bold.
    assert ["**" in str(cell) for cell in app.table[0].value["Configuration"]] == [True, False, False, False]


def test_the_papers_numbers_stand_beside_the_papers_protocol_only(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL, EXTERNAL, OWN)).write(results)
    MadeRun(name="other", preset="run").write(results)
    table = _table(open_page(run="paper-0001"))
    assert list(table["paper, internal"]) == ["63.3 %", "60.7 %", "95.0 % training", "92.3 % training"]
    assert list(table["paper, external"]) == ["25.3 %", "not given", "26.6 %", "not given"]
    assert "paper, internal" not in _table(open_page(run="paper-0001", external="st_elsewhere"))
    assert "paper, internal" not in _table(open_page(run="other"))


def test_classes_lost_and_kept_are_estimable_at_both_sites(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page()
    cards = [re.sub(r":gray\[:small\[(.*)\]\]", r"\1", button.label) for button in app.button]
    assert [as_read(card) for card in cards[:3]] == [
        "Lost most Pleural Effusion",
        "Lost next Nodule/Mass",
        "Kept best No Finding",
    ]
    said = written(app)
    assert "recall 56.0 → 10.0 %, n = 108, 7,908  \ngap 46.0 points [41.0, 51.0]" in said
    assert "gap \u22125.0 points [\u221210.0, 0.0]" in said
    assert "1 of 6 classes  \nConsolidation (9 internal, 2,089 external)" in said
    app.button(key="images_of_Lost most").click().run()
    assert {key: app.query_params[key] for key in ("page", "true")} == {"page": "cases", "true": "Pleural Effusion"}


def test_several_external_sites_stand_side_by_side(open_page: Opened, results: Path) -> None:
    path = MadeRun(sites=(INTERNAL, EXTERNAL, OWN)).write(results)
    app = open_page(rows="sites")
    table = _table(app)
    assert list(table["External site"]) == ["CheXpert train", "st_elsewhere"]
    stored = frame(path, "FROM metric WHERE metric = 'accuracy' AND model_id = 'split' AND role = 'external_test'")
    shown = stored.set_index(["dataset", "policy"])["value"]
    for row, key in enumerate((("chexpert_train", "u_ignore"), ("st_elsewhere", "u_zeros"))):
        assert table["external test"][row].startswith(f"{_percent(shown[key])} %")
    assert len([mark for mark in _marks(_figure(app)) if mark[2] == "diamond"]) == 2


def test_the_caption_counts_images_and_patients(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL, EXTERNAL, OWN)).write(results)
    assert "External test: 29,852 images of 14,921 patients." in written(open_page())
    own = written(open_page(external="st_elsewhere"))
    assert "Internal test: 641 images, patients not recorded." in own
    assert "External test: 29,852 images of 120 patients." in own
    assert "95 % intervals over patients (over images in the internal test)" in own


def test_the_full_regime_has_no_gap(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page(model="full")
    assert numbers(answer(app)) == ["26.6", "26.1", "27.1", "32.0"]
    assert "needs an internal and an external test" in written(app)


def test_one_click_leads_to_what_it_got_wrong(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page(model="full", internal_policy="majority", external_policy="u_ones")
    app.button(key="wrong_images").click().run()
    wanted = {
        "page": "cases",
        "got": "wrong",
        "model": "full",
        "internal_policy": "majority",
        "external_policy": "u_ones",
    }
    assert {key: app.query_params[key] for key in wanted} == wanted


def test_a_run_of_only_the_full_regime(open_page: Opened, results: Path) -> None:
    MadeRun(regimes=("full",)).write(results)
    app = open_page()
    assert list(_table(app)["Configuration"]) == ROWS[2:]
    assert "Internal test: none." in written(app)
    assert [box.key for box in app.selectbox] == ["pick_internal_policy", "pick_external_policy"]


def test_an_official_test_set_gives_the_full_regime_a_gap(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL, OFFICIAL, EXTERNAL)).write(results)
    app = open_page(model="full", internal="vinbigdata_test")
    lost = ACCURACY["full", "internal_test"] - ACCURACY["full", "external_test"]
    said = numbers(answer(app))
    assert said[:3] == ["64.2", "26.6", f"{100 * lost:.1f}"]
    table = _table(app).set_index("Configuration")
    assert table.loc["full, ensemble", "internal test"] == "64.2 % [60.5, 67.9]"
    assert table.loc["full, ensemble", "training images"] == "95.0 % [94.4, 95.6] n = 2,563"


def test_only_full_with_an_official_test_set_starts_there(open_page: Opened, results: Path) -> None:
    MadeRun(regimes=("full",), sites=(INTERNAL, OFFICIAL, EXTERNAL)).write(results)
    app = open_page()
    assert numbers(answer(app))[0] == "64.2"
    assert [box.key for box in app.selectbox] == ["pick_external_policy"]


def test_without_an_external_test_nothing_is_said_about_the_way(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL,)).write(results)
    app = open_page()
    assert numbers(answer(app)) == ["63.3", "59.6", "67.0"]
    assert list(_table(app)["external test"]) == ["none"] * 4
    assert "External test: none." in written(app)


def test_what_rests_on_too_few_images_is_never_shown_as_a_number(open_page: Opened, results: Path) -> None:
    few = {"internal_test": 10, "external_test": 25, "train": 37}
    MadeRun(images=few, not_estimable=True).write(results)
    app = open_page()
    assert numbers(answer(app)) == ["10", "25"]
    table = _table(app).set_index("Configuration")
    assert table.loc["split, ensemble", "internal test"] == "not estimable: 10 images"
    assert table.loc["split, single (mean of 3)", "external test"] == "not estimable: 25 images"
    assert set(table["gap, points"]) == {"not estimable", "no gap"}
    assert "6 of 6 classes" in written(app)
    assert set(_table(app, index=1)["external test"]) == {"not estimable"}
    assert not re.search(r"63\.3|25\.3", written(app) + json.dumps(_figure(app)))


def test_few_images_bring_a_caution(open_page: Opened, results: Path) -> None:
    MadeRun(images={"internal_test": 47, "external_test": 50, "train": 200}).write(results)
    assert "Only 47 internal images and 50 external images" in written(open_page())


def test_many_images_bring_none(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    assert "Only" not in written(open_page())


def test_one_member_is_a_mean_of_one(open_page: Opened, results: Path) -> None:
    MadeRun(members=1).write(results)
    assert "split, single (mean of 1)" in list(_table(open_page())["Configuration"])


def test_answers_without_skill_stand_for_both_sites(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    lines = _table(open_page(), index=1)
    assert list(lines["internal test"]) == ["16.7 %", "23.1 %", "16.8 %", "17.5 %", "25.1 %"]
    assert list(lines["external test"]) == ["16.7 %", "23.1 %", "16.8 %", "17.5 %", "32.0 %"]
    assert list(_table(open_page(model="full"), index=1)["internal test"]) == ["no test"] * 5


def test_notes_of_the_run_are_shown_as_plain_text(open_page: Opened, results: Path) -> None:
    note = "Patients are not recorded. ![x](https://example.org/x.png)"
    MadeRun(notes=(note,)).write(results)
    app = open_page()
    assert note in written(app).replace("\u2060", "")
    assert not any("![x](https" in str(element.value) for element in app.markdown)


def test_names_from_a_strangers_file_are_plain_text(open_page: Opened, results: Path) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE metric SET finding = '<img src=x>' WHERE finding = 'Lung Opacity'")
    app = open_page()
    assert not any(re.search(r"(?<!\\)<img", str(element.value)) for element in app.markdown)


def _marks(figure: dict[str, list[dict[str, object]]]) -> Iterable[tuple[float, int, str]]:
    for trace in figure["data"]:
        if trace["mode"] == "markers+text":
            yield from (
                (round(x, 2), y, trace["marker"]["symbol"]) for x, y in zip(trace["x"], trace["y"], strict=True)
            )


def test_the_picture_has_a_mark_per_test_and_joins_no_training_images(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    assert sorted(_marks(_figure(open_page()))) == sorted(
        [
            (63.34, 0, "circle"),
            (25.30, 0, "diamond"),
            (60.67, 1, "circle"),
            (22.63, 1, "diamond"),
            (95.04, 2, "circle"),
            (26.58, 2, "diamond"),
            (89.71, 3, "circle"),
            (23.91, 3, "diamond"),
        ]
    )


@pytest.mark.parametrize("members", [1, 3])
def test_the_picture_is_told_in_words_too(open_page: Opened, results: Path, members: int) -> None:
    MadeRun(members=members).write(results)
    (chart,) = open_page().get("plotly_chart")
    assert "split, ensemble: internal test 63.3" in chart.proto.alt
    assert "full, ensemble: training images 95.0" in chart.proto.alt


def test_the_rules_of_both_label_policies_can_be_read(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    said = written(open_page(external_policy="u_ones"))
    assert "- most-marked class, chosen: The rule dominant." in said
    assert "- uncertain is positive, chosen: The rule “uncertain is positive”." in said
