import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxr_core.errors import DataError, SettingsError
from cxr_core.pipeline.workers import run_tasks
from cxr_core.tasks import Local


@dataclass(frozen=True)
class Note:
    out: Path
    fails: bool = False


def perform(task):
    if task.fails:
        raise DataError("no such luck")
    task.out.write_text(str(os.getpid()))
    return task.out


def test_on_a_processor_tasks_are_shared_among_processes(tmp_path):
    for name in "abc":
        (tmp_path / name).mkdir()
    done = []

    # a function and tasks that another process can import, which a test module is not
    here = os.getcwd()  # noqa: PTH109
    run_tasks(
        [tmp_path / name for name in "abc"],
        os.chdir,
        kind="test",
        device="cpu",
        executor=Local(workers=2),
        on_done=done.append,
    )

    assert len(done) == 3
    assert os.getcwd() == here  # noqa: PTH109


def test_on_an_accelerator_tasks_stay_here(tmp_path):
    run_tasks([Note(tmp_path / name) for name in "ab"], perform, kind="test", device="cuda", executor=Local(workers=2))

    assert (tmp_path / "a").read_text() == str(os.getpid())


def test_a_process_that_was_killed_is_told_with_a_remedy():
    with pytest.raises(SettingsError, match=r"exit code -9.* fewer --workers.* same command goes on"):
        run_tasks([9, 9], signal.raise_signal, kind="test", device="cpu", executor=Local(workers=2))


def test_a_failure_is_told_and_what_the_others_made_is_kept(tmp_path):
    tasks = [Note(tmp_path / "a", fails=True), Note(tmp_path / "b")]

    with pytest.raises(SettingsError, match="no such luck"):
        run_tasks(tasks, perform, kind="test", device="cuda", executor=Local(workers=1))

    assert (tmp_path / "b").exists()
