"""Lists of cases against the same lists made by pandas."""

from collections.abc import Callable

import pandas as pd
import pytest

from dashboard.results import case_list, class_cases
from dashboard.results.case_filter import CaseFilter
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey

TEST = TestSet(model="split", dataset="chexpert_train", policy="u_ignore", role="external_test")

FILTERS: list[tuple[CaseFilter, Callable[[pd.DataFrame], pd.Series]]] = [
    (CaseFilter(), lambda f: f.index >= 0),
    (CaseFilter(got="wrong"), lambda f: f.predicted != f["class"]),
    (CaseFilter(got="right", sex=("M",)), lambda f: (f.predicted == f["class"]) & (f.sex == "M")),
    (CaseFilter(true=("Cardiomegaly",), predicted=("No Finding",)), lambda f: (f["class"] == 1) & (f.predicted == 0)),
    (CaseFilter(confidence=(40, 60)), lambda f: f.confidence.between(0.4, 0.6)),
    (CaseFilter(members="agree"), lambda f: f.others == 0),
    (CaseFilter(members="differ", view=("AP",)), lambda f: (f.others > 0) & (f["view"] == "AP")),
    (CaseFilter(age=("20-39",)), lambda f: (f.age_years >= 20) & (f.age_years < 40)),
    (CaseFilter(age=("80+",)), lambda f: f.age_years >= 80),
    (
        CaseFilter(age=("0-19",), sex=("F",), view=("PA",)),
        lambda f: (f.age_years < 20) & (f.sex == "F") & (f["view"] == "PA"),
    ),
]


@pytest.mark.parametrize(("wanted", "mask"), FILTERS, ids=range(len(FILTERS)))
def test_a_filter_holds_exactly_its_images(
    run: RunKey, judged: pd.DataFrame, wanted: CaseFilter, mask: Callable[[pd.DataFrame], pd.Series]
) -> None:
    expected = judged[mask(judged)]
    found = class_cases.cases(run, TEST, wanted, offset=0, limit=1000)
    assert {case.key[1] for case in found} == set(expected.image_id)
    counted = case_list.case_counts(run, TEST, wanted)
    assert (counted.cases, counted.test) == (len(expected), len(judged))
    assert counted.wrong == (expected.predicted != expected["class"]).sum()


def test_orders(run: RunKey, judged: pd.DataFrame) -> None:
    judged = judged.assign(right=judged.predicted == judged["class"])
    orders = {
        "confidently_wrong": (["right", "confidence", "image_id"], [True, False, True]),
        "most_confident": (["confidence", "image_id"], [False, True]),
        "least_certain": (["confidence", "image_id"], [True, True]),
    }
    for sort, (columns, ascending) in orders.items():
        expected = judged.sort_values(columns, ascending=ascending).image_id
        found = class_cases.cases(run, TEST, CaseFilter(sort=sort), offset=0, limit=1000)
        assert [case.key[1] for case in found] == list(expected)
    disputed = class_cases.cases(run, TEST, CaseFilter(sort="most_disputed"), offset=0, limit=1000)
    others = judged.set_index("image_id").others[[case.key[1] for case in disputed]]
    assert others.is_monotonic_decreasing


@pytest.mark.parametrize("sort", ["confidently_wrong", "most_confident", "least_certain", "most_disputed"])
def test_a_walk_meets_every_case_once_in_order(run: RunKey, sort: str) -> None:
    wanted = CaseFilter(sort=sort, sex=("F",))
    order = [case.key for case in class_cases.cases(run, TEST, wanted, offset=0, limit=1000)]
    for i in (0, 1, 7, len(order) - 1):
        found = case_list.neighbours(run, TEST, wanted, image=order[i][1])
        assert found is not None
        assert (found.position, found.total) == (i + 1, len(order))
        assert found.previous == (order[i - 1] if i else None)
        assert found.next == (order[i + 1] if i + 1 < len(order) else None)


def test_an_image_that_the_filter_leaves_out_has_no_neighbours(run: RunKey, judged: pd.DataFrame) -> None:
    man = judged[judged.sex == "M"].image_id.iloc[0]
    assert case_list.neighbours(run, TEST, CaseFilter(sex=("F",)), image=man) is None
    assert case_list.neighbours(run, TEST, CaseFilter(), image="nobody") is None


def test_parts_follow_each_other(run: RunKey) -> None:
    whole = class_cases.cases(run, TEST, CaseFilter(), offset=0, limit=1000)
    parts = [class_cases.cases(run, TEST, CaseFilter(), offset=i, limit=40) for i in range(0, 400, 40)]
    assert tuple(case for part in parts for case in part) == whole


def test_the_download_is_the_whole_list(run: RunKey, judged: pd.DataFrame) -> None:
    rows = class_cases.case_rows(run, TEST, CaseFilter(got="wrong"))
    assert [row["image_id"] for row in rows] == [
        case.key[1] for case in class_cases.cases(run, TEST, CaseFilter(got="wrong"), offset=0, limit=1000)
    ]
    assert {row["right"] for row in rows} == {False}
    blank = judged[judged.age_years.isna()].image_id
    assert {row["age_years"] for row in rows if row["image_id"] in set(blank)} == {None}
