"""A run that is killed in any stage, and started again, ends as if nothing had happened."""

import os
import signal
import subprocess
import sys

import pytest

from cxr_core.pipeline.place import RunFolder
from cxr_core.store.open import open_run

KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"

# what is replaced, so that the process dies in the middle of that stage
STAGES = {
    "decode": """
import cxr_core.images.filling as module
real, calls = module.run_all, []
def dying(*args, **named):
    real(*args, **named); {kill}
module.run_all = dying
""",
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
import cxr_core.pipeline.evaluated as module
def dying(*args, **named):
    {kill}
module.append = dying
""",
}
START = """
if __name__ == "__main__":
    import sys, train
    sys.exit(train.main(sys.argv[1:]))
"""


def start(tmp_path, hospitals, *, results, cache, stage=None):
    script = tmp_path / "start.py"
    script.write_text((STAGES[stage].format(kill=KILL) if stage else "") + START)
    command = [
        sys.executable, str(script), "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]), "--name", "one",
        "--results", str(results), "--cache", str(cache), "--device", "cpu", "--workers", "1", "--weights", "none",
        "--architecture", "small", "--size-px", "32", "--epochs", "2", "--members", "1",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.getcwd()}  # noqa: PTH109 -- the project's root, where tests run
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def predictions(results):
    with open_run(RunFolder(path=results / "one").results) as connection:
        return str(connection.execute("FROM prediction ORDER BY ALL").fetchall())


@pytest.fixture(scope="module")
def undisturbed(hospitals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    done = start(folder, hospitals, results=folder / "results", cache=folder / "cache")
    assert done.returncode == 0, done.stderr
    return predictions(folder / "results")


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_run_goes_on_and_ends_with_the_same_predictions(stage, undisturbed, hospitals, tmp_path):
    results, cache = tmp_path / "results", tmp_path / "cache"

    killed = start(tmp_path, hospitals, results=results, cache=cache, stage=stage)

    assert killed.returncode == -signal.SIGKILL
    assert not (results / "one" / "results.duckdb").exists()

    again = start(tmp_path, hospitals, results=results, cache=cache)

    assert again.returncode == 0, again.stderr
    assert predictions(results) == undisturbed
    assert not list(results.rglob("*.part*")) + list(cache.rglob("*.part*"))
    assert not (results / "one" / "work").exists()
