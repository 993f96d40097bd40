"""The numbers behind the page's pictures, as rows to take along: shares as fractions, NaN where nothing is defined."""

from collections.abc import Sequence

from dashboard.notation import Estimate
from dashboard.queries.labels.flow import Flow
from dashboard.queries.labels.mixes import Mix
from dashboard.queries.labels.names import Match
from dashboard.queries.labels.outcomes import Outcome
from dashboard.queries.labels.together import Together
from dashboard.results.images import Key

Row = dict[str, str | int | float | None]


def of_mixes(mixes: Sequence[Mix]) -> list[Row]:
    """A row a class and policy."""
    return [
        {
            "dataset": mix.dataset,
            "policy": mix.policy,
            "class": each.finding,
            "images": each.images,
            "of": mix.images,
            **_estimate(each.share),
        }
        for mix in mixes
        for each in mix.classes
    ]


def of_flows(flows: Sequence[Flow]) -> list[Row]:
    """A row a step, from all images to the test."""
    rows: list[Row] = []
    for flow in flows:
        site: Row = {"dataset": flow.dataset, "test": flow.role}
        rows.append({**site, "step": "all", "images": flow.listed, "left": flow.listed})
        rows += [{**site, "step": step.reason, "images": step.images, "left": step.left} for step in flow.steps]
        rows.append({**site, "step": "kept", "images": flow.kept, "left": flow.kept})
    return rows


def of_outcomes(dataset: str, outcomes: Sequence[Outcome]) -> list[Row]:
    """A row a policy: images of a test with a class, and without, by reason."""
    return [
        {
            "dataset": dataset,
            "policy": each.policy,
            "kept": each.kept,
            "none": each.none,
            "several": each.several,
            "uncertain": each.uncertain,
            "no_class": each.no_class,
        }
        for each in outcomes
    ]


def of_names(dataset: str, names: Sequence[Sequence[Match]]) -> list[Row]:
    """A row a name."""
    return [
        {"dataset": dataset, "class": each.finding, "name": each.name, "grade": each.grade, "reason": each.reason}
        for matches in names
        for each in matches
    ]


def of_shares(dataset: str, quantity: str, shares: Sequence[Estimate] | None, *, classes: Sequence[str]) -> list[Row]:
    """A row a class; none where nothing is recorded."""
    return [
        {"dataset": dataset, "quantity": quantity, "class": finding, "images": share.n, **_estimate(share)}
        for finding, share in zip(classes, shares or (), strict=False)
    ]


def of_together(found: Together) -> list[Row]:
    """A row a pair of findings."""
    return [
        {
            "dataset": found.dataset,
            "policy": found.policy,
            "of images with": row,
            "also": column,
            "images": found.known[i][j],
            "both": found.both[i][j],
            "share": found.share(i, j),
        }
        for i, row in enumerate(found.classes)
        for j, column in enumerate(found.classes)
        if i != j
    ]


def of_images(keys: Sequence[Key], *, finding: str) -> list[Row]:
    """A row an image."""
    return [{"class": finding, "dataset": dataset, "image": image} for dataset, image in keys]


def _estimate(share: Estimate) -> Row:
    is_estimable = "yes" if share.estimable else "no"
    return {"share": share.value, "low": share.low, "high": share.high, "estimable": is_estimable}
