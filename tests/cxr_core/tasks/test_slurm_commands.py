"""What is asked of Slurm, by commands that note what they are given."""

import os
from pathlib import Path

import pytest

from cxr_core.errors import SettingsError
from cxr_core.tasks import Needs
from cxr_core.tasks.machines import SlurmSettings
from cxr_core.tasks.slurm.cluster import AwayError, Call, Element, FullError
from cxr_core.tasks.slurm.commands import SlurmCluster

NEEDS = Needs(kind="train", cpus=4)


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Writes a command that notes its words and its variables, says something, and ends with a code."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(name: str, said: str = "", *, code: int = 0) -> None:
        stream = ">&2" if code else ""
        script = folder / name
        script.write_text(
            f'#!/bin/sh\necho "$@" > {folder}/{name}.given\nenv > {folder}/{name}.variables\n'
            f'for word in "$@"; do last="$word"; done\ncp "$last" {folder}/{name}.copy 2>/dev/null\n'
            f"cat <<'END' {stream}\n{said}\nEND\nexit {code}\n",
            encoding="utf-8",
        )
        script.chmod(0o755)

    write("srun")
    return write


def note(tmp_path: Path, name: str) -> str:
    return (tmp_path / "bin" / name).read_text(encoding="utf-8")


def cluster(tmp_path: Path, **settings) -> SlurmCluster:
    return SlurmCluster(SlurmSettings(**settings), tmp_path / "logs")


def submit(tmp_path: Path, *, needs: Needs = NEEDS, number: int = 3, **settings) -> list[str]:
    calls = [Call(parcel=tmp_path / f"{n}.parcel", outcome=tmp_path / f"{n}.outcome") for n in range(number)]
    return cluster(tmp_path, **settings).submit(calls, needs=needs, mark="second-site-abc")


def asked(tmp_path: Path) -> set[str]:
    lines = note(tmp_path, "sbatch.copy").splitlines()
    return {line.removeprefix("#SBATCH --") for line in lines if line.startswith("#SBATCH")}


def test_an_array_asks_for_what_its_tasks_take(tmp_path, commands):
    commands("sbatch", "Submitted batch job 12")
    found = submit(tmp_path, slurm_partition="long", slurm_minutes=30, slurm_memory_gb=6, slurm_gpus=2)
    assert found == ["12_0", "12_1", "12_2"]
    assert asked(tmp_path) >= {
        "array=0-2%3", "job-name=second-site-train", "comment=second-site-abc", "partition=long", "time=30", "mem=6G",
        "cpus-per-task=4", "nodes=1", "no-requeue",
    }  # fmt: skip
    assert not any("gpu" in line or "wckey" in line for line in asked(tmp_path))
    script = note(tmp_path, "sbatch.copy")
    assert "export OMP_NUM_THREADS=4" in script
    assert "srun" not in script


def test_gpus_are_asked_for_where_tasks_need_one(tmp_path, commands):
    commands("sbatch", "Submitted batch job 12")
    submit(tmp_path, needs=Needs(kind="train", gpus=1), slurm_gpus=2)
    assert "gpus-per-node=2" in asked(tmp_path)
    assert not any(line.startswith("partition") for line in asked(tmp_path))
    with pytest.raises(SettingsError, match="ask for it with --slurm-gpus 1"):
        submit(tmp_path, needs=Needs(kind="train", gpus=1))


def test_one_element_is_a_job_without_an_array(tmp_path, commands):
    commands("sbatch", "Submitted batch job 12")
    assert submit(tmp_path, number=1) == ["12"]
    assert not any(line.startswith("array") for line in asked(tmp_path))


def test_jobs_hear_nothing_of_the_job_and_the_folders_of_their_sender(tmp_path, commands, monkeypatch):
    commands("sbatch", "Submitted batch job 12")
    given = {
        "SLURM_JOB_ID": "7", "SLURM_MEM_PER_NODE": "1", "SBATCH_TIMELIMIT": "1", "SECOND_SITE_RESULTS": "results",
        "SLURM_CONF": "conf", "SBATCH_ACCOUNT": "lab", "SBATCH_PARTITION": "long",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    submit(tmp_path)
    told = dict(line.split("=", 1) for line in note(tmp_path, "sbatch.variables").splitlines() if "=" in line)
    assert {name: told[name] for name in given if name in told} == {
        "SLURM_CONF": "conf",
        "SBATCH_ACCOUNT": "lab",
        "SBATCH_PARTITION": "long",
    }
    submit(tmp_path, slurm_partition="short")
    assert "SBATCH_PARTITION" not in note(tmp_path, "sbatch.variables")
    assert {name: os.environ[name] for name in given} == given


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        (
            "sbatch: error: invalid partition specified: x",
            SettingsError,
            "Slurm does not take the jobs of this run: inv",
        ),
        ("sbatch: error: Unable to contact slurm controller (connect failure)", AwayError, "Unable to contact"),
        ("sbatch: error: QOSMaxSubmitJobPerUserLimit", FullError, "MaxSubmitJob"),
    ],
)
def test_a_refusal_is_told_from_an_absence(tmp_path, commands, said, error, words):
    commands("sbatch", said, code=1)
    with pytest.raises(error, match=words):
        submit(tmp_path)


def test_what_slurm_says_is_said_once(tmp_path, commands, capfd):
    commands("sbatch", "sbatch: error: invalid partition specified: x", code=1)
    with pytest.raises(SettingsError):
        submit(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_one_question_is_asked_for_all_elements(tmp_path, commands):
    commands("squeue", "7_0|RUNNING|second-site-train|None|second-site-abc")
    found = cluster(tmp_path).seen(["7"])
    assert found == {
        "7_0": Element(state="RUNNING", name="second-site-train", reason="None", comment="second-site-abc")
    }
    assert note(tmp_path, "squeue.given").split()[:5] == [
        "--array", "--noheader", "--states=all", f"--user={os.getuid()}", "--format=%i|%T|%j|%r|%k",
    ]  # fmt: skip


def test_a_command_that_fails_leaves_what_is_asked_open(tmp_path, commands):
    commands("squeue", "slurm_load_jobs error: Unable to contact slurm controller", code=1)
    with pytest.raises(AwayError, match="squeue says: slurm_load_jobs error: Unable to contact"):
        cluster(tmp_path).seen(["7"])


def test_no_node_that_is_up_is_hopeless_and_an_unknown_number_is_not(tmp_path, commands):
    commands("sinfo", "n1|4|8000|down|main*")
    found = cluster(tmp_path)
    assert found.is_hopeless("BadConstraints")
    assert not found.is_hopeless("Priority")
    assert found.is_hopeless("ReqNodeNotAvail")
    assert found.slots == 8
    commands("sinfo", "n1|4|8192|idle|main*")
    assert not found.is_hopeless("ReqNodeNotAvail")
    assert found.slots == 1
    commands("sinfo", "down", code=1)
    assert not found.is_hopeless("ReqNodeNotAvail")
    assert found.slots == 8


def test_jobs_are_ended_by_one_command_and_one_that_fails_is_no_error(tmp_path, commands):
    commands("scancel")
    cluster(tmp_path).cancel({"7", "12"})
    assert note(tmp_path, "scancel.given") == "12 7\n"
    commands("scancel", "Unable to contact slurm controller", code=1)
    cluster(tmp_path).cancel({"7"})


def test_the_largest_array_is_asked_of_the_configuration(tmp_path, commands):
    commands("scontrol", "MaxArraySize            = 5")
    assert cluster(tmp_path).array_size == 5
