"""What headers add to the tables of a site."""

import pandas as pd
import pytest

from cxr_core.images.decode.facts import ImageFacts
from cxr_core.manifest import ATTRIBUTE_COLUMNS
from cxr_core.pipeline import image_facts

IMAGES = pd.DataFrame(
    {
        "image_id": ["a", "b", "c", "d"],
        "patient_id": pd.Series(["p", "p", "q", "r"], dtype=object),
        "view": pd.Series(["PA", None, None, None], dtype=object),
        "sex": pd.Series([None] * 4, dtype=object),
        "age_years": [50.0, float("nan"), 0.0, float("nan")],
    }
)


def table(*rows):
    return pd.DataFrame(list(rows), columns=list(ATTRIBUTE_COLUMNS))


def gathered(facts, *, of_table=None, images=IMAGES):
    found, notes = image_facts.attributes(images, of_table=table() if of_table is None else of_table, of_headers=facts)
    assert tuple(found.columns) == ATTRIBUTE_COLUMNS
    return set(found.itertuples(index=False, name=None)), notes


def test_columns_are_filled_where_the_table_says_nothing():
    headers = {
        0: ImageFacts(view="AP", age_years=60.0),
        1: ImageFacts(view="AP", sex="F"),
        2: ImageFacts(age_years=7.0),
    }
    images = image_facts.with_columns(IMAGES, headers)
    assert images["view"].fillna("").tolist() == ["PA", "AP", "", ""]
    assert images["sex"].fillna("").tolist() == ["", "F", "", ""]
    assert images["age_years"].fillna(-1).tolist() == [50, -1, 0, -1]
    assert list(images) == list(IMAGES)
    assert images.dtypes.equals(IMAGES.dtypes)


def test_no_header_adds_nothing():
    pd.testing.assert_frame_equal(image_facts.with_columns(IMAGES, {}), IMAGES)
    assert gathered({}) == (set(), ())


def test_the_table_has_the_first_word():
    of_table = table(("a", "manufacturer", "Fuji"), ("c", "manufacturer", "Fuji"))
    headers = {
        0: ImageFacts(manufacturer="Agfa"),
        2: ImageFacts(manufacturer="Agfa"),
        3: ImageFacts(manufacturer="Fuji"),
    }
    found, notes = gathered(headers, of_table=of_table)
    assert found == {("a", "manufacturer", "Fuji"), ("c", "manufacturer", "Fuji"), ("d", "manufacturer", "Fuji")}
    assert notes == ()


def test_what_one_patient_alone_has_is_not_taken_and_counted():
    headers = {
        0: ImageFacts(manufacturer="Ann Smith"),
        1: ImageFacts(manufacturer="Ann Smith"),
        2: ImageFacts(manufacturer="Agfa"),
        3: ImageFacts(manufacturer="Agfa"),
    }
    found, notes = gathered(headers)
    assert found == {("c", "manufacturer", "Agfa"), ("d", "manufacturer", "Agfa")}
    (note,) = notes
    assert note == (
        "Values of the attribute manufacturer that one patient alone has, or fewer than 30 images of unknown patients: "
        "1; they were not taken, since such a value may name the patient."
    )


def test_a_value_counts_for_its_own_name():
    headers = {0: ImageFacts(manufacturer="Agfa", model="X"), 2: ImageFacts(manufacturer="Agfa", model="Agfa")}
    found, notes = gathered(headers)
    assert found == {("a", "manufacturer", "Agfa"), ("c", "manufacturer", "Agfa")}
    assert [note.split(": ")[1][:1] for note in notes] == ["2"]


@pytest.mark.parametrize(
    ("known", "unknown", "is_taken"),
    [
        ((), 2, False),
        ((), 29, False),
        ((), 30, True),
        (("p",), 29, False),
        (("p", "p"), 1, False),
        (("p",), 30, True),
        (("p", "q"), 0, True),
        (("p", "q"), 1, True),
    ],
)
def test_images_of_unknown_patients_may_all_be_of_one(known, unknown, is_taken):
    patients = [*known, *[None] * unknown]
    images = pd.DataFrame(
        {"image_id": [f"i{i}" for i in range(len(patients))], "patient_id": pd.Series(patients, dtype=object)}
    )
    headers = {row: ImageFacts(manufacturer="Ann Smith") for row in range(len(patients))}
    found, notes = gathered(headers, images=images)
    assert len(found) == (len(patients) if is_taken else 0)
    assert len(notes) == (not is_taken)


def test_a_year_names_no_one():
    assert gathered({0: ImageFacts(year=2019)}) == ({("a", "year", "2019")}, ())


def test_images_that_are_gone_have_no_attributes():
    headers = {row: ImageFacts(manufacturer="Agfa") for row in range(4)}
    of_table = table(("a", "ward", "ICU"), ("c", "ward", "ICU"), ("d", "ward", "ICU"))
    found, _ = gathered(headers, of_table=of_table, images=IMAGES.drop([2]))
    assert {image for image, _, _ in found} == {"a", "b", "d"}
