"""The numbers behind the page's pictures, as rows to take along."""

from collections.abc import Sequence

from dashboard.labels.data.agreement import agreement
from dashboard.labels.data.devices import devices
from dashboard.labels.data.distribution import Mix
from dashboard.labels.data.flow import flow
from dashboard.labels.data.names import names
from dashboard.labels.data.outcomes import outcomes
from dashboard.labels.data.together import together
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.results.downloads import Row, beginning, image_rows, number, of_test
from dashboard.results.images import Key
from dashboard.results.runs import classes
from dashboard.results.site_images import site_images


def mix_rows(run: RunKey, test: TestSet, mix: Mix) -> list[Row]:
    """A row a class: what share of the images with a single class it has under the policy of the mix."""
    return [
        {
            **_of_images(run, test),
            "policy": mix.policy,
            **number(each.share, metric="prevalence", finding=each.finding, n_positive=each.images),
        }
        for each in mix.classes
    ]


def prevalence_rows(run: RunKey, test: TestSet, mix: Mix) -> list[Row]:
    """A row a finding: its share of the images where its presence is known."""
    return [
        {
            **_of_images(run, test),
            "policy": mix.policy,
            **number(each.share, metric="prevalence", finding=each.finding, task="finding", n_positive=each.images),
        }
        for each in mix.classes
    ]


def flow_rows(run: RunKey, test: TestSet, *, has_findings: bool) -> list[Row]:
    """A row a step, from all images to the test."""
    found = flow(run, test, has_findings=has_findings)
    steps = [("all", found.listed, found.listed), *((step.reason, step.images, step.left) for step in found.steps)]
    return [
        {**of_test(run, test), "step": step, "n": images, "n_left": left}
        for step, images, left in (*steps, ("kept", found.kept, found.kept))
    ]


def outcome_rows(run: RunKey, test: TestSet) -> list[Row]:
    """A row a policy: images of a test with a class, and without, by reason."""
    return [
        {
            **_of_images(run, test),
            "policy": outcome.policy,
            "kept": outcome.kept,
            "none": outcome.none,
            "several": outcome.several,
            "uncertain": outcome.uncertain,
            "no_class": outcome.no_class,
        }
        for outcome in outcomes(run, test)
    ]


def name_rows(run: RunKey, dataset: str) -> list[Row]:
    """A row a name that a dataset has for a class."""
    return [
        {
            **beginning(run, dataset=dataset),
            "finding": match.finding,
            "name": match.name,
            "grade": match.grade,
            "reason": match.reason,
        }
        for matches in names(run, dataset)
        for match in matches
    ]


def share_rows(run: RunKey, test: TestSet) -> list[Row]:
    """A row a class: how far readers agree, and how many images show devices; none where nothing is recorded."""
    agreed, shown = agreement(run, test.dataset) or (), devices(run, test) or ()
    return [
        *(
            {
                **beginning(run, dataset=test.dataset),
                **number(share, metric="reader_agreement", finding=finding, task=None),
            }
            for finding, share in zip(classes(run), agreed, strict=False)
        ),
        *(
            {**_of_images(run, test), **number(share, metric="support_devices", finding=finding)}
            for finding, share in zip(classes(run), shown, strict=False)
        ),
    ]


def pair_rows(run: RunKey, test: TestSet) -> list[Row]:
    """A row a pair of findings: on how many of the images with the one the other is too."""
    table = together(run, dataset=test.dataset, policy=test.policy)
    return [
        {
            **beginning(run, dataset=test.dataset, policy=test.policy),
            "finding": finding,
            "other_finding": other,
            "n": table.known[i][j],
            "n_both": table.both[i][j],
            "share": table.share(i, j),
        }
        for i, finding in enumerate(table.classes)
        for j, other in enumerate(table.classes)
        if i != j
    ]


def drawn_rows(run: RunKey, test: TestSet, keys: Sequence[Key], *, finding: str) -> list[Row]:
    """A row an image."""
    return [{**_of_images(run, test), **named, "finding": finding} for named in image_rows(run, keys)]


def _of_images(run: RunKey, test: TestSet) -> Row:
    return of_test(run, test, is_test=site_images(run, test).kind == "test")
