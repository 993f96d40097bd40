"""What travels between machines whose folders lie elsewhere."""

import os
import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from cxr_core.errors import SettingsError
from cxr_core.tasks import Failure, Needs
from cxr_core.tasks.parcel import Parcel, on_this_node, packed, parcels, perform_packed, unpacked
from tests.support.jobs import Job, StubbornError, perform

VARIABLES = ("SECOND_SITE_DATA", "SECOND_SITE_RESULTS", "SECOND_SITE_CACHE")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@dataclass(frozen=True, kw_only=True)
class Task:
    image: Path
    others: tuple[Path, ...]
    out: dict[str, Path]


def test_a_path_under_a_root_lies_under_the_other_machines_root_of_that_name():
    sent = packed(Path("/here/clinic/a/1.dcm"), roots={"clinic": Path("/here/clinic")})
    assert unpacked(sent, roots={"clinic": Path("/mnt/there")}) == Path("/mnt/there/a/1.dcm")
    assert b"/here/clinic/a" not in sent


def test_the_root_itself_is_under_it():
    sent = packed(Path("/here/clinic"), roots={"clinic": Path("/here/clinic")})
    assert unpacked(sent, roots={"clinic": Path("/mnt/there")}) == Path("/mnt/there")


def test_a_machine_without_a_root_of_that_name_takes_the_senders():
    sent = packed(Path("/here/clinic/1.dcm"), roots={"clinic": Path("/here/clinic")})
    assert unpacked(sent, roots={"ward": Path("/mnt/there")}) == Path("/here/clinic/1.dcm")


def test_a_path_under_no_root_stays_where_it_is():
    sent = packed(Path("/opt/weights"), roots={"clinic": Path("/here/clinic")})
    assert unpacked(sent, roots={"clinic": Path("/mnt/there")}) == Path("/opt/weights")


def test_a_folder_whose_name_only_begins_like_a_root_is_not_under_it():
    sent = packed(Path("/here/clinic-2/1.dcm"), roots={"clinic": Path("/here/clinic")})
    assert unpacked(sent, roots={"clinic": Path("/mnt/there")}) == Path("/here/clinic-2/1.dcm")


@pytest.mark.parametrize("names", [("results", "cache"), ("cache", "results")])
def test_of_roots_in_one_another_the_innermost_counts(names):
    known = {"results": Path("/here/results"), "cache": Path("/here/results/cache")}
    roots = {name: known[name] for name in names}
    there = {"results": Path("/mnt/results"), "cache": Path("/scratch/cache")}
    sent = packed((Path("/here/results/cache/1"), Path("/here/results/run/1")), roots=roots)
    assert unpacked(sent, roots=there) == (Path("/scratch/cache/1"), Path("/mnt/results/run/1"))


def test_relative_paths_and_roots_are_of_the_senders_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path, root in (
        ("results/run/1", "results"),
        (tmp_path / "results/run/1", "results"),
        ("results/run/1", tmp_path / "results"),
    ):
        sent = packed(Path(path), roots={"results": Path(root)})
        assert unpacked(sent, roots={"results": Path("/mnt/results")}) == Path("/mnt/results/run/1")
        assert unpacked(sent, roots={}) == tmp_path / "results/run/1"


def test_paths_are_found_wherever_they_are_in_a_task():
    root = Path("/here")
    task = Task(image=root / "1", others=(root / "2", Path("/opt/3")), out={"a": root / "4"})
    there = unpacked(packed(task, roots={"clinic": root}), roots={"clinic": Path("/mnt")})
    assert there == Task(image=Path("/mnt/1"), others=(Path("/mnt/2"), Path("/opt/3")), out={"a": Path("/mnt/4")})


def test_what_comes_back_lies_where_it_lies_here():
    here, there = {"results": Path("/here")}, {"results": Path("/mnt")}
    assert unpacked(packed(Path("/mnt/run/1"), roots=there), roots=here) == Path("/here/run/1")


def test_a_nodes_own_roots_are_in_its_variables(monkeypatch):
    assert on_this_node() == {}
    monkeypatch.setenv("SECOND_SITE_RESULTS", "/mnt/results")
    monkeypatch.setenv("SECOND_SITE_CACHE", "")
    monkeypatch.setenv("SECOND_SITE_DATA", os.pathsep.join(["clinic=/mnt/clinic", "ward=/mnt/ward"]))
    assert on_this_node() == {
        "results": Path("/mnt/results"),
        "clinic": Path("/mnt/clinic"),
        "ward": Path("/mnt/ward"),
    }
    monkeypatch.setenv("SECOND_SITE_DATA", "clinic")
    with pytest.raises(SettingsError, match="SECOND_SITE_DATA takes NAME=DIR pairs"):
        on_this_node()


def test_parcels_hold_all_tasks_in_their_order():
    tasks = [Job(folder=Path("/here"), does="write", number=number) for number in range(7)]
    made = parcels(tasks, perform, needs=Needs(kind="test"), size=3)
    assert [list(indices) for indices, _ in made] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [task for _, parcel in made for task in parcel.tasks] == tasks


def test_a_node_performs_a_parcel_in_its_own_folders(tmp_path, monkeypatch):
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(there))
    jobs = tuple(
        Job(folder=here, does=does, number=number) for number, does in enumerate(["write", "data", "kill", "write"])
    )
    sent = packed(Parcel(tasks=jobs, perform=perform, needs=Needs(kind="test")), roots={"results": here})
    done = unpacked(perform_packed(sent), roots={"results": here})
    assert done.error is None
    assert done.outcomes == {
        0: here / "0",
        1: Failure(reason="Expected one thing, found another."),
        2: Failure(reason="Its process ended unexpectedly (exit code -9).", is_cut_off=True),
        3: here / "3",
    }
    assert sorted(path.name for path in there.iterdir()) == ["0", "3"]
    assert not here.exists()


def test_an_error_that_cannot_be_made_again_elsewhere_travels_as_its_words(tmp_path):
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(StubbornError(number=7)))  # noqa: S301 -- its own
    jobs = (Job(folder=tmp_path, does="write"), Job(folder=tmp_path, does="stubborn mistake", number=1))
    done = Parcel(tasks=jobs, perform=perform, needs=Needs(kind="test")).performed()
    again = unpacked(packed(done, roots={}), roots={})
    assert again.outcomes == {0: tmp_path / "0"}
    assert str(again.error) == "StubbornError: number 7"
