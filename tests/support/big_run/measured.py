"""Metrics of a made-up run: the library's own values from its predictions, with intervals that are only plausible.

Two thousand replicates of half a million images would take days; a normal interval of each value does for a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.evaluation.group import Measured
from cxr_core.evaluation.inputs import Scored, Site, strata_of
from cxr_core.evaluation.measure import measure
from cxr_core.evaluation.tables import gap_rows, metric_rows
from cxr_core.manifest import Reference
from tests.support.big_run.answers import Answers
from tests.support.big_run.sites import DrawnSite

Mixes = Mapping[str, npt.NDArray[np.float64]]
"""From regime to the share of each class among its training images, shape ``(k,)``."""


def site_of(drawn: DrawnSite) -> Site:
    """The site's images with predictions, as the library evaluates them."""
    images = drawn.images[: drawn.kept]
    patients = images["patient_id"]
    numbers = np.arange(drawn.kept) if patients.isna().all() else pd.factorize(patients)[0]
    return Site(
        dataset=drawn.dataset,
        patients=numbers.astype(np.int64),
        references={policy: _kept(reference, drawn.kept) for policy, reference in drawn.references.items()},
        class_policies=frozenset(policy.name for policy in drawn.policies if policy.has_class),
        strata=strata_of(
            view=images["view"].to_numpy(object),
            sex=images["sex"].to_numpy(object),
            age_years=images["age_years"].to_numpy(np.float64),
        ),
    )


def measured(
    site: Site, answers: Answers, *, classes: Sequence[str], train_mix: npt.NDArray[np.float64]
) -> tuple[Measured, ...]:
    """Every metric of one model on one site; of members over all images only."""
    is_ensemble = answers.member is None
    scored = Scored(
        model_id=answers.model_id,
        dataset=site.dataset,
        is_ensemble=is_ensemble,
        role=answers.role,
        probability=answers.probability,
        predicted=answers.predicted,
        train_mix=train_mix,
    )
    where = site if is_ensemble else replace(site, strata={"all": site.strata["all"]})
    return measure([where], [scored], classes=classes, seed=0, replicates=0)


def metrics(groups: tuple[Measured, ...]) -> pd.DataFrame:
    """Rows of `metric`, those of ensembles with an interval."""
    rows = metric_rows(groups)
    ensembles = {group.model_id for group in groups if group.is_ensemble}
    over = rows["n_positive"].fillna(rows["n"]).to_numpy(np.float64).clip(1)
    is_count = rows["metric"].str.startswith("predicted_as_").to_numpy()
    share = np.where(is_count, rows["value"] / over, rows["value"])
    half = np.where(is_count, over, 1) * _half_width(share, over)
    half[~rows["model_id"].isin(ensembles).to_numpy()] = np.nan
    top = np.where(is_count, over, 1)
    return rows.assign(low=(rows["value"] - half).clip(0), high=np.minimum(rows["value"] + half, top))


def gaps(groups: tuple[Measured, ...], rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `gap`; half the width of an interval is the root of the sum of both sites' squared ones."""
    gap = gap_rows(groups)
    key = ["model_id", "task", "stratum", "finding", "metric"]
    half = rows.assign(half=(rows["high"] - rows["low"]) / 2, finding=rows["finding"].fillna(""))
    squared = np.zeros(len(gap))
    for side in ("internal", "external"):
        own = half[half["role"] == f"{side}_test"][[*key, "dataset", "policy", "half"]]
        renamed = {"dataset": f"{side}_dataset", "policy": f"{side}_policy"}
        asked = gap.assign(finding=gap["finding"].fillna(""))[[*key, *renamed.values()]]
        squared += asked.merge(own.rename(columns=renamed), how="left", on=[*key, *renamed.values()])["half"] ** 2
    width = np.sqrt(squared)
    return gap.assign(low=gap["value"] - width, high=gap["value"] + width)


def train_mix(drawn: DrawnSite, role: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """The share of each class among the training images, shape ``(k,)``."""
    classes = drawn.references[drawn.training_policy or ""].classes[: drawn.kept]
    counts = np.bincount(classes[(role == "train") & (classes >= 0)], minlength=len(drawn.classes))
    return np.asarray(counts / counts.sum(), np.float64)


def _kept(reference: Reference, kept: int) -> Reference:
    return Reference(
        classes=reference.classes[:kept], left_out=reference.left_out[:kept], present=reference.present[:kept]
    )


def _half_width(share: npt.NDArray[np.float64], n: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    inside = share.clip(0, 1)
    return np.asarray(1.96 * np.sqrt(inside * (1 - inside) / n + 1 / n**2), np.float64)
