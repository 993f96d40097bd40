"""What the names mean: matches, what occurs together, agreement of readers and support devices, against pandas."""

import math
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pytest

from cxr_core.findings import FINDINGS
from dashboard.labels.data.agreement import agreement
from dashboard.labels.data.devices import devices
from dashboard.labels.data.names import names
from dashboard.labels.data.together import together
from tests.support.made import labels as labelled
from tests.support.made.labels import OUR_TEST, THEIR_TEST
from tests.support.results import change, frame, key_of


def test_each_class_has_the_names_of_the_site(results: Path) -> None:
    key = key_of(labelled.write(results))
    external = names(key, labelled.EXTERNAL)
    assert [[each.name for each in matches] for matches in external] == [[name] for name in labelled.EXTERNAL_NAMES] + [
        []
    ]
    assert [each.grade for matches in external for each in matches] == ["exact", "exact", "weak", "close", "exact"]
    assert external[2][0].finding == "Nodule/Mass"
    assert external[2][0].reason == "The reason for Lung Lesion."


@pytest.mark.parametrize("test", [OUR_TEST, THEIR_TEST], ids=["internal", "external"])
def test_what_occurs_together_is_over_all_images_in_the_views(results: Path, test: object) -> None:
    path = labelled.write(results)
    found = together(key_of(path), dataset=test.dataset, policy=test.policy)
    images = frame(path, f"FROM image WHERE dataset = '{test.dataset}' AND left_out IS DISTINCT FROM 'view'")
    known = frame(path, f"FROM reference WHERE dataset = '{test.dataset}' AND policy = '{test.policy}'")
    present = np.stack(
        [np.ma.filled(each, np.nan) for each in known[known["image_id"].isin(images["image_id"])]["present"]]
    )
    assert found.images == len(present)
    assert found.present == tuple((present == 1).sum(axis=0))
    assert np.isnan(present).any() == (test is THEIR_TEST)
    for i in range(6):
        have = present[present[:, i] == 1]
        for j in range(6):
            assert found.share(i, j) == pytest.approx(np.nanmean(have[:, j]))
            assert found.known[i][j] == (~np.isnan(have[:, j])).sum()


def test_a_finding_that_nobody_has_occurs_with_nothing(results: Path) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE reference SET present = [0, 1, 0, 0, 0, 0]")
    found = together(key_of(path), dataset=labelled.INTERNAL, policy="majority")
    assert math.isnan(found.share(0, 1))
    assert found.share(1, 0) == 0


def test_readers_agree_as_pairs_of_readers_do(results: Path) -> None:
    path = labelled.write(results)
    found = agreement(key_of(path), labelled.INTERNAL)
    assert found is not None
    labels = frame(path, "FROM raw_label WHERE dataset = 'vinbigdata'")
    for index, name in enumerate(labelled.INTERNAL_NAMES):
        shared = asked = marked = 0
        for _, readings in labels[labels["finding"] == name].groupby("image_id"):
            values = readings["value"].tolist()
            marked += len(values) > 1 and any(values)
            for one, other in combinations(values, 2):
                asked += one + other
                shared += 2 * one * other
        assert found[index].value == pytest.approx(shared / asked)
        assert found[index].n == marked
        assert found[index].low < found[index].value < found[index].high


@pytest.mark.parametrize("value", ["value", "0", "NULL"], ids=["the same", "absent", "blank"])
def test_a_reader_is_one_by_whatever_names_and_however_often(results: Path, value: str) -> None:
    path = labelled.write(results)
    before = agreement(key_of(path), labelled.INTERNAL)
    second = results.with_name("several")
    several = labelled.write(second)
    with duckdb.connect(str(several)) as connection:
        connection.execute("INSERT INTO name_match VALUES ('vinbigdata', 'Big heart', 1, 'close', 'Made up.')")
        for name in ("Big heart", "Cardiomegaly"):
            connection.execute(
                f"INSERT INTO raw_label SELECT dataset, image_id, $1, reader, {value} FROM raw_label "  # noqa: S608
                "WHERE dataset = 'vinbigdata' AND finding = 'Cardiomegaly'",
                [name],
            )
    assert agreement(key_of(several), labelled.INTERNAL) == before


def test_agreement_is_over_patients_where_they_are_recorded(results: Path) -> None:
    path = labelled.write(results)
    alone = agreement(key_of(path), labelled.INTERNAL)
    # All images of a patient as the first one: they agree with each other wholly.
    several = labelled.write(results.with_name("several"))
    change(
        several,
        """
        UPDATE image SET patient_id = image_id WHERE dataset = 'vinbigdata';
        INSERT INTO image SELECT * EXCLUDE copy REPLACE (image_id || '-' || copy AS image_id)
            FROM image, range(3) AS t (copy) WHERE dataset = 'vinbigdata';
        INSERT INTO raw_label SELECT * EXCLUDE copy REPLACE (image_id || '-' || copy AS image_id)
            FROM raw_label, range(3) AS t (copy) WHERE dataset = 'vinbigdata';
        """,
    )
    found = agreement(key_of(several), labelled.INTERNAL)
    assert alone is not None
    assert found is not None
    for one, many in zip(alone, found, strict=True):
        assert many.n == 4 * one.n
        assert (many.value, many.low, many.high) == pytest.approx((one.value, one.low, one.high))
        assert many.n_effective == pytest.approx(one.n_effective) == one.n


def test_one_reader_cannot_agree(results: Path) -> None:
    assert agreement(key_of(labelled.write(results)), labelled.EXTERNAL) is None


def test_readers_who_mark_nothing_have_no_agreement(results: Path) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE raw_label SET value = 0 WHERE finding = 'Cardiomegaly'")
    found = agreement(key_of(path), labelled.INTERNAL)
    assert found is not None
    assert math.isnan(found[1].value)
    assert found[1].n == 0


def test_support_devices_are_those_of_the_class(results: Path) -> None:
    path = labelled.write(results)
    found = devices(key_of(path), THEIR_TEST)
    assert found is not None
    labels = frame(path, "FROM raw_label WHERE finding = 'Support Devices' AND value = 1")
    test = labelled.members(path, THEIR_TEST)
    for index in range(len(FINDINGS)):
        own = test[test["class"] == index]
        assert found[index].n == len(own)
        assert found[index].value == pytest.approx(own["image_id"].isin(labels["image_id"]).mean())


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM raw_label WHERE finding = 'Support Devices'", "UPDATE raw_label SET value = NULL"],
    ids=["no such finding", "all blank"],
)
def test_devices_that_nobody_records_are_not_zero(results: Path, change: str) -> None:
    path = labelled.write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute(change)
    assert devices(key_of(path), THEIR_TEST) is None
    assert devices(key_of(path), OUR_TEST) is None
