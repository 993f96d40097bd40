"""Memory and time of a process of its own, and what a stage's rows say of them."""

import time
from functools import partial
from multiprocessing import get_context

import pytest

from benchmarks.memory import Watched, watched
from benchmarks.scaling import rows
from benchmarks.stages import Stage

MIB = 2**20


def hold(mib: int) -> None:
    """Keeps so much memory for a while."""
    held = bytearray(mib * MIB)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(0.3)


def hold_in_two(mib: int) -> None:
    """The same in each of two further processes."""
    with get_context("fork").Pool(2) as pool:
        pool.map(hold, [mib, mib], chunksize=1)


def test_the_whole_tree_is_counted(monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", ".")
    from tests.benchmarks import test_memory

    one, two = (watched(partial, getattr(test_memory, name), 100) for name in ("hold", "hold_in_two"))
    assert 100 < one.peak_mib < 200
    assert 90 < two.peak_mib - one.peak_mib < 150
    assert 0.3 <= one.seconds < 3


def test_a_failure_is_none_that_goes_unseen() -> None:
    with pytest.raises(RuntimeError, match="ended with code 1"):
        watched(partial, int, "no number")


def test_rows_of_a_stage_are_by_image() -> None:
    stage = Stage(prepare=lambda *_: None, work=lambda *_: list, least=10)
    found = {
        1: [Watched(seconds=each, peak_mib=100.0) for each in (0.1, 0.2, 9.0)],
        16: [Watched(seconds=1.6, peak_mib=200.0)] * 3,
    }
    time_row, memory_row = (each.result for each in rows("cache", stage, found, least=10))
    assert time_row is not None
    assert memory_row is not None
    assert (time_row["ours"], time_row["theirs"], time_row["ratio"]) == (10_000, 20_000, 2)
    assert (memory_row["ours"], memory_row["theirs"], memory_row["ratio"]) == (200, 100, 0.5)
