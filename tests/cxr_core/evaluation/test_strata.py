import numpy as np

from cxr_core.evaluation.strata import strata_of


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
