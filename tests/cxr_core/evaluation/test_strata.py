import numpy as np

from cxr_core.evaluation.inputs import attribute_strata, strata_of


def test_by_hand() -> None:
    strata = strata_of(
        view=np.array(["PA", "AP", None, "PA", np.nan], dtype=object),
        sex=np.array([None, "F", "F", "F", None], dtype=object),
        age_years=np.array([0.5, 19.9, 20, 80, np.nan]),
    )
    as_lists = {name: np.flatnonzero(mask).tolist() for name, mask in strata.items()}
    assert as_lists == {
        "all": [0, 1, 2, 3, 4],
        "view=AP": [1],
        "view=PA": [0, 3],
        "sex=F": [1, 2, 3],
        "age=0-19": [0, 1],
        "age=20-39": [2],
        "age=80+": [3],
    }


def test_every_recorded_age_is_in_one_band() -> None:
    age = np.arange(0, 120, 0.5)
    nothing = np.full(age.size, None, dtype=object)
    bands = [mask for name, mask in strata_of(view=nothing, sex=nothing, age_years=age).items() if name != "all"]
    assert len(bands) == 5
    np.testing.assert_array_equal(np.sum(bands, axis=0), 1)


def test_without_images_all_is_there() -> None:
    nothing = np.array([], dtype=object)
    strata = strata_of(view=nothing, sex=nothing, age_years=np.array([]))
    assert list(strata) == ["all"]
    assert strata["all"].shape == (0,)


def values(**counts: int) -> np.ndarray:
    return np.array([value for value, count in counts.items() for _ in range(count)], dtype=object)


def names(attributes: dict[str, np.ndarray], *, tested: np.ndarray | None = None) -> list[str]:
    size = len(next(iter(attributes.values())))
    return list(attribute_strata(attributes, tested=np.ones(size, bool) if tested is None else tested))


def test_a_value_of_thirty_test_images_is_a_stratum_and_one_of_twenty_nine_is_none() -> None:
    maker = values(Agfa=30, Fuji=29, Canon=31)
    strata = attribute_strata({"manufacturer": maker}, tested=np.ones(90, bool))
    assert list(strata) == ["manufacturer=Agfa", "manufacturer=Canon"]
    assert [int(mask.sum()) for mask in strata.values()] == [30, 31]
    np.testing.assert_array_equal(strata["manufacturer=Agfa"], maker == "Agfa")


def test_images_of_no_test_do_not_count_and_are_in_the_stratum_all_the_same() -> None:
    tested = np.arange(90) % 2 == 0
    maker = values(Agfa=59, Fuji=31)
    strata = attribute_strata({"manufacturer": maker}, tested=tested)
    assert [(name, int(mask.sum())) for name, mask in strata.items()] == [("manufacturer=Agfa", 59)]
    assert names({"manufacturer": maker}, tested=np.zeros(90, bool)) == []


def test_of_many_values_the_twelve_of_most_images_are_strata_and_of_equal_ones_the_first() -> None:
    counts = dict.fromkeys("nmlkjihgfedcba", 40) | {"z": 41}
    assert names({"model": values(**counts)}) == [f"model={letter}" for letter in "abcdefghijkz"]


def test_the_order_of_images_and_names_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    maker, model = values(B=50, A=50), values(x=40, y=60)
    order = rng.permutation(100)
    expected = ["manufacturer=A", "manufacturer=B", "model=x", "model=y"]
    assert names({"model": model, "manufacturer": maker}) == expected
    assert names({"manufacturer": maker[order], "model": model[order]}) == expected


def test_what_is_not_recorded_is_in_no_stratum() -> None:
    assert names({"ward": np.array([None] * 40 + ["ICU"] * 30 + [np.nan] * 40, dtype=object)}) == ["ward=ICU"]
    assert attribute_strata({}, tested=np.ones(5, bool)) == {}


def test_no_attribute_takes_the_place_of_another_stratum() -> None:
    hostile = values(PA=40)
    assert names(dict.fromkeys(("all", "view", "sex", "age", "ward=ICU", "Ward"), hostile)) == ["Ward=PA"]
