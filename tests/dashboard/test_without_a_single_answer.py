"""An image that a model gives no single answer about, or no probability of it, is in no number of answers."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_core.errors import StoreError
from dashboard.confusion.data.counts import confusion
from dashboard.image.data.answer import answer, role
from dashboard.image.data.nearest import nearest
from dashboard.image.data.record import siblings
from dashboard.image.text.answer import no_answer
from dashboard.notation import probability
from dashboard.performance.data.calibration import reliability
from dashboard.performance.data.confidence import confidence
from dashboard.performance.data.curves import curve
from dashboard.results.case_filter import CaseFilter
from dashboard.results.case_list import case_counts
from dashboard.results.case_options import case_options
from dashboard.results.class_cases import cases
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey, columns
from dashboard.results.sampled_images import sampled_images
from dashboard.results.side import Side
from dashboard.text import case_captions
from tests.support.made import image as made_image
from tests.support.made import saliency as made_saliency
from tests.support.made.answers import judged
from tests.support.made.runs import first_comparison
from tests.support.pages import Opened, assert_is_whole, plain, sent
from tests.support.results import Changed, change, key_of

HOME = TestSet(model="split", dataset="vinbigdata", policy="dominant", role="internal_test")
AWAY = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")
A_FIFTH = "model_id = 'split' AND substr(image_id, 2)::INT % 5 = 0"
UNSAID = {
    "no answer": "predicted = NULL",
    "flags alone": "probability = NULL, flagged = [1, 0, 0, 0, 0, 0]",
    "flags and no answer": "predicted = NULL, probability = NULL, flagged = [1, 0, 0, 0, 0, 0]",
    "nothing said of a class": "probability = list_transform(probability, lambda x: 'nan'::FLOAT)",
}


def _compared(run: RunKey) -> Comparison:
    return replace(first_comparison(Path(run.path)), run=run)


COUNTS: dict[str, Callable[[RunKey], int]] = {
    "cases": lambda run: case_counts(run, AWAY, CaseFilter()).test,
    "list": lambda run: len(cases(run, AWAY, CaseFilter(), offset=0, limit=1000)),
    "disputed": lambda run: case_counts(run, AWAY, CaseFilter(sort="most_disputed")).test,
    "confusion": lambda run: confusion(_compared(run), Side.EXTERNAL).images,
    "confidence": lambda run: confidence(run, AWAY).n,
    "reliability": lambda run: reliability(run, AWAY, spacing="width").n,
    "reliability by count": lambda run: reliability(run, AWAY, spacing="count").n,
}


@pytest.mark.parametrize("unsaid", UNSAID)
def test_it_is_in_no_count_and_no_mean(unsaid: str, key: RunKey, changed: Changed) -> None:
    run = changed(f"UPDATE prediction SET {UNSAID[unsaid]} WHERE {A_FIFTH}")  # noqa: S608

    assert {name: count(run) for name, count in COUNTS.items()} == dict.fromkeys(COUNTS, 480)
    rows = judged(Path(key.path), **AWAY.parameters())  # type: ignore[arg-type]
    said = rows[rows["image_id"].str[1:].astype(int) % 5 != 0]
    found = confidence(run, AWAY)
    assert found.mean == pytest.approx(said["confidence"].mean())
    assert found.right == (said["class"] == said["predicted"]).sum()
    assert case_counts(run, AWAY, CaseFilter()).wrong == len(said) - found.right
    assert case_options(run, AWAY, CaseFilter()).of("as")


@pytest.mark.parametrize("unsaid", ["flags alone", "flags and no answer", "nothing said of a class"])
@pytest.mark.parametrize("task", ["single_class", "finding"])
def test_it_is_in_no_curve_without_a_probability(task: str, unsaid: str, changed: Changed) -> None:
    known = "UPDATE reference SET present = list_transform(range(6), lambda i: (class = i)::INT)"
    run = changed(known, f"UPDATE prediction SET {UNSAID[unsaid]} WHERE {A_FIFTH}")  # noqa: S608

    found = curve(run, AWAY, finding="Cardiomegaly", task=task)

    assert found is not None
    assert found.n == 480


@pytest.mark.parametrize("unsaid", UNSAID)
def test_it_is_drawn_nowhere_and_near_to_nothing(unsaid: str, results: Path, tmp_path: Path) -> None:
    statement = f"UPDATE prediction SET {UNSAID[unsaid]} WHERE {A_FIFTH}"  # noqa: S608
    path = made_saliency.write(results)
    change(path, statement)
    drawn = [
        one for seed in range(9) for one in sampled_images(key_of(path), test=AWAY, finding="Nodule/Mass", seed=seed)
    ]
    assert drawn
    assert not [one for one in drawn if int(one.key[1][1:]) % 5 == 0]
    path = made_image.write(tmp_path)
    change(path, statement)
    near = nearest(key_of(path), AWAY, key=(AWAY.dataset, "i7"), members=made_image.MEMBERS, right_of=None, limit=1000)
    assert len(near) == 95
    assert not [one for one in near if int(one.key[1][1:]) % 5 == 0]


@pytest.mark.parametrize("unsaid", UNSAID)
def test_its_page_says_so(unsaid: str, results: Path, open_page: Opened) -> None:
    path = made_image.write(results)
    change(path, f"UPDATE prediction SET {UNSAID[unsaid]} WHERE image_id IN ('i7', 'i8')")  # noqa: S608
    run, key = key_of(path), (AWAY.dataset, "i7")

    assert answer(run, model="split", key=key) is None
    assert role(run, model="split", key=key) == "external_test"
    others = {each.key[1]: each for each in siblings(run, key=key, model="split", policy="u_ignore").shown}
    assert (others["i8"].predicted, others["i8"].role) == (None, "external_test")
    for part in ("nearest", "labels", "original", "about"):
        app = open_page(page="image", of=key[0], img=key[1], part=part)
        assert_is_whole(app)
        assert "gives no single answer about this image" in plain(app)
        assert "not asked" not in plain(app)
        assert "external test" in str(sent(app, "viewer")["caption"])


@pytest.mark.parametrize("unsaid", UNSAID)
@pytest.mark.parametrize("page", ["overview", "confusion", "cases", "performance", "saliency", "labels", "image"])
def test_no_page_breaks(page: str, unsaid: str, results: Path, open_page: Opened) -> None:
    path = made_image.write(results)
    change(path, f"UPDATE prediction SET {UNSAID[unsaid]} WHERE {A_FIFTH}")  # noqa: S608
    for part in ("curves", "confidence", "calibration", "subgroups") if page == "performance" else ("",):
        assert_is_whole(open_page(page=page, part=part))


def test_a_member_without_an_answer_is_no_member_of_it(results: Path) -> None:
    path = made_image.write(results)
    change(path, "UPDATE prediction SET predicted = NULL WHERE model_id = 'split-1' AND image_id = 'i7'")

    found = answer(key_of(path), model="split", key=(AWAY.dataset, "i7"))

    assert found is not None
    assert [each.model for each in found.members] == ["split-0", "split-2"]


def test_of_a_class_that_nothing_is_said_about_there_is_no_probability(results: Path, open_page: Opened) -> None:
    path = made_image.write(results)
    change(
        path,
        "UPDATE prediction SET predicted = 0, probability = [1, 0, 0, 0, 0, 'nan'::FLOAT] WHERE image_id = 'i7'",
    )

    app = open_page(page="image", of=AWAY.dataset, img="i7")

    *_, last = sent(app, "probabilities")["bars"]  # type: ignore[misc]
    assert (last["written"], last["share"], last["ticks"]) == ("no probability", 0, [])
    assert probability(math.nan) == case_captions.sure(math.nan) == "no probability"


def test_why_there_is_no_answer_is_told_apart() -> None:
    assert "not asked" in no_answer(role=None, left_out="view")
    assert no_answer(role="external_test", left_out=None) == (
        "This model gives no single answer about this image, so it is neither right nor wrong."
    )


@pytest.mark.parametrize("kind", ["DOUBLE", "TINYINT", "BOOLEAN", "VARCHAR"])
def test_a_column_with_a_missing_value_is_refused(kind: str, key: RunKey) -> None:
    sql = f"SELECT CASE WHEN i <> 3 THEN 0::{kind} END AS told FROM range(5) AS t(i)"  # noqa: S608
    with pytest.raises(StoreError, match="expected told in each of 5 rows, found none in 1"):
        columns(key, sql)
    assert not isinstance(columns(key, sql.replace("i <> 3", "true"))["told"], np.ma.MaskedArray)
