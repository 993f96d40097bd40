"""The prevalence of each finding at a site: of the images where its presence is known, those that have it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from cxr_core.statistics import shares
from cxr_core.statistics.shares import Sums
from dashboard.labels.data.distribution import ClassShare, Mix, share_without_interval
from dashboard.notation import Estimate, estimate_of
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.differences import difference
from dashboard.results.runs import classes, policies

_FIVE = 5


@st.cache_data(max_entries=64, show_spinner=False)
def prevalence(run: RunKey, test: TestSet) -> Mix:
    """The share of each finding among the images of a test where it is known; NaN where the site does not label it."""
    named = classes(run)
    ((images, *found),) = ask(run, _sql(len(named)), test.parameters())
    sums = [0.0 if value is None else number(value) for value in found]
    return Mix(
        dataset=test.dataset,
        policy=test.policy,
        images=int(number(images)),
        noun=test.noun,
        classes=tuple(
            _share(finding, sums[index * _FIVE : (index + 1) * _FIVE]) for index, finding in enumerate(named)
        ),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def prevalences(run: RunKey, test: TestSet) -> tuple[Mix, ...]:
    """The same images under each policy of their dataset, its default first, without intervals.

    Returns:
        A finding that a policy knows of no image has no images, and its share is NaN.
    """
    named = classes(run)
    parameters = test.parameters()
    del parameters["policy"]
    rows = {str(policy): counts for policy, *counts in ask(run, _counts_sql(len(named)), parameters)}
    return tuple(
        _under(policy, test, named, [int(number(count)) for count in rows[policy]])
        for policy in policies(run, dataset=test.dataset)
        if policy in rows
    )


def changes(internal: Mix, external: Mix) -> dict[str, Estimate]:
    """External minus internal prevalence of each finding that both sites label."""
    theirs = {row.finding: row.share for row in external.classes}
    return {
        row.finding: difference(theirs[row.finding], row.share)
        for row in internal.classes
        if row.share.is_number and theirs[row.finding].is_number
    }


def most_changed_first(mix: Mix, between: dict[str, Estimate]) -> Mix:
    """Its findings by what changed most; those without a change after them."""
    by_change = sorted(mix.classes, key=lambda row: -abs(between[row.finding].value) if row.finding in between else 1.0)
    return replace(mix, classes=tuple(by_change))


def _share(finding: str, sums: list[float]) -> ClassShare:
    part, whole, part_squares, products, whole_squares = sums
    found = shares.of_sums(
        Sums(part=part, whole=whole, part_squares=part_squares, products=products, whole_squares=whole_squares)
    )
    return ClassShare(finding=finding, images=int(part), share=estimate_of(found, n=int(whole)))


def _under(policy: str, test: TestSet, named: Sequence[str], counts: Sequence[int]) -> Mix:
    images, *found = counts
    return Mix(
        dataset=test.dataset,
        policy=policy,
        images=images,
        noun=test.noun,
        classes=tuple(
            ClassShare(finding=finding, images=present, share=share_without_interval(present, known))
            for finding, present, known in zip(named, found[::2], found[1::2], strict=True)
        ),
    )


def _counts_sql(k: int) -> str:
    """A row a policy: images, and of each finding those that have it and those where it is known."""
    counts = ", ".join(
        f"count(*) FILTER (present[{i}] = 1), count(*) FILTER (NOT isnan(present[{i}]))" for i in range(1, k + 1)
    )
    return f"""
        SELECT policy, count(*), {counts} FROM reference
        WHERE dataset = $dataset AND image_id IN (
            SELECT image_id FROM prediction WHERE model_id = $model AND dataset = $dataset AND role = $role
        )
        GROUP BY policy
    """  # noqa: S608 (places of findings)


def _sql(k: int) -> str:
    """Images, and of each finding sums over patients: y, m, y², y m, m²."""
    places = range(1, k + 1)
    of_patient = ", ".join(
        f"count(*) FILTER (present[{i}] = 1)::DOUBLE AS y{i}, count(*) FILTER (NOT isnan(present[{i}]))::DOUBLE AS m{i}"
        for i in places
    )
    sums = ", ".join(f"sum(y{i}), sum(m{i}), sum(y{i} * y{i}), sum(y{i} * m{i}), sum(m{i} * m{i})" for i in places)
    return f"""
        WITH of_patient AS (
            SELECT hash(coalesce(patient_id, study_id, image_id)) AS patient, count(*) AS images, {of_patient}
            FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
            WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
            GROUP BY patient
        )
        SELECT coalesce(sum(images), 0), {sums} FROM of_patient
    """  # noqa: S608 (places of findings)
