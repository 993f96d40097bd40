"""Tasks by submitit's local cluster: the code that Slurm gets, with processes of this machine for elements."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cxr_core import stopping
from cxr_core.errors import SettingsError
from cxr_core.files import is_alive
from cxr_core.tasks import Failure, Needs, run_all
from cxr_core.tasks.machines import Machines
from tests.support.jobs import Job, begun, perform
from tests.support.slurm import children, local_slurm, until

ROOT = Path(__file__).parents[3]
NEEDS = Needs(kind="test", timeout_s=300)


def run(folder: Path, does: list[str]) -> list[Path | Failure]:
    jobs = [Job(folder=folder, does=what, number=number) for number, what in enumerate(does)]
    with local_slurm(folder) as executor:
        return run_all(jobs, perform, executor=executor, needs=NEEDS)


def elements(folder: Path) -> list[int]:
    """The processes of elements, by what began each of them."""
    noted = json.loads((folder / "work" / "slurm" / "jobs.json").read_text(encoding="utf-8"))
    return [element for job in noted["jobs"] for element in children(int(job))]


def test_an_element_that_is_killed_is_performed_again_and_in_the_end_its_task_fails(tmp_path):
    results: list[Path | Failure] = []
    thread = threading.Thread(target=lambda: results.extend(run(tmp_path, ["wait"])))
    thread.start()
    for _ in range(3):
        until(lambda: begun(tmp_path), what="the task")
        alive = until(lambda: elements(tmp_path), what="the element")
        for path in tmp_path.glob("begun *"):
            path.unlink()
        for element in alive:
            os.kill(element, signal.SIGKILL)
    thread.join(timeout=60)
    assert results == [
        Failure(
            reason="Its job ended 3 times without saying what became of it: Slurm knows it no more. See the logs in "
            "work/slurm."
        )
    ]


def test_nothing_of_what_was_handed_over_is_left(tmp_path):
    assert run(tmp_path, ["write", "data"])[0] == tmp_path / "0"
    assert list(tmp_path.glob("work/slurm/parcels-*")) == []
    assert list(tmp_path.glob("work/slurm/logs/*_submitted.pkl")) == []
    assert list(tmp_path.glob("work/slurm/logs/*_log.out"))


def test_an_element_has_as_many_threads_as_cores_and_the_folders_of_the_sender(tmp_path, monkeypatch):
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(tmp_path / "elsewhere"))
    with local_slurm(tmp_path) as executor:
        (written,) = run_all([tmp_path], note_variables, executor=executor, needs=Needs(kind="test", cpus=3))
    assert written == tmp_path / "variables"
    assert json.loads(written.read_text(encoding="utf-8")) == ["3", "3", "3"]


def note_variables(folder: Path) -> Path:
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    path = folder / "variables"
    path.write_text(json.dumps([os.environ.get(name) for name in names]), encoding="utf-8")
    return path


STARTED = """
import sys
from pathlib import Path
from cxr_core import stopping
from tests.cxr_core.tasks.test_slurm_local import run
if __name__ == "__main__":
    with stopping.heeded() as stop:
        try:
            run(Path(sys.argv[1]), ["wait"])
        except KeyboardInterrupt:
            stop.tell()
            stopping.finish(stop.exit_code)
"""


@pytest.fixture
def command(tmp_path):
    """A command of its own whose task has begun."""
    script = tmp_path / "started.py"
    script.write_text(STARTED, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script, tmp_path], env=environment, cwd=ROOT, stderr=subprocess.PIPE)
    until(lambda: begun(tmp_path), what="the task")
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_ends_its_jobs(tmp_path, command, number):
    (element,) = elements(tmp_path)
    worker = begun(tmp_path)[0]
    command.send_signal(number)
    _, said = command.communicate(timeout=60)
    assert (command.returncode, said.decode()) == (128 + number, stopping.STOPPED)
    until(lambda: not is_alive(element) and not is_alive(worker), what="the end of the job")
    assert not list(tmp_path.glob("work/slurm/parcels-*"))


def test_jobs_of_a_command_that_was_killed_are_ended_before_anything_is_given_out(tmp_path, command):
    (element,) = elements(tmp_path)
    worker = begun(tmp_path)[0]
    command.kill()
    command.wait()
    assert is_alive(element)
    with local_slurm(tmp_path) as executor:
        assert not is_alive(element)
        until(lambda: not is_alive(worker), what="the end of its worker")
        (tmp_path / "go").touch()
        assert run_all([Job(folder=tmp_path, does="wait")], perform, executor=executor, needs=NEEDS) == [tmp_path / "0"]


def test_without_submitit_the_user_is_told_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "submitit", None)
    with (
        pytest.raises(SettingsError, match=r'pip install "second-site\[slurm\]"'),
        Machines(executor="slurm").opened(workers=1, work=tmp_path, roots={}),
    ):
        pass


def test_without_a_slurm_the_user_is_told_where_to_start(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(SettingsError, match="needs a Slurm that answers on this machine: scontrol cannot be asked"),
        Machines(executor="slurm").opened(workers=1, work=tmp_path, roots={}),
    ):
        pass
