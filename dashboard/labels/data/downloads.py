"""The numbers behind the page's pictures, as rows to take along: shares as fractions, NaN where nothing is defined."""

from collections.abc import Sequence

from dashboard.labels.data.distribution import Mix
from dashboard.labels.data.flow import Flow
from dashboard.labels.data.names import Match
from dashboard.labels.data.outcomes import Outcome
from dashboard.labels.data.together import Together
from dashboard.notation import Estimate
from dashboard.results.images import Key
from dashboard.results.metrics import CsvRow


def mixes_to_csv_rows(mixes: Sequence[Mix]) -> list[CsvRow]:
    """A row a class and policy."""
    return [
        {
            "dataset": mix.dataset,
            "policy": mix.policy,
            "class": class_share.finding,
            "images": class_share.images,
            "of": mix.images,
            **_estimate(class_share.share),
        }
        for mix in mixes
        for class_share in mix.classes
    ]


def flows_to_csv_rows(flows: Sequence[Flow]) -> list[CsvRow]:
    """A row a step, from all images to the test."""
    rows: list[CsvRow] = []
    for flow in flows:
        site: CsvRow = {"dataset": flow.dataset, "test": flow.role}
        rows.append({**site, "step": "all", "images": flow.listed, "left": flow.listed})
        rows += [{**site, "step": step.reason, "images": step.images, "left": step.left} for step in flow.steps]
        rows.append({**site, "step": "kept", "images": flow.kept, "left": flow.kept})
    return rows


def outcomes_to_csv_rows(dataset: str, outcomes: Sequence[Outcome]) -> list[CsvRow]:
    """A row a policy: images of a test with a class, and without, by reason."""
    return [
        {
            "dataset": dataset,
            "policy": outcome.policy,
            "kept": outcome.kept,
            "none": outcome.none,
            "several": outcome.several,
            "uncertain": outcome.uncertain,
            "no_class": outcome.no_class,
        }
        for outcome in outcomes
    ]


def names_to_csv_rows(dataset: str, names: Sequence[Sequence[Match]]) -> list[CsvRow]:
    """A row a name."""
    return [
        {"dataset": dataset, "class": match.finding, "name": match.name, "grade": match.grade, "reason": match.reason}
        for matches in names
        for match in matches
    ]


def shares_to_csv_rows(
    dataset: str, quantity: str, shares: Sequence[Estimate] | None, *, classes: Sequence[str]
) -> list[CsvRow]:
    """A row a class; none where nothing is recorded."""
    return [
        {"dataset": dataset, "quantity": quantity, "class": finding, "images": share.n, **_estimate(share)}
        for finding, share in zip(classes, shares or (), strict=False)
    ]


def pairs_to_csv_rows(table: Together) -> list[CsvRow]:
    """A row a pair of findings."""
    return [
        {
            "dataset": table.dataset,
            "policy": table.policy,
            "of images with": row,
            "also": column,
            "images": table.known[i][j],
            "both": table.both[i][j],
            "share": table.share(i, j),
        }
        for i, row in enumerate(table.classes)
        for j, column in enumerate(table.classes)
        if i != j
    ]


def images_to_csv_rows(keys: Sequence[Key], *, finding: str) -> list[CsvRow]:
    """A row an image."""
    return [{"class": finding, "dataset": dataset, "image": image} for dataset, image in keys]


def _estimate(share: Estimate) -> CsvRow:
    is_estimable = "yes" if share.estimable else "no"
    return {"share": share.value, "low": share.low, "high": share.high, "estimable": is_estimable}
