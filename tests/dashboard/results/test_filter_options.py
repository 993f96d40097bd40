"""What a list can be narrowed by: what its images have, and nothing else."""

from pathlib import Path

from cxr_core.findings import FINDINGS
from dashboard.cases.data import Loosened, absent_attributes, filter_options, loosened
from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.results.side import Side
from tests.support.made.answers import judged
from tests.support.made.attributes import put
from tests.support.results import Changed

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")


def test_classes_are_those_that_have_images(path: Path, key: RunKey) -> None:
    for test in (INTERNAL, EXTERNAL):
        frame = judged(path, **test.parameters())
        found = filter_options(key, test)
        assert found.true == tuple(FINDINGS[i] for i in sorted(frame["class"].unique()))
        assert found.predicted == tuple(FINDINGS[i] for i in sorted(frame["predicted"].unique()))
        assert "Consolidation" not in found.true


def test_what_all_images_share_is_not_offered(key: RunKey) -> None:
    assert filter_options(key, INTERNAL).views == ()
    assert filter_options(key, EXTERNAL).views == ("AP", "PA")
    assert filter_options(key, EXTERNAL).sexes == ("F", "M")
    assert filter_options(key, EXTERNAL).ages == ("20-39", "40-59", "60-79")


def test_what_is_recorded_of_some_is_offered(changed: Changed) -> None:
    key = changed(
        "UPDATE image SET view = NULL WHERE dataset = 'vinbigdata' AND image_id = 'i7'",
        "UPDATE image SET age_years = 97 WHERE dataset = 'chexpert_train' AND image_id = 'i7'",
    )
    assert filter_options(key, INTERNAL).views == ("PA",)
    assert filter_options(key, EXTERNAL).ages[-1] == "80+"


def test_members_are_offered_where_there_are_several(key: RunKey, changed: Changed) -> None:
    assert filter_options(key, EXTERNAL).members
    alone = filter_options(changed("DELETE FROM model WHERE member > 0"), EXTERNAL)
    assert not alone.members
    wanted = CaseFilter(members="differ", sort="most_disputed")
    assert alone.allowed(wanted) == CaseFilter()


def test_a_filter_loses_what_is_not_offered(key: RunKey) -> None:
    found = filter_options(key, INTERNAL)
    wanted = CaseFilter(
        at=Side.INTERNAL, true="Consolidation", view="PA", sex="F", age="80+", got="wrong", confidence=(1, 2)
    )
    assert found.allowed(wanted) == CaseFilter(at=Side.INTERNAL, sex="F", got="wrong", confidence=(1, 2))


def test_the_filter_to_loosen_is_the_one_that_brings_the_most(path: Path, key: RunKey) -> None:
    frame = judged(path, **EXTERNAL.parameters())
    wanted = CaseFilter(true="Cardiomegaly", view="AP", confidence=(0, 1))
    expected = ((frame["class"] == 1) & (frame["view"] == "AP")).sum()
    assert loosened(key, EXTERNAL, wanted) == Loosened(key="conf", cases=expected)
    assert loosened(key, EXTERNAL, CaseFilter(true="Consolidation", confidence=(0, 1))) is None


def test_attributes_are_offered_with_the_values_that_images_of_the_test_have(copied: Path, changed: Changed) -> None:
    put(copied, "chexpert_train", "manufacturer", ["Fuji", "Agfa", None])
    put(copied, "chexpert_train", "year", ["2019"])
    put(copied, "vinbigdata", "ward", ["ICU", None])
    key = changed()
    assert filter_options(key, EXTERNAL).attributes == (("manufacturer", ("Agfa", "Fuji")),)
    assert filter_options(key, INTERNAL).attributes == (("ward", ("ICU",)),)
    wanted = CaseFilter(attributes=(("manufacturer", "Canon"), ("ward", "ICU"), ("year", "2019")))
    assert filter_options(key, EXTERNAL).allowed(wanted) == wanted
    assert absent_attributes(key, EXTERNAL, wanted) == (("manufacturer", "Canon"), ("ward", "ICU"))


def test_of_very_many_values_those_of_most_images_are_offered(copied: Path, changed: Changed) -> None:
    put(copied, "chexpert_train", "model", [*(f"m{i:03}" for i in range(150)), "z"] + ["z"] * 49)
    ((name, values),) = filter_options(changed(), EXTERNAL).attributes
    assert (name, len(values)) == ("model", 100)
    assert "z" in values
    assert list(values) == sorted(values)


def test_an_attribute_may_be_the_filter_to_loosen(path: Path, copied: Path, changed: Changed) -> None:
    rows = put(copied, "chexpert_train", "manufacturer", ["Fuji", "Agfa"]).set_index("image_id")["value"]
    frame = judged(path, **EXTERNAL.parameters())
    right = frame["predicted"] == frame["class"]
    expected = int(((frame["class"] == 1) & ~right).sum())
    wanted = CaseFilter(true="Cardiomegaly", got="wrong", attributes=(("manufacturer", "Canon"),))
    assert set(rows) == {"Fuji", "Agfa"}
    assert loosened(changed(), EXTERNAL, wanted) == Loosened(key="attribute.manufacturer", cases=expected)
