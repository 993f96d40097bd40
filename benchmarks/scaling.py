"""How time and memory grow: each stage of a run at 1, 4 and 16 times a size, each in a process of its own.

`ours` is at 16 times, `theirs` is ours at once: above 1, an image costs less where there are more.
"""

import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.memory import Watched, watched
from benchmarks.stages import STAGE_OF, Stage
from benchmarks.timing import ROUNDS, Measured, Result

TIMES = (1, 4, 16)
_PREFIX, _MEMORY = "scaling_", "_memory"


def measure(names: Sequence[str]) -> Iterator[Measured]:
    for name, stage in STAGE_OF.items():
        wanted = [row for row in (f"{_PREFIX}{name}", f"{_PREFIX}{name}{_MEMORY}") if row in names]
        if wanted:
            with tempfile.TemporaryDirectory() as folder:
                found = watch(stage, folder=Path(folder), least=stage.least)
            yield from (row for row in rows(name, stage, found, least=stage.least) if row.name in wanted)


def watch(
    stage: Stage, *, folder: Path, least: int, times: Sequence[int] = TIMES, rounds: int = ROUNDS
) -> Mapping[int, list[Watched]]:
    """Does a stage at each size in turn, again and again.

    Args:
        stage: Which.
        folder: An empty one.
        least: The least size.
        times: Multiples of it.
        rounds: How often.
    """
    places = {each: folder / str(each) for each in times}
    for each, place in places.items():
        place.mkdir()
        watched(partial, stage.prepare, place, each * least)
    found: dict[int, list[Watched]] = {each: [] for each in times}
    for _ in range(rounds):
        for each, place in places.items():
            found[each].append(watched(stage.work, place, each * least))
    return found


def rows(name: str, stage: Stage, found: Mapping[int, list[Watched]], *, least: int) -> Iterator[Measured]:
    """Time an image, then memory; all sizes are told.

    Args:
        name: Of the stage.
        stage: The stage.
        found: As `watch` gives it.
        least: The least size.
    """
    first, last = min(found), max(found)
    each_us = {
        times: 1e6 * statistics.median(one.seconds for one in several) / (times * least)
        for times, several in found.items()
    }
    peak = {times: statistics.median(one.peak_mib for one in several) for times, several in found.items()}
    for row, values, unit in (
        (f"{_PREFIX}{name}", each_us, f"µs/{stage.unit}"),
        (f"{_PREFIX}{name}{_MEMORY}", peak, "MiB"),
    ):
        result = Result(
            name=row,
            ours=round(values[last], 2),
            theirs=round(values[first], 2),
            what_theirs_is=f"ours with {least:,} instead of {last * least:,}",
            unit=unit,
            ratio=round(values[first] / values[last], 2),
            rounds=len(found[first]),
        )
        yield Measured(
            name=row,
            result=result,
            said=", ".join(f"{times * least:,}: {value:,.1f} {unit}" for times, value in values.items()),
        )
