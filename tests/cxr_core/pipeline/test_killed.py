"""A run that is killed in any stage, and started again, ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time

import pytest

from cxr_core.pipeline.workspace import RunFolder
from cxr_core.progress.report import is_worked_on, read
from cxr_core.store.open import open_run

KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

# what is replaced, so that the process dies in the middle of that stage
STAGES = {
    "train": """
from cxr_core.training.checkpoints import Checkpoints as module
real, calls = module.save, []
def dying(*args, **named):
    real(*args, **named); calls.append(1)
    if len(calls) == 3: {kill}
module.save = dying
""",
    "predict": """
import cxr_core.prediction as module
real, calls = module.predict_shard, []
def dying(task):
    done = real(task); calls.append(1)
    if len(calls) == 3: {kill}
    return done
module.predict_shard = dying
""",
    "write": """
import cxr_core.pipeline.metric_tables as module
def dying(*args, **named):
    {kill}
module.append = dying
""",
}
START = """
if __name__ == "__main__":
    import sys
    from cxr_core.cli.main import main
    sys.exit(main(sys.argv[1:]))
"""


def begin(tmp_path, hospitals, *, results, cache, stage=None, workers=1):
    script = tmp_path / "start.py"
    script.write_text((STAGES[stage].format(kill=KILL) if stage else "") + START)
    command = [
        sys.executable, str(script), "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]),
        "--name", "one",
        "--results", str(results), "--cache", str(cache), "--device", "cpu",
        "--workers", str(workers), "--weights", "none",
        "--architecture", "small", "--size-px", "32", "--epochs", "2", "--members", "1", "--replicates", "100",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.getcwd()}  # noqa: PTH109 -- the project's root, where tests run
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    """Waits for it; gives the exit code and what it said was wrong."""
    _, said = process.communicate(timeout=300)
    return process.returncode, said


def predictions(results):
    with open_run(RunFolder(path=results / "one").results) as connection:
        return str(connection.execute("FROM prediction ORDER BY ALL").fetchall())


@pytest.fixture(scope="module")
def undisturbed(hospitals, tmp_path_factory):
    """The predictions of a run that nobody kills, by its number of processes."""
    found = {}
    for workers in (1, 2):
        folder = tmp_path_factory.mktemp("undisturbed")
        place = {"results": folder / "results", "cache": folder / "cache"}
        code, said = finish(begin(folder, hospitals, **place, workers=workers))
        assert code == 0, said
        found[workers] = predictions(folder / "results")
    return found


def check_that_it_goes_on(tmp_path, hospitals, place, *, workers, expected):
    assert not (place["results"] / "one" / "results.duckdb").exists()

    code, said = finish(begin(tmp_path, hospitals, **place, workers=workers))

    assert code == 0, said
    assert predictions(place["results"]) == expected
    assert not list(tmp_path.rglob("*.part*"))
    assert not (place["results"] / "one" / "work").exists()


def check_that_it_left_a_report(folder, *, stage):
    report = read(folder)
    assert not is_worked_on(folder)
    assert report.problem is None
    # what was told in the last second may not be on disk yet
    assert report.stage.name in report.stages[: 1 + report.stages.index("evaluate" if stage == "write" else stage)]


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_killed_in_a_stage_goes_on_and_ends_with_the_same_predictions(stage, undisturbed, hospitals, tmp_path):
    place = {"results": tmp_path / "results", "cache": tmp_path / "cache"}

    killed = begin(tmp_path, hospitals, **place, stage=stage)

    assert finish(killed)[0] == -signal.SIGKILL
    check_that_it_left_a_report(place["results"] / "one", stage=stage)
    check_that_it_goes_on(tmp_path, hospitals, place, workers=1, expected=undisturbed[1])


@pytest.mark.parametrize("sign", ["cache/**/*.npy", "results/**/checkpoints/**/*.safetensors"])
def test_a_run_killed_while_others_work_for_it_goes_on_likewise(sign, undisturbed, hospitals, tmp_path):
    place = {"results": tmp_path / "results", "cache": tmp_path / "cache"}

    killed = begin(tmp_path, hospitals, **place, workers=2)
    while killed.poll() is None and not list(tmp_path.glob(sign)):
        time.sleep(0.01)
    killed.kill()

    assert finish(killed)[0] == -signal.SIGKILL
    check_that_it_goes_on(tmp_path, hospitals, place, workers=2, expected=undisturbed[2])
