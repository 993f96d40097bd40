"""The frame: which run and which comparison the address asks for, and what is said when it is not there."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from cxr_core.errors import StoreError
from dashboard import words
from dashboard.results import runs
from dashboard.results.database import RunKey
from dashboard.results.runs import Choices
from tests.support.made.runs import EXTERNAL, INTERNAL, OFFICIAL, OWN, MadeRun
from tests.support.pages import Opened, sent, written


def _pickers(app: AppTest) -> dict[str, str]:
    return {str(box.key).removeprefix("pick_"): str(box.value) for box in app.selectbox}


def test_an_empty_folder_says_what_to_type(open_page: Opened) -> None:
    app = open_page()
    assert [title.value for title in app.title] == ["No run yet"]
    assert [code.value for code in app.code] == [
        "python train.py demo",
        "python train.py paper --source DIR --external DIR",
    ]
    assert _pickers(app) == {}


def test_begun_by_the_script_it_says_the_scripts_commands(
    open_page: Opened, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [str(Path("dashboard") / "app.py"), "second-site"])
    assert [code.value for code in open_page().code] == [
        "second-site demo",
        "second-site paper --source DIR --external DIR",
    ]
    MadeRun(regimes=()).write(results)
    assert "Make the run again with second-site." in written(open_page())


def test_a_missing_folder_is_an_empty_one(open_page: Opened, results: Path) -> None:
    results.rmdir()
    assert [title.value for title in open_page().title] == ["No run yet"]


def test_pickers_stand_only_where_there_is_a_choice(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    assert _pickers(open_page()) == {"model": "split", "internal_policy": "dominant", "external_policy": "u_ignore"}


def test_a_run_without_any_choice_has_no_pickers_and_names_the_run(open_page: Opened, results: Path) -> None:
    MadeRun(regimes=("split",), sites=(OFFICIAL, OWN)).write(results)
    app = open_page()
    assert _pickers(app) == {}
    assert "paper-0001, 24 Nov 2026" in written(app)


def test_the_training_policy_is_shown_first_internally_and_the_default_externally(
    open_page: Opened, results: Path
) -> None:
    assert (INTERNAL.default, INTERNAL.training_policy, EXTERNAL.default) == ("majority", "dominant", "u_ignore")
    MadeRun().write(results)
    internal = open_page().selectbox(key="pick_internal_policy")
    assert internal.value == "dominant"
    assert internal.options == [
        "VinBigData: most-marked class",
        "VinBigData: over half of readers",
        "VinBigData: any reader",
    ]


def test_a_choice_of_sites_and_of_internal_tests_brings_their_pickers(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL, OFFICIAL, EXTERNAL, OWN)).write(results)
    assert _pickers(open_page()) == {
        "model": "split",
        "internal": "vinbigdata",
        "internal_policy": "dominant",
        "external": "chexpert_train",
        "external_policy": "u_ignore",
    }
    other = open_page(external="st_elsewhere", internal="vinbigdata_test")
    assert _pickers(other) == {"model": "split", "internal": "vinbigdata_test", "external": "st_elsewhere"}


def test_of_several_runs_the_newest_stands_first_and_one_is_asked_for(open_page: Opened, results: Path) -> None:
    for name, day in (("old", 3), ("new", 24), ("middle", 12)):
        MadeRun(name=name, created_at=datetime(2026, 11, day, tzinfo=UTC)).write(results)
    (results / "going-on").mkdir()
    (results / "broken").mkdir()
    (results / "broken" / "results.duckdb").write_bytes(b"no database")
    with duckdb.connect(str(results / "old" / "results.duckdb")) as connection:
        connection.execute("UPDATE dataset SET synthetic = true WHERE site = 'external'")

    app = open_page(page="labels")
    assert [title.value for title in app.title] == ["Which run?"]
    rows = {row["id"]: row for row in sent(app, "run_list")["rows"]}
    assert [name for name in rows if name not in {"going-on", "broken"}] == ["new", "middle", "old"]
    assert rows["new"] == {
        "id": "new", "href": "?run=new&page=labels", "name": "new", "day": "24 Nov 2026",
        "sites": "VinBigData → CheXpert train", "images": "641 internal, 29,852 external", "is_synthetic": False,
        "headline": "25.3\u00a0% [24.8, 25.8]", "state": "",
    }  # fmt: skip
    assert rows["old"]["is_synthetic"]
    assert [rows[name]["state"] for name in ("going-on", "broken")] == ["not complete", "cannot be read"]
    assert rows["broken"]["headline"] == ""

    run = open_page(run="middle").selectbox(key="pick_run")
    assert run.value == "middle"
    assert [option for option in run.options if "Nov" in option] == [
        "new, 24 Nov 2026, n = 641 + 29,852",
        "middle, 12 Nov 2026, n = 641 + 29,852",
        "old, 3 Nov 2026, n = 641 + 29,852, synthetic",
    ]
    assert [option for option in run.options if "Nov" not in option] == [
        "broken, cannot be read",
        "going-on, not complete",
    ]


def test_every_page_says_that_it_is_no_medical_device(open_page: Opened, results: Path) -> None:
    said = "Research only, not a medical device."
    assert open_page().caption[-1].value == said
    (results / "going-on").mkdir()
    assert open_page().caption[-1].value == said
    MadeRun().write(results)
    assert open_page().caption[-1].value == said
    assert open_page(run="paper-0001").caption[-1].value == said


def test_a_pick_goes_to_the_address_and_leaves_the_rest_of_it(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page(external_policy="u_ones")
    app.selectbox(key="pick_internal_policy").set_value("any_reader").run()
    assert app.query_params["internal_policy"] == "any_reader"
    assert app.query_params["external_policy"] == "u_ones"
    assert _pickers(app) == {"model": "split", "internal_policy": "any_reader", "external_policy": "u_ones"}


def test_another_site_takes_its_policy_along(open_page: Opened, results: Path) -> None:
    MadeRun(sites=(INTERNAL, EXTERNAL, OWN)).write(results)
    app = open_page(external_policy="u_ones")
    app.selectbox(key="pick_external").set_value("st_elsewhere").run()
    assert "external_policy" not in app.query_params
    assert app.query_params["external"] == "st_elsewhere"
    assert not app.warning


def test_the_address_wins_over_what_was_picked_before(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page()
    app.selectbox(key="pick_internal_policy").set_value("any_reader").run()
    app.query_params["internal_policy"] = "majority"
    app.run()
    assert app.selectbox(key="pick_internal_policy").value == "majority"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("model", "the model “nonsense”"),
        ("internal", "the internal test “nonsense”"),
        ("internal_policy", "the internal label policy “nonsense”"),
        ("external", "the external test “nonsense”"),
        ("external_policy", "the external label policy “nonsense”"),
        ("run", "the run “nonsense”"),
    ],
)
def test_a_wrong_parameter_falls_back_and_is_told(open_page: Opened, results: Path, key: str, said: str) -> None:
    MadeRun().write(results)
    app = open_page(**{key: "nonsense"})
    assert _pickers(app) == {"model": "split", "internal_policy": "dominant", "external_policy": "u_ignore"}
    assert said in written(app)


def test_a_right_address_is_not_warned_about(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page(
        page="overview", run="paper-0001", model="full", internal_policy="majority", external_policy="u_zeros"
    )
    assert not app.warning
    assert [title.value for title in app.title] == ["How far does it travel?"]


def test_a_parameter_can_draw_nothing(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    app = open_page(run="![x](https://example.org/x.png)")
    (warning,) = app.warning
    assert "\\!\\[x\\]\\(https\\:\\/\\/example\\.org\\/x\\.png\\)" in warning.value.replace("\u2060", "")


def test_an_unfinished_run_is_told_in_words(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    (results / "going-on").mkdir()
    app = open_page(run="going-on")
    assert [title.value for title in app.title] == ["This run was stopped"]
    assert "Start the same command again" in written(app)
    assert app.selectbox(key="pick_run").value == "going-on"


def test_only_unfinished_runs_do_not_make_an_empty_page(open_page: Opened, results: Path) -> None:
    (results / "going-on").mkdir()
    assert "going-on" in written(open_page())


def test_a_damaged_run_is_told_in_words_and_another_can_be_picked(open_page: Opened, results: Path) -> None:
    MadeRun().write(results)
    (results / "broken").mkdir()
    (results / "broken" / "results.duckdb").write_bytes(b"no database")
    app = open_page(run="broken")
    assert [title.value for title in app.title] == ["This run cannot be read"]
    assert "is not a valid DuckDB database file" in written(app)
    assert str(results) not in written(app)
    app.selectbox(key="pick_run").set_value("paper-0001").run()
    assert [title.value for title in app.title] == ["How far does it travel?"]


def test_an_old_schema_is_told_in_words(open_page: Opened, results: Path) -> None:
    MadeRun(schema_version=0).write(results)
    assert "this one reads versions from 2" in written(open_page())


def test_a_file_that_breaks_while_it_is_read_is_told_in_words(open_page: Opened, results: Path) -> None:
    path = MadeRun().write(results)
    content = bytearray(path.read_bytes())
    middle = len(content) // 4
    content[middle:] = bytes(b ^ 0xFF for b in content[middle:])
    path.write_bytes(content)
    app = open_page()
    assert "results.duckdb cannot be read" in written(app)


def test_another_file_under_the_same_name_gives_other_numbers(open_page: Opened, results: Path, tmp_path: Path) -> None:
    path = MadeRun().write(results)
    before = written(open_page())
    later = datetime(2026, 11, 25, tzinfo=UTC)
    other = MadeRun(created_at=later, accuracy={**MadeRun().accuracy, ("split", "external_test"): 0.5})
    other.write(tmp_path / "elsewhere").replace(path)
    after = written(open_page())
    assert "25.3" in before
    assert "50.0" in after
    assert "25.3" not in after


def test_a_run_without_a_tested_model_is_told_in_words(open_page: Opened, results: Path) -> None:
    MadeRun(regimes=()).write(results)
    assert [title.value for title in open_page().title] == ["Nothing was tested in this run"]


def test_an_expected_error_is_told_in_words(open_page: Opened, results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(run: RunKey) -> Choices:
        raise StoreError(f"The results of {run.name} broke off.")

    MadeRun().write(results)
    monkeypatch.setattr(runs, "choices", break_off)
    (warning,) = open_page().warning
    assert warning.value == words.plain("The results of paper-0001 broke off.")
