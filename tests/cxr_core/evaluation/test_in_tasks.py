"""Measured in tasks, the numbers are those that are measured at once; what was measured is not measured again."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_core.evaluation import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.experiment import Experiment
from cxr_core.findings import FINDINGS
from cxr_core.pipeline import evaluation_tasks
from cxr_core.pipeline.evaluation_tasks import EvaluationInputs
from cxr_core.progress.meter import SILENT
from cxr_core.tasks import Local

SETTINGS = Experiment(replicates=100)


def in_tasks(inputs, *, workers=0):
    return evaluation_tasks.measured(
        inputs, classes=FINDINGS, experiment=SETTINGS, executor=Local(workers=workers), meter=SILENT
    )


@pytest.fixture
def inputs(tmp_path, sites, scored):
    return EvaluationInputs.written(tmp_path, sites, scored)


@pytest.mark.parametrize("workers", [0, 2])
def test_the_numbers_are_those_that_are_measured_at_once(inputs, workers):
    at_once = measure.measure(inputs.sites, inputs.scored, classes=FINDINGS, seed=0, replicates=100)
    found = in_tasks(inputs, workers=workers)
    for rows in (metric_rows, gap_rows):
        expected = rows(at_once)
        assert len(expected) > 100
        assert rows(found).to_csv() == expected.to_csv()


def test_what_was_measured_before_a_kill_is_not_measured_again(inputs, monkeypatch):
    first = metric_rows(in_tasks(inputs))
    monkeypatch.setattr(evaluation_tasks.measure, "under", lambda *_, **__: pytest.fail("measured again"))
    assert metric_rows(in_tasks(inputs)).equals(first)


def test_other_answers_are_other_files_and_are_measured(tmp_path, inputs):
    first = in_tasks(inputs)
    one = inputs.scored[0]
    turned = replace(one, probability=np.roll(one.scores, 1, axis=1))
    again = EvaluationInputs.written(tmp_path, inputs.sites, [turned, *inputs.scored[1:]])
    key = one.model_id, one.dataset
    assert again.scored_files[key] != inputs.scored_files[key]
    assert again.site_files == inputs.site_files
    assert not metric_rows(in_tasks(again)).equals(metric_rows(first))


def test_replicates_are_held_by_no_more_processes_than_there_is_memory_for(inputs, monkeypatch):
    def workers(patients_at_once):
        size = max(np.unique(site.patients).size for site in inputs.sites) * 101 * 4
        monkeypatch.setattr(evaluation_tasks, "_REPLICATES_BYTES", 2 * size * patients_at_once)
        return inputs.place(Local(workers=8), replicates=100).workers

    assert [workers(each) for each in (0.5, 1, 3, 100)] == [1, 1, 3, 8]


def test_in_one_process_one_site_is_drawn_after_the_other(inputs, monkeypatch):
    held = []
    real = evaluation_tasks.measure.under

    def looked(policy, **named):
        held.append((named["site"].dataset, evaluation_tasks.drawn_site.cache_info().currsize))
        return real(policy, **named)

    monkeypatch.setattr(evaluation_tasks.measure, "under", looked)
    in_tasks(inputs)

    datasets = [dataset for dataset, _ in held]
    assert datasets == sorted(datasets)
    assert held[datasets.index("home")][1] == 1  # those of the site before are gone
