"""Runs in the results folder, and the choices in each."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cxr_core.errors import StoreError
from cxr_core.store.runs import RESULTS_FILE, FoundRun, list_runs, look_into
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, copies_folder
from dashboard.words import NO_FINDING

_DATASETS = """
    WITH shown AS (
        SELECT site, dataset, policy, is_default, training_policy, bool_or(role = 'internal_test') AS is_internal
        FROM metric JOIN dataset USING (dataset) JOIN policy USING (dataset, policy)
            JOIN model USING (model_id)
        WHERE stratum = 'all' AND n > 0 AND (outputs, task, metric, coalesce(operating_point, '')) IN (
            ('softmax', 'single_class', 'accuracy', ''),
            ('sigmoid', 'finding', 'auroc', ''),
            ('sigmoid', 'finding', 'recall', 'stated')
        )
        GROUP BY ALL
    )
    SELECT site, dataset, policy FROM shown
    WHERE site = 'external' OR is_internal OR NOT EXISTS (FROM shown WHERE is_internal)
    ORDER BY training_policy IS NULL, dataset, (policy = training_policy) IS NOT TRUE, NOT is_default, policy
"""

_MODELS = """
    SELECT model_id, origin = 'brought' FROM model
    WHERE member IS NULL AND (model_id = regime OR origin = 'brought')
    ORDER BY (regime = 'full') IS TRUE, 1
"""

_TRAINED_ON = """
    SELECT count(*) > 0 FROM prediction
    WHERE model_id = $model AND dataset = $dataset AND role = 'train'
        AND NOT EXISTS (FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role)
"""


@dataclass(frozen=True, kw_only=True)
class DatasetChoice:
    """A dataset with numbers of a role.

    Attributes:
        dataset: Its name in the run.
        policies: The policies that it has numbers under, the one to show first in front.
    """

    dataset: str
    policies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the pickers offer in one run, the first of each shown first.

    Attributes:
        models: Ids of the ensembles, one a regime, and of models that were brought.
        internal: Source datasets; empty if the run has none.
        external: External datasets; empty if the run has none.
        brought: The models that were brought.
    """

    models: tuple[str, ...]
    internal: tuple[DatasetChoice, ...]
    external: tuple[DatasetChoice, ...]
    brought: frozenset[str] = frozenset()

    @property
    def has_tested_model(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.models and (self.internal or self.external))


def results_folder() -> Path:
    """Where runs are looked for: ``SECOND_SITE_RESULTS``, or ``results`` in the working directory."""
    return Path(os.environ.get("SECOND_SITE_RESULTS") or "results").absolute()


def found_runs() -> tuple[FoundRun, ...]:
    """Every run in the results folder, the newest first; one that did not change is not opened again."""
    return list_runs(results_folder(), look=_look)


def run_key(run: FoundRun) -> RunKey:
    """The key of a complete run.

    Raises:
        StoreError: If its file was taken away after it was found.
    """
    try:
        changed_ns, *version = _version(run.path)
    except OSError as error:
        raise StoreError(
            f"The results of {run.name} were there a moment ago and are gone. Load the page again."
        ) from error
    return RunKey(name=run.name, path=str(run.path), changed_ns=changed_ns, version=tuple(version))


@st.cache_data(max_entries=32, show_spinner=False)
def choices(run: RunKey) -> Choices:
    """What can be chosen in a run."""
    models = ask(run, _MODELS)
    datasets = ask(run, _DATASETS)
    return Choices(
        models=tuple(str(model) for model, _ in models),
        brought=frozenset(str(model) for model, is_brought in models if is_brought),
        internal=_choices_of("source", datasets),
        external=_choices_of("external", datasets),
    )


@st.cache_data(max_entries=32, show_spinner=False)
def classes(run: RunKey) -> tuple[str, ...]:
    """The run's classes, in the order of the outputs."""
    return tuple(str(name) for (name,) in ask(run, "SELECT name FROM finding ORDER BY index"))


@st.cache_data(max_entries=32, show_spinner=False)
def synthetic(run: RunKey) -> frozenset[str]:
    """The run's datasets whose images a computer drew."""
    return frozenset(str(name) for (name,) in ask(run, "SELECT dataset FROM dataset WHERE synthetic"))


@st.cache_data(max_entries=32, show_spinner=False)
def studies(run: RunKey) -> frozenset[str]:
    """The run's datasets that are counted in studies, not in images."""
    return frozenset(str(name) for (name,) in ask(run, "SELECT dataset FROM dataset WHERE unit = 'study'"))


@st.cache_data(max_entries=32, show_spinner=False)
def without_patients(run: RunKey) -> frozenset[str]:
    """The run's datasets of which no patient is recorded."""
    sql = "SELECT dataset FROM image GROUP BY dataset HAVING count(patient_id) = 0"
    return frozenset(str(name) for (name,) in ask(run, sql))


@st.cache_data(max_entries=32, show_spinner=False)
def by_study(run: RunKey) -> frozenset[str]:
    """The run's datasets of which no patient is recorded, but studies are."""
    sql = "SELECT dataset FROM image GROUP BY dataset HAVING count(patient_id) = 0 AND count(study_id) > 0"
    return frozenset(str(name) for (name,) in ask(run, sql))


@st.cache_data(max_entries=32, show_spinner=False)
def notes(run: RunKey) -> tuple[str, ...]:
    """What a reader of a run's numbers must know, a sentence each, as the run wrote it."""
    return tuple(str(note) for (note,) in ask(run, "SELECT unnest(notes) FROM run"))


@st.cache_data(max_entries=64, show_spinner=False)
def policies(run: RunKey, *, dataset: str) -> dict[str, str]:
    """From each label policy of a dataset to what it does, its default first."""
    sql = "SELECT policy, description FROM policy WHERE dataset = $dataset ORDER BY NOT is_default, policy"
    return {str(policy): str(rule) for policy, rule in ask(run, sql, {"dataset": dataset})}


def class_order(run: RunKey) -> Callable[[str], int]:
    """Where a class of a run stands in the order of its outputs; one that is none of them comes last."""
    places = {finding: index for index, finding in enumerate(classes(run))}
    return lambda finding: places.get(finding, len(places))


def located(run: RunKey) -> tuple[str, ...]:
    """The run's classes that lie somewhere: all but No Finding, which a run need not have."""
    return tuple(finding for finding in classes(run) if finding != NO_FINDING)


def _choices_of(site: str, rows: Sequence[tuple[Value, ...]]) -> tuple[DatasetChoice, ...]:
    policies: dict[str, tuple[str, ...]] = {}
    for own_site, dataset, policy in rows:
        if own_site == site:
            policies[str(dataset)] = (*policies.get(str(dataset), ()), str(policy))
    return tuple(DatasetChoice(dataset=dataset, policies=names) for dataset, names in policies.items())


def _look(folder: Path) -> FoundRun:
    path = folder / RESULTS_FILE
    version = _version(path if path.is_file() else folder)
    run = _remembered(str(folder), version)
    return run if run.is_lasting else look_into(folder, copies=copies_folder())


def _version(path: Path) -> tuple[int, ...]:
    """What changes when a file does, the time of its content first."""
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


@st.cache_data(max_entries=1000, show_spinner=False)
def _remembered(
    folder: str,
    version: tuple[int, ...],  # noqa: ARG001 (part of the cache key; a leading _ would take it out)
) -> FoundRun:
    return look_into(Path(folder), copies=copies_folder())


@st.cache_data(max_entries=64, show_spinner=False)
def was_trained_on(run: RunKey, test: TestSet) -> bool:
    """Whether a model has no such test because the dataset's images are those that it was trained on."""
    parameters = {"model": test.model, "dataset": test.dataset, "role": test.role}
    ((trained_on,),) = ask(run, _TRAINED_ON, parameters)
    return bool(trained_on)
