"""Everything that is measured on the images of a run, once; the tables `metric` and `gap` are read off it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from cxr_core.evaluation.estimates import MetricEstimate
from cxr_core.evaluation.flags import STATED
from cxr_core.evaluation.folds import averaged
from cxr_core.evaluation.group import Measured, Sample
from cxr_core.evaluation.inputs import MANY_CLASSES, Scored, Site
from cxr_core.evaluation.tasks import finding, single_class
from cxr_core.manifest import Reference
from cxr_core.metrics.record import Task
from cxr_core.progress.meter import SILENT, Meter
from cxr_core.statistics.resampling import Resamples, resample


def measure(
    sites: Sequence[Site],
    scored: Sequence[Scored],
    *,
    classes: Sequence[str],
    seed: int,
    replicates: int = 2000,
    meter: Meter = SILENT,
) -> tuple[Measured, ...]:
    """Measures every model on every dataset, role, policy and stratum.

    With folds, the numbers of the regime's own model are means over the ensembles of its folds, whether it has answers
    of its own or not.

    Args:
        sites: The datasets.
        scored: Each model on each dataset that it predicted.
        classes: What the run's classes are called, in the order of the outputs.
        seed: The run's seed.
        replicates: Bootstrap replicates of the ensembles' metrics; 0: no intervals.
        meter: Told how many models there are to measure, each under every policy, and of each that is done.

    Returns:
        One `Measured` per group that has an image; for ``all`` also where the policy leaves none of the role's images.
        The order of the arguments does not matter.

    Raises:
        ValueError: If a scored dataset is not among the sites, or its images or classes are not as many as there.
    """
    check(sites, scored, n_classes=len(classes))
    by_name = {site.dataset: site for site in sites}
    meter.expect(sum(len(by_name[one.dataset].references) for one in scored))
    groups: list[Measured] = []
    for dataset in sorted(by_name):
        site = by_name[dataset]
        drawn = resample(site.patients, seed=seed, dataset=dataset, replicates=replicates)
        here: list[Measured] = []
        for one in sorted((one for one in scored if one.dataset == dataset), key=lambda one: one.model_id):
            for policy in sorted(site.references):
                here.extend(under(policy, site=site, one=one, resamples=drawn, classes=classes))
                meter.advance()
        groups.extend(averaged(here))
        del drawn  # Of a large site a gigabyte, while the next one's are drawn.
    return tuple(groups)


def under(policy: str, *, site: Site, one: Scored, resamples: Resamples, classes: Sequence[str]) -> Iterator[Measured]:
    """Measures one model on one dataset under one policy: every role and stratum, without means over folds.

    Args:
        policy: One of the dataset's.
        site: The dataset.
        one: What the model made of it.
        resamples: The dataset's replicates; of a member none are taken.
        classes: What the run's classes are called.
    """
    resamples = resamples if one.is_ensemble else resamples.without_replicates()
    whole = _sample(site.references[policy], one=one, resamples=resamples)
    for role in sorted({str(role) for role in one.role} - {""}):
        # What was fitted to a site's patients is no test: its subgroups are not compared.
        strata = {"all": site.strata["all"]} if role == "external_adapted" else site.strata_under(policy)
        for stratum, mask in strata.items():
            has_rules = stratum == "all" and site.is_whole_under(policy)
            sample = _at_points(whole.only(np.asarray(one.role == role, dtype=np.bool_) & mask), has_rules=has_rules)
            for task in _tasks(site, one, policy=policy, role=role):
                if stratum != "all" and not _has_images(sample, task=task):
                    continue
                yield Measured(
                    model_id=one.model_id,
                    is_ensemble=one.is_ensemble,
                    dataset=site.dataset,
                    role=role,
                    policy=policy,
                    task=task,
                    stratum=stratum,
                    classes=tuple(classes),
                    estimates=_estimates(sample, task=task, stratum=stratum, classes=classes),
                    fold_of=one.fold_of,
                    has_gap=one.is_ensemble and one.has_gap,
                )


def _estimates(sample: Sample, *, task: Task, stratum: str, classes: Sequence[str]) -> tuple[MetricEstimate, ...]:
    if task == "finding":
        return finding(sample)
    return single_class(sample, classes=classes, has_counts=stratum == "all" or len(classes) <= MANY_CLASSES)


def _tasks(site: Site, one: Scored, *, policy: str, role: str) -> Iterator[Task]:
    if policy in site.class_policies and one.outputs == "softmax":
        yield "single_class"
    if role not in site.thinned:
        yield "finding"


def _sample(reference: Reference, *, one: Scored, resamples: Resamples) -> Sample:
    return Sample(
        classes=reference.classes,
        present=reference.present,
        predicted=one.predicted,
        probability=one.probability,
        clusters=resamples.clusters,
        weights=resamples.weights,
        train_mix=one.train_mix,
        flagged=one.flagged,
    )


def _at_points(sample: Sample, *, has_rules: bool) -> Sample:
    """A group's images with the flags that are measured: those by a rule where these are, and where there are any."""
    kept = {
        point: flags
        for point, flags in sample.flagged.items()
        if point == STATED or (has_rules and np.isfinite(flags).any())
    }
    return replace(sample, flagged=kept)


def _has_images(sample: Sample, *, task: Task) -> bool:
    return bool((sample.classes >= 0).any() if task == "single_class" else sample.answered().any())


def check(sites: Sequence[Site], scored: Sequence[Scored], *, n_classes: int) -> None:
    """Refuses predictions that do not fit the datasets.

    Args:
        sites: The datasets.
        scored: What each model made of each.
        n_classes: How many classes the run has.

    Raises:
        ValueError: If a scored dataset is not among the sites, or its images or classes are not as many as there.
    """
    by_name = {site.dataset: site for site in sites}
    for one in scored:
        _check(one, by_name, n_classes=n_classes)


def _check(one: Scored, sites: Mapping[str, Site], *, n_classes: int) -> None:
    if one.dataset not in sites:
        raise ValueError(f"{one.model_id} is scored on {one.dataset}, which is not among the sites {sorted(sites)}.")
    expected = sites[one.dataset].patients.size
    if one.role.size != expected:
        raise ValueError(f"{one.model_id} on {one.dataset}: expected {expected} images, found {one.role.size}.")
    for known in (sites[one.dataset].n_classes, one.n_classes):
        if known != n_classes:
            raise ValueError(f"{one.model_id} on {one.dataset}: expected {n_classes} classes, found {known}.")
