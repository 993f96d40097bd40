"""The tables that say why a gap is there: `waterfall`, `verdict`, `local_patients` and `class_mix`.

They are of ensembles and brought models, under the policies of the primary comparison, of all images.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.flags import STATED
from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import MANY_CLASSES, Scored, Site
from cxr_core.experiment import Experiment
from cxr_core.manifest import Reference
from cxr_core.pipeline import operating_points
from cxr_core.pipeline.causes import Cause, causes
from cxr_core.pipeline.primary import Primary
from cxr_core.roles import local_model
from cxr_core.settings import PRESENT_FROM, Role
from cxr_core.shift import answers, class_mix, local_patients, verdict, waterfall
from cxr_core.shift.answers import SiteAnswers
from cxr_core.shift.waterfall import Scale, Waterfall
from cxr_core.statistics import intervals
from cxr_core.statistics.resampling import Resamples, resample
from cxr_core.store import write

Row = dict[str, object]
Values = npt.NDArray[np.float64]

SCALES: tuple[Scale, ...] = ("balanced_accuracy", "accuracy")


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One test of a model: a site's images in a role, under the primary policy."""

    site: Site
    one: Scored
    role: Role
    policy: str
    draw: Callable[[], Resamples]
    stated: Values

    @property
    def reference(self) -> Reference:
        return self.site.references[self.policy]

    @property
    def resamples(self) -> Resamples:
        return self.draw()

    def of_classes(self) -> tuple[SiteAnswers, npt.NDArray[np.bool_]]:
        """The images with a single class, and which they are."""
        kept = np.asarray((self.one.role == self.role) & (self.reference.classes >= 0), dtype=np.bool_)
        found = answers.of_classes(
            self.one.scores[kept],
            classes=self.reference.classes[kept],
            clusters=self.resamples.clusters[kept],
            weights=self.resamples.weights,
        )
        return found, kept

    def of_finding(self, index: int) -> tuple[SiteAnswers, npt.NDArray[np.bool_]]:
        """The images where presence of a finding is known, and which they are."""
        present, score = self.reference.present[:, index], self.one.scores[:, index]
        kept = np.asarray((self.one.role == self.role) & np.isfinite(present) & np.isfinite(score), dtype=np.bool_)
        found = answers.of_finding(
            score[kept],
            present=present[kept] == 1,
            threshold=float(self.stated[index]),
            clusters=self.resamples.clusters[kept],
            weights=self.resamples.weights,
        )
        return found, kept


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """An internal and an external test of one model, and the images of known classes that calibrate it."""

    model_id: str
    internal: _Side
    external: _Side
    known: _Side

    @property
    def place(self) -> Row:
        return {
            "model_id": self.model_id,
            "internal_dataset": self.internal.site.dataset,
            "internal_policy": self.internal.policy,
            "external_dataset": self.external.site.dataset,
            "external_policy": self.external.policy,
        }


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
    for pair in _pairs(connection, sites, scored, primary=primary, classes=classes, experiment=experiment):
        found = causes(pair.internal.site, pair.external.site)
        _append(connection, "waterfall", [*_waterfalls(pair, found, classes=classes, seed=seed)])
        _append(connection, "class_mix", [*_class_mix(pair, classes=classes)])
        terms, verdicts = _by_youden(pair, measured, classes=classes)
        _append(connection, "waterfall", terms)
        _append(connection, "verdict", verdicts)
        thresholds = _thresholds(connection, pair.model_id, operating_point="youden")
        _append(connection, "local_patients", [*_local_patients(pair, thresholds, classes=classes, seed=seed)])


def _append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    if rows:
        write.append(connection, table, pd.DataFrame(rows))


def _pairs(
    connection: duckdb.DuckDBPyConnection,
    sites: Sequence[Site],
    scored: Sequence[Scored],
    *,
    primary: Primary,
    classes: Sequence[str],
    experiment: Experiment,
) -> Iterator[_Pair]:
    by_name = {site.dataset: site for site in sites}
    named = {(one.model_id, one.dataset): one for one in scored}

    @functools.cache  # Of a large site a gigabyte: drawn where it is needed, and once.
    def drawn(dataset: str) -> Resamples:
        patients = by_name[dataset].patients
        return resample(patients, seed=experiment.seed, dataset=dataset, replicates=experiment.replicates)

    def side(model_id: str, dataset: str, role: Role) -> _Side:
        stated = _thresholds(connection, model_id, operating_point=STATED)
        return _Side(
            site=by_name[dataset],
            one=named[model_id, dataset],
            role=role,
            policy=primary.policies[dataset],
            draw=functools.partial(drawn, dataset),
            stated=np.array([stated.get(name, PRESENT_FROM) for name in classes]),
        )

    for model_id in operating_points.judged(scored):
        validation = [one for one in scored if one.model_id == model_id and (one.role == "validation").any()]
        for internal, external in primary.pairs:
            if not all((model_id, dataset) in named for dataset in (internal, external)):
                continue
            inner, outer = side(model_id, internal, "internal_test"), side(model_id, external, "external_test")
            if (inner.one.role == inner.role).any() and (outer.one.role == outer.role).any():
                known = side(model_id, validation[0].dataset, "validation") if validation else inner
                yield _Pair(model_id=model_id, internal=inner, external=outer, known=known)


def _waterfalls(pair: _Pair, found: Mapping[str, Cause], *, classes: Sequence[str], seed: int) -> Iterator[Row]:
    """The waterfalls of all classes together, or of each finding where they are few."""
    if pair.internal.one.outputs == "softmax":
        yield from _by_cause(pair, None, found, seed=seed)
    elif len(classes) <= MANY_CLASSES:
        for index, name in enumerate(classes):
            for row in _by_cause(pair, index, found, seed=seed):
                yield row | {"finding": name}


def _by_cause(pair: _Pair, index: int | None, found: Mapping[str, Cause], *, seed: int) -> Iterator[Row]:
    internal, inside = pair.internal.of_classes() if index is None else pair.internal.of_finding(index)
    external, outside = pair.external.of_classes() if index is None else pair.external.of_finding(index)
    for name, cause in found.items():
        shared = cause.shared(inside=inside, outside=outside)
        if name != "view" and (shared is None or shared.all()):
            continue
        for scale in SCALES:
            one = waterfall.waterfall(internal, external, scale=scale, cause=shared, seed=seed)
            if one is not None:
                yield from (pair.place | {"finding": None, "cause": name} | row for row in _rows(one))


def _rows(one: Waterfall) -> Iterator[Row]:
    place = {"scale": one.scale}
    yield place | _row("gap", "gap", one.gap)
    for name, term in one.terms.items():
        yield place | _row("term", name, term, reason=one.reason)
    for name, level in one.levels.items():
        yield place | _row("level", name, level)
    yield place | _row("other_order", "class_mix", one.other_order)


def _row(part: str, name: str, values: Values | None, *, reason: str | None = None) -> Row:
    if values is None:
        return {"part": part, "name": name, "value": math.nan, "low": math.nan, "high": math.nan, "reason": reason}
    interval = intervals.percentile(values[1:])
    return {
        "part": part, "name": name, "value": float(values[0]), "low": interval.low, "high": interval.high,
        "reason": None,
    }  # fmt: skip


def _by_youden(pair: _Pair, measured: Sequence[Measured], *, classes: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """Each finding's Youden index taken apart, and its verdict."""
    local = local_model(pair.model_id)
    inner = _estimates(measured, pair.model_id, pair.internal, "internal_test")
    outer = _estimates(measured, pair.model_id, pair.external, "external_test")
    own = _estimates(measured, local, pair.external, "external_adapted")
    terms: list[Row] = []
    verdicts: list[Row] = []
    for index, name in enumerate(classes):
        j = [_youden(side, index) for side in (inner, outer, own)]
        auroc = [side.get(("auroc", index, None)) for side in (inner, outer)]
        if any(each is None for each in (*j, *auroc)):
            continue
        found = verdict.youden_terms(internal=_of(j[0]), carried=_of(j[1]), local=_of(j[2]))
        if not all(each is not None and each.n for each in auroc):
            continue  # One of the sites does not label it, or the model does not predict it.
        place = pair.place | {"finding": name, "scale": "youden", "cause": None}
        terms += [place | _row("gap", "gap", found.gap)]
        terms += [place | _row("term", "thresholds", found.thresholds), place | _row("term", "ranking", found.ranking)]
        first, second = auroc
        if first is not None and second is not None:
            verdicts.append(pair.place | {"finding": name} | _verdict(first, second, found.thresholds))
    return terms, verdicts


def _of(values: Values | None) -> Values:
    if values is None:
        raise ValueError("Expected sensitivity and specificity in every replicate.")
    return values


def _verdict(internal: MetricEstimate, external: MetricEstimate, thresholds: Values) -> Row:
    if internal.not_estimable or external.not_estimable:
        return {"ranking": None, "threshold": None}
    lost = intervals.difference(
        internal.value, internal.interval, second=external.value, second_interval=external.interval
    )
    interval = intervals.percentile(thresholds[1:])
    return {"ranking": verdict.ranking(lost), "threshold": verdict.threshold(float(thresholds[0]), interval)}


_Key = tuple[str, int | None, str | None]


def _estimates(measured: Iterable[Measured], model_id: str, side: _Side, role: Role) -> dict[_Key, MetricEstimate]:
    place = (model_id, side.site.dataset, role, side.policy, "finding", "all")
    groups = [
        group
        for group in measured
        if (group.model_id, group.dataset, group.role, group.policy, group.task, group.stratum) == place
    ]
    return {
        (estimate.metric, estimate.finding, estimate.operating_point): estimate
        for group in groups
        for estimate in group.estimates
    }


def _youden(found: Mapping[_Key, MetricEstimate], index: int) -> Values | None:
    """Sensitivity + specificity - 1 at the rule's threshold, shape ``(1 + r,)``."""
    both = [found.get((metric, index, "youden")) for metric in ("recall", "specificity")]
    values = [np.append(each.value, each.replicates).astype(np.float64) for each in both if each is not None]
    return values[0] + values[1] - 1 if len(values) == len(both) else None


def _class_mix(pair: _Pair, *, classes: Sequence[str]) -> Iterator[Row]:
    if len(classes) > MANY_CLASSES and pair.internal.one.outputs == "sigmoid":
        return
    if pair.internal.one.outputs == "softmax":
        sides = [each.of_classes()[0] for each in (pair.known, pair.internal, pair.external)]
        yield from _mixes(pair, sides, dict(enumerate(classes)))
    else:
        for index, name in enumerate(classes):
            sides = [each.of_finding(index)[0] for each in (pair.known, pair.internal, pair.external)]
            yield from _mixes(pair, sides, {1: name})


def _mixes(pair: _Pair, sides: Sequence[SiteAnswers], names: Mapping[int, str]) -> Iterator[Row]:
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


def _local_patients(pair: _Pair, carried: Mapping[str, float], *, classes: Sequence[str], seed: int) -> Iterator[Row]:
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


def _thresholds(connection: duckdb.DuckDBPyConnection, model_id: str, *, operating_point: str) -> dict[str, float]:
    sql = "SELECT finding, value FROM threshold WHERE model_id = ? AND operating_point = ?"
    return dict(connection.execute(sql, [model_id, operating_point]).fetchall())
