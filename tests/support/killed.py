"""A run in a process of its own, which dies in a stage or is killed by whoever began it."""

import os
import subprocess
import sys

from cxr_core.pipeline.workspace import RunFolder
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
