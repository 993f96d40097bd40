"""What intervals are over: patients where they are recorded, else what is counted."""

import re
from pathlib import Path

import pytest

from dashboard.results.side import Side
from dashboard.text.intervals import as_counted, over
from tests.support.made import findings as made
from tests.support.pages import Opened, written
from tests.support.results import change

DASHBOARD = Path(__file__).parents[3] / "dashboard"
OF_PATIENTS = re.compile(r"over\s+patients|as patients count|as many patients")


@pytest.mark.parametrize(
    ("internal", "external", "said"),
    [
        ("patient", "patient", "over patients"),
        ("image", "image", "over images"),
        ("study", "study", "over studies"),
        ("patient", "image", "over patients (over images in the external test)"),
        ("study", "patient", "over patients (over studies in the internal test)"),
        ("study", "image", "over studies in the internal test and over images in the external test"),
    ],
)
def test_intervals_are_over_what_is_recorded(internal: str, external: str, said: str) -> None:
    assert over({Side.INTERNAL: internal, Side.EXTERNAL: external}) == said


def test_one_test_speaks_of_itself() -> None:
    assert over({Side.EXTERNAL: "image"}) == "over images"


def test_images_count_as_patients_do_only_where_these_are_recorded() -> None:
    assert (as_counted(has_patients=True), as_counted(has_patients=False)) == (", as patients count", "")


def test_no_page_says_by_itself_that_intervals_are_over_patients() -> None:
    says = re.compile(r"95 % intervals over\s+patients")
    assert [path.name for path in sorted(DASHBOARD.rglob("*.py")) if says.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("kind", "page", "part"),
    [
        ("no-patients", "overview", ""),
        ("no-patients", "labels", ""),
        ("no-patients", "performance", "classes"),
        ("no-patients", "performance", "threshold"),
        ("no-patients", "performance", "subgroups"),
        ("no-patients-softmax", "overview", ""),
        ("no-patients-softmax", "performance", "calibration"),
    ],
)
def test_pages_speak_of_no_patients_where_none_is_recorded(
    kind: str, page: str, part: str, results: Path, open_page: Opened
) -> None:
    made.write(results, kind)
    said = written(open_page(page=page, part=part) if part else open_page(page=page))
    assert not OF_PATIENTS.search(said), OF_PATIENTS.findall(said)


def test_studies_stand_for_patients_where_they_are_recorded(results: Path, open_page: Opened) -> None:
    path = made.write(results, "no-patients")
    change(path, "UPDATE image SET study_id = image_id[:5] WHERE dataset = 'away'")
    said = "over images in the internal test and over studies in the external test"
    assert said in written(open_page(page="overview"))
