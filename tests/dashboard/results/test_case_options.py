"""What a list can be narrowed by: what its images have, nothing else, and how many of them that would leave."""

from pathlib import Path

import pandas as pd

from cxr_core.findings import FINDINGS
from dashboard.cases.data import Loosened, loosened
from dashboard.results.case_filter import AGES, CaseFilter
from dashboard.results.case_options import case_options, values_held
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.results.side import Side
from tests.support.made.answers import judged
from tests.support.made.attributes import put
from tests.support.results import Changed

INTERNAL = TestSet(model="split", dataset="vinbigdata", policy="majority", role="internal_test")
EXTERNAL = TestSet(model="split", dataset="chexpert_train", policy="u_ones", role="external_test")


def _frame(path: Path, test: TestSet) -> pd.DataFrame:
    frame = judged(path, **test.parameters())
    right = frame["class"] == frame["predicted"]
    return frame.assign(
        true=frame["class"].map(FINDINGS.__getitem__),
        got=right.map({True: "right", False: "wrong"}),
        age=pd.cut(frame["age_years"], [-1, 19, 39, 59, 79, 200], labels=AGES).astype(object),
        **{"as": frame["predicted"].map(FINDINGS.__getitem__)},
    )


def test_options_are_counted_by_all_other_filters(path: Path, key: RunKey) -> None:
    wanted = CaseFilter(true=("Cardiomegaly", "Nodule/Mass"), got="wrong", view=("AP",), confidence=(40, 90))
    frame = _frame(path, EXTERNAL)
    passes = {
        "true": frame["true"].isin(wanted.true),
        "got": frame["got"] == "wrong",
        "view": frame["view"] == "AP",
        "conf": frame["confidence"].between(0.4, 0.9),
    }
    found = case_options(key, EXTERNAL, wanted)
    for each in ("true", "as", "got", "view", "sex", "age"):
        others = pd.concat([mask for name, mask in passes.items() if name != each], axis=1).all(axis=1)
        expected = {value: int((frame[each] == value)[others].sum()) for value in frame[each].dropna().unique()}
        assert dict(found.of(each)) == expected, each
    assert list(found.of("true")) == [name for name in FINDINGS if name in set(frame["true"])]
    assert "Consolidation" not in found.of("true")


def test_what_all_images_share_is_no_choice(key: RunKey) -> None:
    internal, external = case_options(key, INTERNAL, CaseFilter()), case_options(key, EXTERNAL, CaseFilter())
    assert (list(internal.of("view")), "view" in internal.choices) == (["PA"], False)
    assert (list(external.of("view")), "view" in external.choices) == (["AP", "PA"], True)
    assert list(external.of("age")) == ["20-39", "40-59", "60-79"]


def test_what_is_recorded_of_some_is_a_choice(changed: Changed) -> None:
    key = changed(
        "UPDATE image SET view = NULL WHERE dataset = 'vinbigdata' AND image_id = 'i7'",
        "UPDATE image SET age_years = 97 WHERE dataset = 'chexpert_train' AND image_id = 'i7'",
        "UPDATE image SET age_years = NULL WHERE dataset = 'vinbigdata'",
    )
    internal = case_options(key, INTERNAL, CaseFilter())
    assert "view" in internal.choices
    assert internal.of("age") == {}
    assert case_options(key, EXTERNAL, CaseFilter()).of("age")["80+"] == 1


def test_members_are_offered_where_there_are_several(key: RunKey, changed: Changed) -> None:
    assert case_options(key, EXTERNAL, CaseFilter()).has_members
    assert not case_options(changed("DELETE FROM model WHERE member > 0"), EXTERNAL, CaseFilter()).has_members


def test_the_filter_to_loosen_is_the_one_that_brings_the_most(path: Path, key: RunKey) -> None:
    frame = _frame(path, EXTERNAL)
    wanted = CaseFilter(true=("Cardiomegaly",), view=("AP",), confidence=(0, 1))
    expected = ((frame["class"] == 1) & (frame["view"] == "AP")).sum()
    assert loosened(key, EXTERNAL, wanted) == Loosened(key="conf", cases=expected)
    assert loosened(key, EXTERNAL, CaseFilter(true=("Consolidation",), confidence=(0, 1))) is None


def test_attributes_are_offered_with_the_values_that_images_of_the_test_have(
    path: Path, copied: Path, changed: Changed
) -> None:
    maker = put(copied, "chexpert_train", "manufacturer", ["Fuji", "Agfa", None]).set_index("image_id")["value"]
    put(copied, "chexpert_train", "year", ["2019"])
    put(copied, "vinbigdata", "ward", ["ICU", None])
    key, frame = changed(), _frame(path, EXTERNAL)
    wanted = CaseFilter(got="wrong", attributes=(("manufacturer", ("Agfa",)),))
    found, of = case_options(key, EXTERNAL, wanted), frame["image_id"].map(maker)
    wrong = frame["got"] == "wrong"
    assert found.of("attribute.manufacturer") == {
        value: int(((of == value) & wrong).sum()) for value in ("Agfa", "Fuji")
    }
    assert found.of("true")["Cardiomegaly"] == ((of == "Agfa") & wrong & (frame["true"] == "Cardiomegaly")).sum()
    assert {name for name in found.choices if name.startswith("attribute")} == {"attribute.manufacturer"}
    assert case_options(key, INTERNAL, CaseFilter(at=Side.INTERNAL)).of("attribute.ward").keys() == {"ICU"}
    assert values_held(key, EXTERNAL, name="year", values=("2018", "2019")) == ("2019",)
    assert values_held(key, EXTERNAL, name="ward", values=("ICU",)) == ()


def test_of_very_many_values_those_of_most_images_and_those_picked_are_offered(copied: Path, changed: Changed) -> None:
    put(copied, "chexpert_train", "model", [*(f"m{i:03}" for i in range(150)), "z"] + ["z"] * 49)
    wanted = CaseFilter(attributes=(("model", ("m149",)),))
    values = list(case_options(changed(), EXTERNAL, wanted).of("attribute.model"))
    assert (len(values), values) == (101, sorted(values))
    assert {"z", "m149"} <= set(values)


def test_an_attribute_may_be_the_filter_to_loosen(path: Path, copied: Path, changed: Changed) -> None:
    put(copied, "chexpert_train", "manufacturer", ["Fuji", "Agfa"])
    frame = _frame(path, EXTERNAL)
    expected = int(((frame["class"] == 1) & (frame["got"] == "wrong")).sum())
    wanted = CaseFilter(true=("Cardiomegaly",), got="wrong", attributes=(("manufacturer", ("Canon",)),))
    assert loosened(changed(), EXTERNAL, wanted) == Loosened(key="attribute.manufacturer", cases=expected)
