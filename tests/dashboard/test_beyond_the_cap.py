"""An image beyond the cap that was held out and answered: in the task `finding`, and in nothing of one single class."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.confusion.data.counts import confusion
from dashboard.labels.data.distribution import mix
from dashboard.labels.data.flow import flow
from dashboard.labels.text.flow import finding_only
from dashboard.performance.data.calibration import reliability
from dashboard.performance.data.confidence import confidence
from dashboard.performance.data.curves import curve
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.case_options import case_options
from dashboard.results.class_cases import cases
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey
from dashboard.results.hit_rates import pointing
from dashboard.results.saliency_test import saliency_test
from dashboard.results.sample_size import sample_size
from dashboard.results.sampled_images import sampled_images
from dashboard.results.side import Side
from dashboard.results.site_images import site_images
from dashboard.saliency.data.mean_maps import mean_map
from tests.support.made import saliency as made_saliency
from tests.support.made.runs import first_comparison
from tests.support.results import Changed, change

HOME = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
CAPPED = "UPDATE image SET left_out = 'cap' WHERE dataset = 'vinbigdata' AND image_id IN ('i3', 'i5', 'i8')"
IMAGES = 240


def _compared(run: RunKey) -> Comparison:
    return replace(first_comparison(Path(run.path)), run=run)


COUNTS: dict[str, Callable[[RunKey], int]] = {
    "cases": lambda run: case_counts(run, HOME, CaseFilter(at=Side.INTERNAL)).test,
    "list": lambda run: len(cases(run, HOME, CaseFilter(at=Side.INTERNAL), offset=0, limit=1000)),
    "disputed": lambda run: case_counts(run, HOME, CaseFilter(at=Side.INTERNAL, sort="most_disputed")).test,
    "confusion": lambda run: confusion(_compared(run), Side.INTERNAL).images,
    "labels": lambda run: site_images(run, HOME).images,
    "mix": lambda run: mix(run, HOME).images,
    "flow": lambda run: flow(run, HOME).kept,
    "overview": lambda run: sample_size(_compared(run), Side.INTERNAL).images,
    "confidence": lambda run: confidence(run, HOME).n,
    "reliability": lambda run: reliability(run, HOME, spacing="width").n,
    "reliability by count": lambda run: reliability(run, HOME, spacing="count").n,
    "curve": lambda run: _n(run, task="single_class"),
}


def _n(run: RunKey, *, task: str) -> int:
    found = curve(run, HOME, finding="Cardiomegaly", task=task)
    assert found is not None
    return found.n


@pytest.mark.parametrize("name", COUNTS)
def test_it_is_in_no_count_of_images_with_a_single_class(name: str, key: RunKey, changed: Changed) -> None:
    assert COUNTS[name](key) == IMAGES
    assert COUNTS[name](changed(CAPPED)) == IMAGES - 3


def test_it_is_in_the_curve_of_a_finding(changed: Changed) -> None:
    run = changed(CAPPED, "UPDATE reference SET present = [0, 1, 0, 0, 0, 0] WHERE image_id IN ('i3', 'i5', 'i9')")

    found = curve(run, HOME, finding="Cardiomegaly", task="finding")

    assert found is not None
    assert (found.positives, found.n) == (3, IMAGES)


@pytest.mark.parametrize(("statement", "is_offered"), [("SELECT 1", True), (CAPPED, False)])
def test_a_class_that_only_it_has_is_not_offered(statement: str, is_offered: bool, changed: Changed) -> None:
    alone = "UPDATE reference SET class = 5 WHERE image_id = 'i3' AND dataset = 'vinbigdata'"

    assert ("Consolidation" in case_options(changed(alone, statement), HOME, CaseFilter()).of("true")) is is_offered


def test_the_page_labels_says_what_becomes_of_it(key: RunKey, changed: Changed) -> None:
    found = flow(changed(CAPPED), HOME)

    assert (found.finding_only, {step.reason: step.images for step in found.steps}["cap"]) == (3, 3)
    assert "3 images over the cap were held out too" in finding_only(found)
    assert finding_only(flow(key, HOME)) == ""


def test_its_saliency_is_in_no_rate_and_no_mean(tmp_path: Path) -> None:
    path = made_saliency.write(tmp_path, methods=("cam", "layercam"))
    run = RunKey(name="made", path=str(path), changed_ns=1)
    test = saliency_test(run, HOME)
    assert test is not None
    before = pointing(run, test, finding="Cardiomegaly")
    maps = mean_map(run, test, finding="Cardiomegaly", method="layercam")
    gone = next(iter(sorted(before.shares)))
    other = Path(shutil.copy(path, tmp_path / "other.duckdb"))
    change(other, f"UPDATE image SET left_out = 'cap' WHERE image_id = '{gone}'")  # noqa: S608
    run = RunKey(name="other", path=str(other), changed_ns=1)

    after = pointing(run, test, finding="Cardiomegaly")
    fewer = mean_map(run, test, finding="Cardiomegaly", method="layercam")

    assert set(before.shares) - set(after.shares) == {gone}
    assert maps is not None
    assert fewer is not None
    assert (maps.n, fewer.n) == (40, 39)
    drawn_now = {
        image for seed in range(20) for image in sampled_images(run, test=HOME, finding="Cardiomegaly", seed=seed)
    }
    assert gone not in {each.key[1] for each in drawn_now}
