"""Groups by view, sex and age, against pandas."""

import math
from pathlib import Path

import pytest

from dashboard.performance.data.subgroups import subgroup_rows, subgroups
from dashboard.results.side import Side
from tests.support.made.attributes import group_by
from tests.support.made.performance import compared, write
from tests.support.results import frame

ORDER = ["all", "view=AP", "view=PA", "sex=F", "sex=M", "age=20-39", "age=60-79", "age=80+"]


@pytest.mark.parametrize("finding", [None, "Cardiomegaly"])
def test_groups_are_the_files(results: Path, finding: str | None) -> None:
    path = write(results)
    found = subgroups(compared(path), finding=finding)
    assert [group.stratum for group in found] == ORDER
    stored = frame(path, "FROM metric WHERE model_id = 'split' AND task = 'single_class'")
    stored = stored[stored["policy"].isin(["dominant", "u_ignore"])]
    constant = stored[stored["metric"] == "no_skill_best_constant"].set_index(["role", "stratum"])
    own = stored[stored["metric"] == ("recall" if finding else "accuracy")]
    own = own[own["finding"] == finding] if finding else own
    own = own.set_index(["role", "stratum"])
    for group in found:
        for side in Side:
            each, role = group.scores.of(side), side.role
            assert (each is None) == ((role, group.stratum) not in own.index)
            if each is None:
                continue
            expected = own.loc[(role, group.stratum)]
            assert each.estimate.value == pytest.approx(expected["value"])
            assert each.estimate.estimable != expected["not_estimable"]
            assert each.images == (expected["n_positive"] if finding else expected["n"])
            few = constant.loc[(role, group.stratum), "not_estimable"]
            if finding or few:
                assert math.isnan(group.best_constant(side))
            else:
                assert group.best_constant(side) == pytest.approx(constant.loc[(role, group.stratum), "value"])


def test_a_group_without_images_at_home_is_none_there(results: Path) -> None:
    found = {group.stratum: group for group in subgroups(compared(write(results)), finding=None)}
    assert found["view=AP"].scores.internal is None
    assert found["view=AP"].scores.external is not None
    assert found["age=60-79"].kind == "age"


def test_the_table_to_take_along_names_group_and_test(results: Path) -> None:
    rows = subgroup_rows(compared(write(results)), finding="Cardiomegaly")
    assert len(rows) == 2 * len(ORDER) - 1
    assert {row["metric"] for row in rows} == {"recall"}
    assert all(row["n_positive"] is not None for row in rows)
    assert [row["n_effective"] for row in rows[:2]] == [161, 3581]
    assert list(dict.fromkeys(row["stratum"] for row in rows)) == list(ORDER)


def test_groups_by_attribute_come_last_by_name_and_value(results: Path) -> None:
    path = write(results)
    group_by(path, ["ward=ICU", "manufacturer=Fuji", "manufacturer=Agfa"], role="internal_test")
    group_by(path, ["manufacturer=Agfa", "year=2019"], role="external_test")
    found = subgroups(compared(path), finding=None)
    assert [group.stratum for group in found] == [
        *ORDER, "manufacturer=Agfa", "manufacturer=Fuji", "ward=ICU", "year=2019",
    ]  # fmt: skip
    assert [group.is_by_attribute for group in found] == [False] * len(ORDER) + [True] * 4
    assert [(group.scores.internal is None, group.scores.external is None) for group in found[-4:]] == [
        (False, False), (False, True), (False, True), (True, False),
    ]  # fmt: skip
