"""Thresholds by rules, what they flag at each site, and what local patients make of a model: `<model>+local`.

A threshold is chosen on the validation part where there is one, else on the internal test; it is carried to the other
sites as it is. Where it is judged on the images that it was chosen on, it is chosen on the other patients' folds.
What is chosen on external patients belongs to a model of its own, in the role ``external_adapted``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.pipeline.primary import Primary
from cxr_core.roles import local_model
from cxr_core.settings import Role
from cxr_core.shift import answers, crossfit, thresholds
from cxr_core.shift.thresholds import RULES, Rule
from cxr_core.store import tables, write

FEWEST = 30
"""Images with a single class that a refit on local patients takes."""

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class _Model:
    """One model's predictions on every site, in their order."""

    scored: Sequence[Scored]
    sites: Mapping[str, Site]
    policies: Mapping[str, str]
    classes: Sequence[str]
    seed: int

    @property
    def model_id(self) -> str:
        return self.scored[0].model_id

    def with_role(self, role: Role) -> list[Scored]:
        return [one for one in self.scored if (one.role == role).any()]

    def clusters(self, one: Scored) -> npt.NDArray[np.int64]:
        return self.sites[one.dataset].patients

    def presence(self, one: Scored, role: Role) -> Floats:
        """The reference standard of the images of a role, NaN elsewhere, shape ``(n, k)``."""
        present = self.sites[one.dataset].references[self.policies[one.dataset]].present
        of_role = np.asarray(one.role == role, dtype=np.bool_)
        return np.where(of_role[:, np.newaxis], present, np.nan).astype(np.float32)


def judged(scored: Sequence[Scored]) -> list[str]:
    """The models that are judged at thresholds and taken apart: ensembles and brought models that have scores."""
    found = {one.model_id for one in scored if one.is_ensemble and one.has_gap and one.probability is not None}
    return sorted(found - {one.fold_of for one in scored})


def add(
    connection: duckdb.DuckDBPyConnection,
    sites: Sequence[Site],
    scored: Sequence[Scored],
    *,
    primary: Primary,
    classes: Sequence[str],
    seed: int,
) -> list[Scored]:
    """Chooses thresholds, and writes them and the models fitted to local patients.

    Args:
        connection: The new results file; it holds the predictions.
        sites: The datasets.
        scored: What each model made of each.
        primary: Under its policies thresholds are chosen.
        classes: What the run's classes are called.
        seed: The run's.

    Returns:
        The same predictions with flags by every rule, and those of the models fitted to local patients.
    """
    by_name = {site.dataset: site for site in sites}
    names = judged(scored)
    found = [one for one in scored if one.model_id not in names]
    for name in names:
        own = [one for one in scored if one.model_id == name]
        model = _Model(scored=own, sites=by_name, policies=primary.policies, classes=classes, seed=seed)
        found += _carried(connection, model)
        found += _local(connection, model)
    return found


def _carried(connection: duckdb.DuckDBPyConnection, model: _Model) -> list[Scored]:
    """A model's predictions with flags by thresholds that were chosen where it may be."""
    chosen: Sequence[tuple[Scored, Role]] = [(one, "validation") for one in model.with_role("validation")]
    chosen = chosen or [(one, "internal_test") for one in model.with_role("internal_test")]
    if not chosen:
        return list(model.scored)
    first, role = chosen[0]
    present = model.presence(first, role)
    values = {rule: _thresholds(first, present, rule=rule) for rule in RULES}
    for rule, of_rule in values.items():
        _write(connection, model, of_rule, rule=rule, chosen_on=(first.dataset, role), name=model.model_id)
    found = []
    for one in model.scored:
        flags: dict[str, Floats] = {rule: _flagged(one, of_rule) for rule, of_rule in values.items()}
        if role == "internal_test" and one is first:
            flags = {rule: _cross_fitted(model, one, role=role, rule=rule) for rule in RULES}
        found.append(replace(one, flagged={**one.flagged, **flags}))
    return found


def _local(connection: duckdb.DuckDBPyConnection, model: _Model) -> list[Scored]:
    """What external patients make of a model, site by site."""
    sites = model.with_role("external_test")
    adapted = [each for one in sites if (each := _adapted(model, one)) is not None]
    if not adapted:
        return []
    name = adapted[0].model_id
    row = pd.DataFrame({"model_id": [name], "outputs": model.scored[0].outputs, "origin": "adapted"})
    write.append(connection, "model", row)
    for one in sites:
        for rule in RULES:
            values = _thresholds(one, model.presence(one, "external_test"), rule=rule)
            _write(connection, model, values, rule=rule, chosen_on=(one.dataset, "external_adapted"), name=name)
    for one in (one for one in adapted if one.probability is not None):
        _write_predictions(connection, one)
    return adapted


def _adapted(model: _Model, one: Scored) -> Scored | None:
    external = np.asarray(one.role == "external_test", dtype=np.bool_)
    flags: dict[str, Floats] = {rule: _cross_fitted(model, one, role="external_test", rule=rule) for rule in RULES}
    probability = _refitted(model, one, external) if one.outputs == "softmax" else None
    if probability is None and not any(np.isfinite(each).any() for each in flags.values()):
        return None
    predicted = np.full(one.role.size, -1, np.int8)
    if probability is not None:
        predicted[external] = probability[external].argmax(axis=1)
    return replace(
        one,
        model_id=local_model(one.model_id),
        role=np.where(external, "external_adapted", "").astype(object),
        probability=probability,
        predicted=predicted,
        outputs=one.outputs if probability is not None else "sigmoid",
        has_gap=False,
        flagged=flags,
    )


def _refitted(model: _Model, one: Scored, external: Bools) -> Floats | None:
    """Probabilities after a refit on other patients of the site; None with too few of them."""
    classes = model.sites[one.dataset].references[model.policies[one.dataset]].classes[external]
    if one.probability is None or (classes >= 0).sum() < FEWEST:
        return None
    found = np.full(one.probability.shape, np.nan, np.float32)
    found[external] = crossfit.mean_probability(
        answers.log_probability(one.probability[external]),
        classes=classes.astype(np.int64),
        clusters=model.clusters(one)[external],
        seed=model.seed,
    )
    return found


def _thresholds(one: Scored, present: Floats, *, rule: Rule) -> list[float]:
    """Of each finding; NaN where there is nothing to choose by."""
    found = []
    for score, known in zip(one.scores.T, present.T, strict=True):
        kept = np.isfinite(score) & np.isfinite(known)
        found.append(thresholds.choose(score[kept], known[kept] == 1, rule=rule))
    return found


def _flagged(one: Scored, values: Sequence[float]) -> Floats:
    scores, given = one.scores, np.array(values, dtype=np.float32)
    said = np.isfinite(scores) & np.isfinite(given) & (one.role != "train")[:, np.newaxis]
    return np.where(said, scores >= given, np.nan).astype(np.float32)


def _cross_fitted(model: _Model, one: Scored, *, role: Role, rule: Rule) -> Floats:
    """Flags of the images of a role, by thresholds that were chosen on its other patients."""
    of_role, present = np.asarray(one.role == role, dtype=np.bool_), model.presence(one, role)
    found = np.full(present.shape, np.nan, np.float32)
    for index, score in enumerate(one.scores.T):
        kept = of_role & np.isfinite(score)
        if kept.any():
            found[kept, index] = thresholds.cross_fitted(
                score[kept], present[kept, index], clusters=model.clusters(one)[kept], rule=rule, seed=model.seed
            )
    return found


def _write(
    connection: duckdb.DuckDBPyConnection,
    model: _Model,
    values: Sequence[float],
    *,
    rule: Rule,
    chosen_on: tuple[str, str],
    name: str,
) -> None:
    known = {finding: value for finding, value in zip(model.classes, values, strict=True) if not math.isnan(value)}
    if known:
        write.append(connection, "threshold", tables.thresholds(name, known, operating_point=rule, chosen_on=chosen_on))


def _write_predictions(connection: duckdb.DuckDBPyConnection, one: Scored) -> None:
    """Appends the predictions of a model fitted to local patients, in the order of the site's image ids."""
    ids = connection.execute(
        "SELECT image_id FROM image SEMI JOIN prediction USING (dataset, image_id) WHERE dataset = ? ORDER BY image_id",
        [one.dataset],
    ).df()["image_id"]
    rows = np.flatnonzero(one.role != "")
    table = tables.predictions(
        one.model_id,
        one.dataset,
        ids.to_numpy(object)[rows],
        role=np.asarray(one.role[rows], dtype=object),
        predicted=one.predicted[rows],
        probability=one.scores[rows],
    )
    write.append(connection, "prediction", table)
