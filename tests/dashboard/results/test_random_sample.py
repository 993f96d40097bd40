"""Drawn images: of the class, of the test, the same for the same seed."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_core.findings import FINDINGS
from dashboard.results.random_sample import random_sample
from tests.support.made import labels as labelled
from tests.support.made.labels import OUR_TEST, THEIR_TEST
from tests.support.results import frame, key_of


@pytest.mark.parametrize("test", [OUR_TEST, THEIR_TEST], ids=["internal", "external"])
def test_images_are_of_the_class_in_the_order_of_their_hash(results: Path, test: object) -> None:
    path = labelled.write(results)
    members = labelled.members(path, test)
    for index, finding in enumerate(FINDINGS):
        ids = members[members["class"] == index]["image_id"]
        expected = sorted(ids, key=lambda image: hashlib.md5(f"7|{image}".encode(), usedforsecurity=False).hexdigest())
        found = random_sample(key_of(path), test=test, finding=finding, seed=7, count=8)
        assert found == tuple((test.dataset, image) for image in expected[:8])


def test_another_seed_draws_others(results: Path) -> None:
    key = key_of(labelled.write(results))
    draws = [random_sample(key, test=OUR_TEST, finding="No Finding", seed=seed, count=8) for seed in (0, 0, 1)]
    assert draws[0] == draws[1]
    assert set(draws[0]) != set(draws[2])


def test_a_class_that_is_not_there_has_no_images(results: Path) -> None:
    key = key_of(labelled.write(results))
    assert random_sample(key, test=replace(THEIR_TEST, policy="explicit"), finding="No Finding", seed=0, count=8) == ()
    assert random_sample(key, test=OUR_TEST, finding="Fracture", seed=0, count=8) == ()


def test_a_model_without_an_internal_test_draws_from_all_images(results: Path) -> None:
    path = labelled.write(results)
    full = replace(OUR_TEST, model="full")
    found = random_sample(key_of(path), test=full, finding="No Finding", seed=0, count=10_000)
    images = frame(
        path,
        "SELECT image_id FROM image JOIN reference USING (dataset, image_id) WHERE dataset = 'vinbigdata' "
        "AND policy = 'majority' AND class = 0 AND image.left_out IS NULL",
    )
    assert {image for _, image in found} == set(images["image_id"])
