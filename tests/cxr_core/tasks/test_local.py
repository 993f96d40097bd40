"""What only the pool on this machine promises; the rest is in `test_promises.py`."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core.tasks import Local, local
from tests.support.jobs import Job, run

ROOT = Path(__file__).parents[3]


def test_inline_tasks_run_in_this_process(tmp_path):
    run([Job(folder=tmp_path, does="write")], Local(workers=0))
    assert (tmp_path / "0").read_text() == str(os.getpid())


def test_workers_that_cannot_begin_end_in_an_error_and_not_in_a_loop(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "_prepare_worker", _die_at_once)
    with pytest.raises(RuntimeError, match="died 3 times in a row before any of 1 tasks ended"):
        run([Job(folder=tmp_path, does="write")], Local(workers=1))


def _die_at_once(*_: object) -> None:
    os._exit(1)


KILLED_IN_A_POOL = """
from pathlib import Path
from cxr_core.tasks import Local
from tests.support.jobs import Job, run
if __name__ == "__main__":
    jobs = [Job(folder=Path(sys.argv[1]), does=what, number=number) for number, what in enumerate(["write", "hang"])]
    run(jobs, Local(workers=1), on_done=lambda job, result: print(result.read_text(), flush=True))
"""

KILLED_WHERE_THE_KERNEL_DOES_NOT_HELP = """
import multiprocessing, os, time
from threading import Thread
from cxr_core.tasks.local import _watch_parent

def child():
    Thread(target=_watch_parent, daemon=True).start()
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=child)
    process.start()
    process.join()
"""


@pytest.mark.parametrize("code", [KILLED_IN_A_POOL, KILLED_WHERE_THE_KERNEL_DOES_NOT_HELP])
def test_no_worker_outlives_a_parent_that_was_killed(tmp_path, code):
    script = tmp_path / "parent.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{code}", encoding="utf-8")
    parent = subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    parent.kill()
    try:
        parent.communicate(timeout=10)  # the pipe closes when its last writer, the worker, has ended
    except subprocess.TimeoutExpired:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("the worker outlived its parent")
