"""Evaluation in tasks: every model on every dataset under every policy, from files of arrays to one file of numbers."""

import functools
import hashlib
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from cxr_core import files
from cxr_core.evaluation import measure
from cxr_core.evaluation.folds import averaged
from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.experiment import Experiment
from cxr_core.pipeline.workers import run_tasks
from cxr_core.progress.meter import Meter
from cxr_core.statistics.resampling import MANY, Resamples, resample
from cxr_core.tasks import Executor, Local

_REPLICATES_BYTES = 2 * 2**30
"""What all processes of this machine together may take for replicates, unless one alone takes more."""


@dataclass(frozen=True, kw_only=True)
class EvaluationInputs:
    """What is evaluated, in files that every machine sees.

    Attributes:
        folder: Where they lie, kept until the run is sealed.
        sites: The datasets.
        scored: What each model made of each.
        site_files: By dataset.
        scored_files: By model and dataset.
    """

    folder: Path
    sites: Sequence[Site]
    scored: Sequence[Scored]
    site_files: Mapping[str, Path]
    scored_files: Mapping[tuple[str, str], Path]

    @classmethod
    def written(cls, folder: Path, sites: Sequence[Site], scored: Sequence[Scored]) -> "EvaluationInputs":
        """Writes what is evaluated.

        Args:
            folder: Where to.
            sites: The datasets.
            scored: What each model made of each.
        """
        return cls(
            folder=folder,
            sites=sites,
            scored=scored,
            site_files={site.dataset: _kept(folder, site) for site in sites},
            scored_files={(one.model_id, one.dataset): _kept(folder, one) for one in scored},
        )

    def place(self, executor: Executor, *, replicates: int) -> Executor:
        """Where tasks run: on this machine in no more processes than there is memory for, each with its replicates.

        Args:
            executor: Where they would run.
            replicates: Of the bootstrap.
        """
        if not isinstance(executor, Local):
            return executor
        patients = max((np.unique(site.patients).size for site in self.sites), default=0)
        size = 2 * patients * (1 + replicates) * (4 if patients <= MANY else 1)  # of two sites, as `resample` has them
        return Local(workers=min(executor.workers, max(1, _REPLICATES_BYTES // max(1, size))))


@dataclass(frozen=True, kw_only=True)
class MeasureTask:
    """Measure one model on one dataset under one policy.

    Attributes:
        site: The file of the dataset.
        scored: The file of what the model made of it.
        policy: One of the dataset's.
        classes: What the run's classes are called.
        seed: The run's.
        replicates: Of the bootstrap.
        folder: Where the numbers go.
    """

    site: Path
    scored: Path
    policy: str
    classes: tuple[str, ...]
    seed: int
    replicates: int
    folder: Path

    @property
    def out(self) -> Path:
        """The file that is there when the task is done; its name follows from all that the numbers depend on."""
        given = (self.site.name, self.scored.name, self.policy, self.classes, self.seed, self.replicates)
        return self.folder / f"{files.fingerprint(given)}.measured"


def perform(task: MeasureTask) -> Path:
    """Measures, and writes what was found.

    Args:
        task: What to measure.
    """
    if not task.out.exists():
        one: Scored = read(task.scored)
        site, drawn = drawn_site(task.site, seed=task.seed, replicates=task.replicates if one.is_ensemble else 0)
        found = tuple(measure.under(task.policy, site=site, one=one, resamples=drawn, classes=task.classes))
        write(task.out, [_without_idle_replicates(group) for group in found])
    return task.out


def measured(
    inputs: EvaluationInputs, *, classes: Sequence[str], experiment: Experiment, executor: Executor, meter: Meter
) -> tuple[Measured, ...]:
    """What `measure.measure` gives, measured in tasks.

    Args:
        inputs: What is evaluated.
        classes: What the run's classes are called.
        experiment: The run's settings.
        executor: Where tasks run.
        meter: Told how many tasks there are, and of each that is done.
    """
    measure.check(inputs.sites, inputs.scored, n_classes=len(classes))
    tasks = [
        MeasureTask(
            site=inputs.site_files[site.dataset],
            scored=inputs.scored_files[one.model_id, one.dataset],
            policy=policy,
            classes=tuple(classes),
            seed=experiment.seed,
            replicates=experiment.replicates,
            folder=inputs.folder,
        )
        for site in sorted(inputs.sites, key=lambda site: site.dataset)
        for one in sorted(inputs.scored, key=lambda one: one.model_id)
        if one.dataset == site.dataset
        for policy in sorted(site.references)
    ]
    meter.expect(len(tasks))
    place = inputs.place(executor, replicates=experiment.replicates)
    for batch in _batches(tasks, is_here=isinstance(place, Local) and place.workers <= 1):
        run_tasks(batch, perform, kind="evaluate", device=None, executor=place, on_done=lambda _: meter.advance())
        drawn_site.cache_clear()
    groups: list[Measured] = []
    for _, file in sorted(inputs.site_files.items()):
        groups.extend(averaged([group for task in tasks if task.site == file for group in read(task.out)]))
    return tuple(groups)


def _batches(tasks: Sequence[MeasureTask], *, is_here: bool) -> list[list[MeasureTask]]:
    """All at once; in this process a dataset at a time, whose replicates then make room for the next one's."""
    if not is_here:
        return [list(tasks)]
    return [[task for task in tasks if task.site == site] for site in dict.fromkeys(task.site for task in tasks)]


def _without_idle_replicates(group: Measured) -> Measured:
    """Replicates, most of a file, serve gaps and means over folds: what is no test and no fold's has neither."""
    if group.fold_of is not None or group.role not in ("train", "validation"):
        return group
    none = np.empty(0, np.float32)
    return replace(group, estimates=tuple(replace(each, replicates=none) for each in group.estimates))


@functools.lru_cache(maxsize=2)
def drawn_site(file: Path, *, seed: int, replicates: int) -> tuple[Site, Resamples]:
    """A dataset and its replicates; the last ones are kept, since the tasks of one dataset follow each other.

    Args:
        file: Of the dataset.
        seed: The run's.
        replicates: Of the bootstrap.
    """
    site: Site = read(file)
    return site, resample(site.patients, seed=seed, dataset=site.dataset, replicates=replicates)


def write(path: Path, value: object) -> None:
    """Writes a value whole, for `read` of the same program.

    Args:
        path: Where to.
        value: What can be pickled.
    """
    files.write(path, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


def read(path: Path) -> Any:  # noqa: ANN401 -- whatever was written
    """What `write` wrote, in the run's own folder.

    Args:
        path: Where.
    """
    return pickle.loads(path.read_bytes())  # noqa: S301 -- written by this program in a folder of its own


def _kept(folder: Path, value: object) -> Path:
    """Writes a value under a name that follows from its content; if it is there, it is not written again."""
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.arrays"
    if not path.exists():
        files.write(path, content)
    return path
