"""Rows have a module, a goal and a place; one that is measured again takes the place of its own alone."""

import importlib
import json

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.rows import PROGRAMS, ROWS, by_module, shortfall
from benchmarks.timing import Limit, Measured, Result, alone, compare, smaller

ROW = {row.name: row for row in ROWS}


def result(name: str, ours: float) -> Result:
    return Result(name=name, ours=ours, theirs=2.0, what_theirs_is="a", unit="images/s", ratio=ours / 2, rounds=5)


@pytest.mark.parametrize("module", sorted({row.module for row in ROWS}))
def test_every_row_is_measured_by_a_module(module: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{module}").measure)


def test_names_are_those_of_one_thing() -> None:
    assert len(ROW) == len(ROWS)
    assert not ROW.keys() & {*PROGRAMS}
    assert by_module(["train", "fidelity", "train_bf16"]) == {
        "fidelity": ["fidelity"],
        "training": ["train", "train_bf16"],
    }
    assert {name for names in by_module(list(ROW)).values() for name in names} == ROW.keys()


def test_a_goal_is_missed_by_so_much() -> None:
    assert shortfall(ROW["decode_j2k"], ours=98, ratio=30) == "30 instead of 40, 25% short"
    assert shortfall(ROW["decode_j2k"], ours=98, ratio=40) is None
    assert shortfall(ROW["fidelity"], ours=0.84, ratio=None) == "0.84 instead of at most 0.7, 20% above"
    assert shortfall(ROW["scaling_pages"], ours=1, ratio=0.1) is None


def test_a_row_takes_the_place_of_its_own_alone(tmp_path) -> None:
    files = {"results": tmp_path / "results.json", "circumstances": tmp_path / "circumstances.json"}
    for name, ours in (("train", 3.0), ("decode_j2k", 4.0), ("train", 5.0)):
        limit = Limit(value=10.0, what="a peak")
        benchmarks.keep(Measured(name=name, result=result(name, ours), limit=limit, said="so"), **files)
    assert benchmarks.read_results(files["results"]) == [result("decode_j2k", 4.0), result("train", 5.0)]
    about = json.loads(files["circumstances"].read_text())
    assert about["train"] == {"machine": about["train"]["machine"], "limit": 10.0, "limit_is": "a peak", "said": "so"}
    benchmarks.keep(Measured(name="train", result=None, said="no"), **files)
    assert [row["name"] for row in benchmarks.read_results(files["results"])] == ["decode_j2k"]
    assert benchmarks.read_circumstances(files["circumstances"])["train"]["said"] == "no"


def test_a_table_has_a_line_a_row() -> None:
    rows = [
        Measured(name="train", result=result("train", 3.0)),
        Measured(name="train_bf16", result=None, said="no bf16"),
    ]
    _, train, absent = benchmarks.table([*rows]).splitlines()
    assert train.split()[:4] == ["train", "3.0", "2.0", "1.50x"]
    assert absent.split(maxsplit=1)[1] == "not measured: no bf16"


def test_above_one_ours_is_faster_or_smaller() -> None:
    pairs = [(1.0, 4.0), (2.0, 4.0), (100.0, 5.0)]
    found = smaller("memory", pairs, what_theirs_is="a", unit="MiB")
    assert (found["ours"], found["theirs"], found["ratio"], found["rounds"]) == (2, 4, 2, 3)
    calls: list[str] = []
    speeds = compare(
        "speed",
        ours=lambda: calls.append("ours"),
        theirs=lambda: calls.append("theirs"),
        what_theirs_is="a",
        amount_ours=10,
        rounds=2,
    )
    assert calls == ["ours", "theirs"] * 3
    assert speeds["ratio"] == pytest.approx(speeds["ours"] / speeds["theirs"], rel=0.01)
    assert alone("fidelity", 0.5, unit="gray levels", rounds=1)["ratio"] is None
