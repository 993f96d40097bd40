"""The mixes of classes are those that pandas counts in the same file."""

import math
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from cxr_core.findings import FINDINGS
from dashboard.labels.data.distances import distance
from dashboard.labels.data.distribution import ClassShare, Mix, mix, mixes
from dashboard.labels.data.outcomes import outcomes
from dashboard.notation import Estimate
from dashboard.results.comparison import TestSet
from dashboard.results.site_images import site_images
from tests.support.made import labels as labelled
from tests.support.made.labels import OUR_TEST, THEIR_TEST
from tests.support.results import change, frame, key_of

FULL = replace(OUR_TEST, model="full")


@pytest.mark.parametrize("test", [OUR_TEST, THEIR_TEST], ids=["internal", "external"])
def test_shares_are_those_of_the_test(results: Path, test: TestSet) -> None:
    path = labelled.write(results)
    counts = labelled.members(path, test)["class"].value_counts()
    found = mix(key_of(path), test)
    assert found.images == counts.sum()
    assert [each.finding for each in found.classes] == list(FINDINGS)
    assert [each.images for each in found.classes] == [counts.get(index, 0) for index in range(6)]
    assert [each.share.value for each in found.classes] == pytest.approx(
        [counts.get(index, 0) / counts.sum() for index in range(6)]
    )


def test_external_intervals_are_over_patients(results: Path) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        # Most patients have one class, as real ones do.
        connection.execute(
            "UPDATE reference SET class = substr(patient_id, 2)::INT % 3 FROM image WHERE class IS NOT NULL AND "
            "reference.image_id = image.image_id AND patient_id IS NOT NULL AND hash(image.image_id) % 4 > 0"
        )
    found = mix(key_of(path), THEIR_TEST)
    test = labelled.members(path, THEIR_TEST).dropna(subset="class")
    table = test.groupby(["patient_id", "class"]).size().unstack(fill_value=0)
    y, m = table[0].to_numpy(float), table.sum(axis=1).to_numpy(float)
    share = y.sum() / m.sum()
    effective = share * (1 - share) / (((y - share * m) ** 2).sum() / m.sum() ** 2)
    effective = min(max(effective, m.sum() ** 2 / (m**2).sum()), m.sum())
    assert effective < 0.8 * m.sum()
    first = found.classes[0].share
    assert (first.high - first.low) == pytest.approx(3.92 * math.sqrt(share * (1 - share) / effective), rel=0.03)


def test_a_model_trained_on_all_images_has_no_test_and_all_are_counted(results: Path) -> None:
    path = labelled.write(results)
    images = frame(path, "FROM image WHERE dataset = 'vinbigdata' AND left_out IS NULL")
    reference = frame(path, "FROM reference WHERE dataset = 'vinbigdata' AND policy = 'majority'")
    counts = images[["image_id"]].merge(reference, on="image_id")["class"].value_counts()
    key = key_of(path)
    assert (site_images(key, FULL).kind, site_images(key, FULL).images) == ("all", len(images))
    assert [each.images for each in mix(key, FULL).classes] == [counts.get(index, 0) for index in range(6)]
    assert site_images(key, OUR_TEST).kind == "test"


def test_a_test_without_any_class_stays_a_test(results: Path) -> None:
    key = key_of(labelled.write(results))
    explicit = replace(THEIR_TEST, policy="explicit")
    found = mix(key, explicit)
    assert found.images == 0
    assert all(math.isnan(each.share.value) for each in found.classes)
    assert site_images(key, explicit).kind == "test"
    external = replace(THEIR_TEST, model="nobody")
    assert (site_images(key, external).kind, site_images(key, external).images) == ("test", 0)


@pytest.mark.parametrize("test", [OUR_TEST, THEIR_TEST], ids=["internal", "external"])
def test_each_policy_has_its_own_mix_and_reasons(results: Path, test: TestSet) -> None:
    path = labelled.write(results)
    key = key_of(path)
    found = mixes(key, test)
    assert found[0].policy == test.policy
    assert {each.policy for each in found} == set(
        labelled.INTERNAL_POLICIES if test is OUR_TEST else labelled.EXTERNAL_POLICIES
    )
    for each, outcome in zip(found, outcomes(key, test), strict=True):
        known = labelled.members(path, replace(test, policy=each.policy))
        counts = known["class"].value_counts()
        assert [row.images for row in each.classes] == [counts.get(index, 0) for index in range(6)]
        assert (outcome.policy, outcome.kept) == (each.policy, known["class"].notna().sum())
        for reason in ("none", "several", "uncertain"):
            assert getattr(outcome, reason) == (known["left_out"] == reason).sum()
        assert outcome.no_class == (known["class"].isna() & known["left_out"].isna()).sum()


def test_a_mix_of_few_patients_is_not_estimable_however_many_images_they_have(results: Path) -> None:
    path = labelled.write(results)
    change(path, "UPDATE image SET patient_id = 'p' || hash(image_id) % 20 WHERE dataset = 'chexpert_train'")
    few = mix(key_of(path), THEIR_TEST)
    assert few.images > 100
    for each in few.classes:
        assert not each.share.is_number
        assert each.share.n_effective < 20
    assert distance(mix(key_of(path), OUR_TEST), few) is None


def _made(counts: list[int]) -> Mix:
    n = sum(counts)
    shares = [(count / n, 1.96 * math.sqrt(count / n * (1 - count / n) / n)) for count in counts]
    estimates = [Estimate(value=p, low=p - half, high=p + half, n=n, estimable=n >= 30) for p, half in shares]
    classes = [
        ClassShare(finding=finding, images=count, share=share)
        for finding, count, share in zip(FINDINGS, counts, estimates, strict=True)
    ]
    return Mix(dataset="d", policy="p", images=n, classes=tuple(classes))


def test_the_distance_is_what_would_have_to_change_its_class() -> None:
    found = distance(_made([50, 50, 0, 0, 0, 0]), _made([20, 50, 30, 0, 0, 0]))
    assert found is not None
    assert found.moved == pytest.approx(0.3)
    assert [each.value for each in found.changes] == pytest.approx([-0.3, 0, 0.3, 0, 0, 0])
    first = found.changes[0]
    half = 1.96 * math.hypot(math.sqrt(0.5 * 0.5 / 100), math.sqrt(0.2 * 0.8 / 100))
    assert (first.low, first.high) == pytest.approx((-0.3 - half, -0.3 + half))


def test_few_images_have_no_distance() -> None:
    assert distance(_made([9, 20, 0, 0, 0, 0]), _made([20, 50, 30, 0, 0, 0])) is None


def test_by_chance_is_the_mean_of_samples_of_one_mix() -> None:
    rng = np.random.default_rng(2)
    shares, ours, theirs = [0.3, 0.2, 0.2, 0.1, 0.1, 0.1], 341, 592
    internal, external = (
        rng.multinomial(ours, shares, size=3000) / ours,
        rng.multinomial(theirs, shares, size=3000) / theirs,
    )
    simulated = (np.abs(internal - external).sum(axis=1) / 2).mean()
    found = distance(_made([102, 68, 68, 34, 34, 35]), _made([178, 118, 118, 59, 59, 60]))
    assert found is not None
    assert found.by_chance == pytest.approx(simulated, rel=0.05)
