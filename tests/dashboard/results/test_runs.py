"""What can be chosen in a run, and asking one file from many threads."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_core.errors import StoreError
from cxr_core.findings import FINDINGS
from cxr_core.store.runs import FoundRun, look_into
from dashboard.results import runs
from dashboard.results.database import ask
from dashboard.results.runs import choices, class_order, found_runs, notes, results_folder, run_key
from tests.support.made.runs import EXTERNAL, INTERNAL, MadeRun, first_comparison
from tests.support.results import change


def test_the_results_folder_is_the_variable_or_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SECOND_SITE_RESULTS", raising=False)
    assert results_folder() == tmp_path / "results"
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(tmp_path / "elsewhere"))
    assert results_folder() == tmp_path / "elsewhere"


def test_a_policy_without_any_single_class_cannot_be_chosen(results: Path) -> None:
    path = MadeRun().write(results)
    change(
        path,
        """
        INSERT INTO policy VALUES ('chexpert_train', 'explicit', FALSE, 'Presence only.');
        INSERT INTO metric BY NAME
            SELECT metric.* REPLACE ('explicit' AS policy, NULL AS value, NULL AS low, NULL AS high, 0 AS n,
                0 AS n_effective, TRUE AS not_estimable)
            FROM metric WHERE policy = 'u_ignore' AND metric = 'accuracy';
        """,
    )
    (run,) = found_runs()
    assert choices(run_key(run)).external[0].policies == EXTERNAL.policies


def test_without_any_internal_test_the_dataset_trained_on_can_be_chosen(results: Path) -> None:
    MadeRun(regimes=("full",)).write(results)
    (run,) = found_runs()
    assert [choice.dataset for choice in choices(run_key(run)).internal] == [INTERNAL.dataset]


def test_a_run_without_models_offers_nothing(results: Path) -> None:
    MadeRun(regimes=()).write(results)
    (run,) = found_runs()
    chosen = choices(run_key(run))
    assert (chosen.models, chosen.internal, chosen.external) == ((), (), ())


def test_a_new_run_is_found_without_a_restart(results: Path) -> None:
    assert found_runs() == ()
    MadeRun().write(results)
    assert [run.name for run in found_runs()] == ["paper-0001"]
    (results / "going-on").mkdir()
    assert {run.state for run in found_runs()} == {"complete", "unfinished"}


def test_a_run_that_was_taken_away_is_an_expected_error(results: Path) -> None:
    path = MadeRun().write(results)
    (run,) = found_runs()
    path.unlink()
    with pytest.raises(StoreError, match="gone"):
        run_key(run)


def test_many_threads_get_their_own_answers(results: Path) -> None:
    MadeRun(notes=("One.", "Two.")).write(results)
    (run,) = found_runs()
    key = run_key(run)
    answers: list[object] = []

    def ask_often() -> None:
        answers.extend(
            ask(key, "SELECT $number, count(*) FROM image", {"number": number}) == [(number, 30493)]
            for number in range(25)
        )

    threads = [threading.Thread(target=ask_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 100
    assert notes(key) == ("One.", "Two.")


def test_classes_keep_the_order_of_the_outputs_and_strangers_come_last(results: Path) -> None:
    order = class_order(first_comparison(MadeRun().write(results)).run)
    assert [order(finding) for finding in FINDINGS] == list(range(6))
    assert order("Fracture") == 6


def test_a_run_that_did_not_change_is_not_opened_again(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MadeRun().write(results)
    found_runs()
    opened: list[Path] = []

    def look(folder: Path, *, copies: Path) -> FoundRun:
        opened.append(folder)
        return look_into(folder, copies=copies)

    monkeypatch.setattr(runs, "look_into", look)
    (results / "going-on" / "members").mkdir(parents=True)
    assert len(found_runs()) == 2
    assert opened == [results / "going-on"]


def test_a_refusal_is_remembered_until_the_file_changes(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = MadeRun().write(results)
    whole = path.read_bytes()
    change(path, "CREATE VIEW hidden AS SELECT 1")
    looks = []

    def look(folder: Path, *, copies: Path) -> FoundRun:
        looks.append(folder)
        return look_into(folder, copies=copies)

    monkeypatch.setattr(runs, "look_into", look)
    assert [[run.state for run in found_runs()] for _ in range(3)] == [["damaged"]] * 3
    assert len(looks) == 1
    status = path.stat()
    path.write_bytes(whole)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # as a copy with its times
    assert [run.state for run in found_runs()] == ["complete"]


def test_another_file_of_the_same_time_gets_other_answers(results: Path, tmp_path: Path) -> None:
    path = MadeRun(notes=("One.",)).write(results)
    (run,) = found_runs()
    assert notes(run_key(run)) == ("One.",)
    other = MadeRun(notes=("Two.",)).write(tmp_path / "other")
    assert other.stat().st_mtime_ns == path.stat().st_mtime_ns
    other.replace(path)
    (run,) = found_runs()
    assert notes(run_key(run)) == ("Two.",)


def test_a_run_that_could_not_be_read_is_looked_at_again(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MadeRun().write(results)

    def is_in_use(folder: Path, *, copies: Path) -> FoundRun:
        return replace(
            look_into(folder, copies=copies),
            state="damaged",
            problem="It is open in another program.",
            is_lasting=False,
        )

    with monkeypatch.context() as patched:
        patched.setattr(runs, "look_into", is_in_use)
        assert [run.state for run in found_runs()] == ["damaged"]
    assert [run.state for run in found_runs()] == ["complete"]
