"""The tables that say why a gap is there: `waterfall`, `verdict`, `local_patients` and `class_mix`.

They are of ensembles and brought models, under the policies of the primary comparison, of all images.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

import duckdb
import numpy as np
import pandas as pd

from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import MANY_CLASSES, Scored, Site
from cxr_core.experiment import Experiment
from cxr_core.pipeline.causes import causes
from cxr_core.pipeline.compared_tests import ComparedTests, compared_tests, thresholds_of
from cxr_core.pipeline.primary import Primary
from cxr_core.pipeline.waterfall_rows import Row, waterfall_rows
from cxr_core.pipeline.youden_rows import rows_by_youden
from cxr_core.shift import class_mix, local_patients
from cxr_core.shift.answers import SiteAnswers
from cxr_core.store import write


def append(
    connection: duckdb.DuckDBPyConnection,
    sites: Sequence[Site],
    scored: Sequence[Scored],
    measured: Sequence[Measured],
    *,
    primary: Primary,
    classes: Sequence[str],
    experiment: Experiment,
) -> None:
    """Takes every gap apart and appends the rows.

    Args:
        connection: The new results file.
        sites: The datasets.
        scored: From `operating_points.add`.
        measured: Every metric of them.
        primary: Under its policies gaps are taken apart.
        classes: What the run's classes are called.
        experiment: The run's settings.
    """
    seed = experiment.seed
    for pair in compared_tests(connection, sites, scored, primary=primary, classes=classes, experiment=experiment):
        found = causes(pair.internal.site, pair.external.site)
        _append(connection, "waterfall", [*waterfall_rows(pair, found, classes=classes, seed=seed)])
        _append(connection, "class_mix", [*_class_mix(pair, classes=classes)])
        terms, verdicts = rows_by_youden(pair, measured, classes=classes)
        _append(connection, "waterfall", terms)
        _append(connection, "verdict", verdicts)
        thresholds = thresholds_of(connection, pair.model_id, operating_point="youden")
        _append(connection, "local_patients", [*_local_patients(pair, thresholds, classes=classes, seed=seed)])


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
