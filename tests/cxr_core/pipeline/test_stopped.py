"""A run that a terminal or a scheduler stops, with all its processes at once: one sentence, and nothing left."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

BAR = re.compile(r"\d+%\|.*\]\s*$")

LINES = [
    ("Reading the label tables", signal.SIGINT, 130),
    ("Bringing the images to one form", signal.SIGINT, 130),
    ("Bringing the images to one form", signal.SIGTERM, 143),
    ("Training", signal.SIGINT, 130),
    ("Training", signal.SIGTERM, 143),
    ("Training", signal.SIGHUP, 129),
    ("Predicting", signal.SIGINT, 130),
]
SIGNS = [
    ("cache/images/*/*.json", signal.SIGINT, 130),
    ("results/**/checkpoints/**/*.safetensors", signal.SIGTERM, 143),
]


@pytest.fixture
def run(tmp_path, hospitals):
    """A run by two processes, in a session of its own as a terminal gives it."""
    command = [
        sys.executable, "train.py", "paper", "--source", str(hospitals[0]), "--external", str(hospitals[1]),
        "--name", "one", "--results", str(tmp_path / "results"), "--cache", str(tmp_path / "cache"),
        "--device", "cpu", "--workers", "2", "--weights", "none", "--architecture", "small", "--size-px", "32",
        "--epochs", "20", "--members", "2", "--replicates", "100",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def check_that_it_stops(process, number, *, code):
    """The pipes close when the last process that holds them has ended: none may outlive its parent."""
    os.killpg(process.pid, number)
    said = process.communicate(timeout=60)[1]

    assert process.returncode == code, said
    told = [line for line in said.splitlines() if line.strip() and not BAR.search(line)]
    assert told == ["Stopped. The same command goes on from here."]


@pytest.mark.parametrize(("line", "number", "code"), LINES)
def test_stopped_as_a_stage_begins(run, line, number, code):
    for said in run.stdout:
        if said.startswith(line):
            break

    check_that_it_stops(run, number, code=code)


@pytest.mark.parametrize(("sign", "number", "code"), SIGNS)
def test_stopped_while_others_work_for_it(run, tmp_path, sign, number, code):
    while run.poll() is None and not list(tmp_path.glob(sign)):
        time.sleep(0.01)

    check_that_it_stops(run, number, code=code)
