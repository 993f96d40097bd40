"""The tables that say why a gap is there: `waterfall`, `verdict`, `local_patients` and `class_mix`.

They are of ensembles and brought models, under the policies of the primary comparison, of all images.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import duckdb
import numpy as np
import pandas as pd

from cxr_core import files
from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import MANY_CLASSES
from cxr_core.experiment import Experiment
from cxr_core.pipeline import evaluation_tasks
from cxr_core.pipeline.causes import causes
from cxr_core.pipeline.compared_files import PairFiles, pairs
from cxr_core.pipeline.compared_tests import ComparedTests
from cxr_core.pipeline.evaluation_tasks import EvaluationInputs
from cxr_core.pipeline.primary import Primary
from cxr_core.pipeline.waterfall_rows import Row, waterfall_rows
from cxr_core.pipeline.workers import run_tasks
from cxr_core.pipeline.youden_rows import rows_by_youden
from cxr_core.shift import class_mix, local_patients
from cxr_core.shift.answers import SiteAnswers
from cxr_core.store import write
from cxr_core.tasks import Executor

Part = Literal["waterfall", "class_mix", "local_patients"]


@dataclass(frozen=True, kw_only=True)
class GapTask:
    """Compute the rows of one table for one pair of tests.

    Attributes:
        part: Which table.
        pair: The tests.
        classes: What the run's classes are called.
        seed: The run's.
        replicates: Of the bootstrap.
        folder: Where the rows go.
    """

    part: Part
    pair: PairFiles
    classes: tuple[str, ...]
    seed: int
    replicates: int
    folder: Path

    @property
    def out(self) -> Path:
        """The file that is there when the task is done; its name follows from all that the rows depend on."""
        given = (self.part, self.pair.fingerprint(), self.classes, self.seed, self.replicates)
        return self.folder / f"{files.fingerprint(given)}.rows"


def append(
    connection: duckdb.DuckDBPyConnection,
    inputs: EvaluationInputs,
    measured: Sequence[Measured],
    *,
    primary: Primary,
    classes: Sequence[str],
    experiment: Experiment,
    executor: Executor,
) -> None:
    """Takes every gap apart and appends the rows.

    Args:
        connection: The new results file.
        inputs: The datasets, and what each model made of each, from `operating_points.add`.
        measured: Every metric of them.
        primary: Under its policies gaps are taken apart.
        classes: What the run's classes are called.
        experiment: The run's settings.
        executor: Where tasks run.
    """
    found = list(pairs(connection, inputs, primary=primary, classes=classes))
    tasks = {
        (pair.model_id, *pair.datasets, part): GapTask(
            part=part,
            pair=pair,
            classes=tuple(classes),
            seed=experiment.seed,
            replicates=experiment.replicates,
            folder=inputs.folder,
        )
        for pair in found
        for part in get_args(Part)
    }
    run_tasks(
        list(tasks.values()),
        perform,
        kind="gap",
        device=None,
        executor=inputs.place(executor, replicates=experiment.replicates),
    )
    evaluation_tasks.drawn_site.cache_clear()
    for pair in found:
        of_pair = {part: tasks[pair.model_id, *pair.datasets, part].out for part in get_args(Part)}
        terms, verdicts = rows_by_youden(pair, measured, classes=classes)
        _append(connection, "waterfall", [*evaluation_tasks.read(of_pair["waterfall"]), *terms])
        _append(connection, "class_mix", evaluation_tasks.read(of_pair["class_mix"]))
        _append(connection, "verdict", verdicts)
        _append(connection, "local_patients", evaluation_tasks.read(of_pair["local_patients"]))


def perform(task: GapTask) -> Path:
    """Computes the rows, and writes them.

    Args:
        task: Which.
    """
    if not task.out.exists():
        pair = task.pair.read(seed=task.seed, replicates=task.replicates)
        evaluation_tasks.write(task.out, list(_rows(task, pair)))
    return task.out


def _rows(task: GapTask, pair: ComparedTests) -> Iterator[Row]:
    if task.part == "waterfall":
        found = causes(pair.internal.site, pair.external.site)
        return waterfall_rows(pair, found, classes=task.classes, seed=task.seed)
    if task.part == "class_mix":
        return _class_mix(pair, classes=task.classes)
    return _local_patients(pair, task.pair.youden, classes=task.classes, seed=task.seed)


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        write.append(connection, table, pd.DataFrame(rows))


def _class_mix(pair: ComparedTests, *, classes: Sequence[str]) -> Iterator[Row]:
    if len(classes) > MANY_CLASSES and pair.internal.one.outputs == "sigmoid":
        return
    if pair.internal.one.outputs == "softmax":
        sides = [each.of_classes()[0] for each in (pair.known, pair.internal, pair.external)]
        yield from _mixes(pair, sides, dict(enumerate(classes)))
    else:
        for index, name in enumerate(classes):
            sides = [each.of_finding(index)[0] for each in (pair.known, pair.internal, pair.external)]
            yield from _mixes(pair, sides, {1: name})


def _mixes(pair: ComparedTests, sides: Sequence[SiteAnswers], names: Mapping[int, str]) -> Iterator[Row]:
    known, internal, external = sides
    if not (known.classes.size and internal.classes.size and external.classes.size):
        return
    found = class_mix.estimate(known, external.scores, clusters=external.clusters)
    if found is None:
        return
    for index, name in names.items():
        yield pair.place | {
            "finding": name,
            "internal": float((internal.classes == index).mean()),
            "external": float((external.classes == index).mean()),
            "estimated": float(np.clip(found.shares[index], 0, 1)),
            "distance": found.distance,
        }


def _local_patients(
    pair: ComparedTests, carried: Mapping[str, float], *, classes: Sequence[str], seed: int
) -> Iterator[Row]:
    side = pair.external
    place = {"model_id": pair.model_id, "dataset": side.site.dataset, "policy": side.policy}
    if side.one.outputs == "softmax":
        external, _ = side.of_classes()
        for gain in local_patients.of_refit(external, seed=seed):
            yield place | {"finding": None} | asdict(gain)
        return
    for index, name in enumerate(classes if len(classes) <= MANY_CLASSES else ()):
        external, kept = side.of_finding(index)
        if name not in carried or np.unique(external.classes).size < 2:
            continue
        for gain in local_patients.of_threshold(
            side.one.scores[kept, index],
            external.classes == 1,
            clusters=external.clusters,
            carried=carried[name],
            seed=seed,
        ):
            yield place | {"finding": name} | asdict(gain)
