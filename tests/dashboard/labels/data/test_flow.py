"""Who was kept: each image is counted once, under the first reason that applies."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from dashboard.labels.data import flow as flows
from dashboard.labels.data.flow import Reason, Step, flow, rejected
from dashboard.labels.text.flow import flow_described, step_name
from dashboard.results.comparison import TestSet
from tests.support.made import labels as labelled
from tests.support.made.labels import OUR_TEST, THEIR_TEST
from tests.support.results import change, frame, key_of


def _reasons(path: Path, test: TestSet) -> Counter[str]:
    """The same by a walk over the images."""
    images = frame(path, f"FROM image WHERE dataset = '{test.dataset}'")
    asked = frame(path, f"FROM prediction WHERE dataset = '{test.dataset}' AND model_id = '{test.model}'")
    known = frame(path, f"FROM reference WHERE dataset = '{test.dataset}' AND policy = '{test.policy}'")
    roles = dict(zip(asked["image_id"], asked["role"], strict=True))
    classes = known.set_index("image_id")[["class", "left_out"]].astype(object).where(lambda x: x.notna(), None)
    found: Counter[str] = Counter()
    for row in images.astype(object).where(images.notna(), None).itertuples():
        role, standard = roles.get(row.image_id), classes.loc[row.image_id]
        if row.left_out:
            found[row.left_out] += 1
        elif role != test.role:
            found[role or "unused"] += 1
        elif standard["class"] is None:
            found[standard["left_out"] or "no_class"] += 1
        else:
            found["kept"] += 1
    return found


@pytest.mark.parametrize(
    "test",
    [
        OUR_TEST,
        THEIR_TEST,
        replace(OUR_TEST, model="full"),
        replace(OUR_TEST, policy="dominant"),
        replace(THEIR_TEST, policy="explicit"),
    ],
)
def test_steps_are_those_of_a_walk_over_the_images(results: Path, test: TestSet) -> None:
    path = labelled.write(results)
    found = flow(key_of(path), test)
    expected = _reasons(path, test)
    assert found.kept == expected.pop("kept", 0)
    if test.dataset == labelled.EXTERNAL:
        expected["rejected"] = 3
    assert {step.reason: step.images for step in found.steps} == dict(expected)


@pytest.mark.parametrize("test", [OUR_TEST, THEIR_TEST], ids=["internal", "external"])
def test_nobody_is_lost_on_the_way(results: Path, test: TestSet) -> None:
    path = labelled.write(results)
    found = flow(key_of(path), test)
    assert found.listed == (600 if test is OUR_TEST else 503)
    left = found.listed
    for step in found.steps:
        left -= step.images
        assert step.left == left
    assert left == found.kept


def test_reasons_come_in_the_order_in_which_they_are_decided(results: Path) -> None:
    key = key_of(labelled.write(results))
    assert [step.reason for step in flow(key, THEIR_TEST).steps] == [
        "rejected",
        "view",
        "sample",
        "train",
        "several",
        "uncertain",
    ]


def test_files_set_aside_are_told_with_their_reasons(results: Path) -> None:
    key = key_of(labelled.write(results))
    assert rejected(key, labelled.EXTERNAL) == (("no pixels", 2), ("cut short", 1))
    assert rejected(key, labelled.INTERNAL) == ()


def test_an_image_that_no_prediction_was_brought_for_is_left_out_in_a_step_of_its_own(results: Path) -> None:
    path = labelled.write(results)
    before = flow(key_of(path), THEIR_TEST)
    change(path, "UPDATE image SET left_out = 'not_predicted' WHERE left_out = 'sample'")
    found = flow(key_of(path), THEIR_TEST)
    assert found.steps == tuple(
        replace(step, reason="not_predicted") if step.reason == "sample" else step for step in before.steps
    )
    assert found.listed == found.kept + sum(step.images for step in found.steps)
    assert step_name("not_predicted", of=6) == "no prediction brought"
    assert all("unknown here" not in step_name(reason, of=6) for reason in get_args(Reason))


def test_a_reason_that_this_release_does_not_know_takes_its_images_away_too(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_of(labelled.write(results))
    before = flow(key, THEIR_TEST)
    asked = flows.ask

    def of_a_later_release(*given: Any) -> list[tuple[Any, ...]]:
        return [("moon_phase" if row[0] == "sample" else row[0], *row[1:]) for row in asked(*given)]

    monkeypatch.setattr(flows, "ask", of_a_later_release)
    found = flow(replace(key, changed_ns=1), THEIR_TEST)

    drawn = next(step.images for step in before.steps if step.reason == "sample")
    assert found.steps[-1] == Step(reason="moon_phase", images=drawn, left=found.kept)
    assert (found.listed, found.kept) == (before.listed, before.kept)
    assert f"{drawn:,} for a reason unknown here" in flow_described(found)
    assert "moon" not in flow_described(found)
