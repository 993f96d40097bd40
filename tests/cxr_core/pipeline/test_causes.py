"""Which external images have a value that the internal test has, by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from cxr_core.evaluation.inputs import Site
from cxr_core.manifest import Reference
from cxr_core.pipeline.causes import causes


def _site(dataset: str, values: Mapping[str, Sequence[str | None]]) -> Site:
    """A site by the values of its images, such as its projections; its strata are of these."""
    n = len(next(iter(values.values())))
    strata = {"all": np.ones(n, dtype=np.bool_)}
    for name, given in values.items():
        strata |= {
            f"{name}={value}": np.array([each == value for each in given]) for value in {*given} if value is not None
        }
    reference = Reference(
        classes=np.zeros(n, np.int8), left_out=np.full(n, None, object), present=np.zeros((n, 2), np.float32)
    )
    return Site(
        dataset=dataset,
        patients=np.arange(n),
        references={"majority": reference},
        class_policies=frozenset({"majority"}),
        strata=strata,
    )


def _shared(
    inside: Sequence[str | None], outside: Sequence[str | None], *, name: str = "view", kept: slice = slice(None)
) -> list[bool] | None:
    internal, external = _site("home", {name: inside}), _site("away", {name: outside})
    of_test = np.zeros(len(inside), dtype=np.bool_)
    of_test[kept] = True
    found = causes(internal, external)[name].shared(inside=of_test, outside=np.ones(len(outside), dtype=np.bool_))
    return None if found is None else found.tolist()


def test_a_value_is_known_from_ten_internal_images_up() -> None:
    outside = ["PA", "AP", "AP", "PA"]
    assert _shared(["PA"] * 20 + ["AP"] * 9, outside) == [True, False, False, True]
    assert _shared(["PA"] * 20 + ["AP"] * 10, outside) == [True] * 4


def test_only_the_images_of_the_internal_test_count() -> None:
    assert _shared(["PA"] * 20 + ["AP"] * 20, ["PA", "AP"], kept=slice(0, 29)) == [True, False]


def test_without_a_value_internally_nothing_is_said() -> None:
    assert _shared([None] * 30, ["PA", "AP"]) is None
    assert _shared(["PA"] * 9, ["PA", "AP"]) is None


@pytest.mark.parametrize(("unrecorded", "is_said"), [(2, True), (3, False)])
def test_above_a_tenth_of_external_images_without_a_value_nothing_is_said(unrecorded: int, is_said: bool) -> None:
    found = _shared(["PA"] * 20, ["PA"] * (20 - unrecorded) + [None] * unrecorded)
    assert found == ([True] * (20 - unrecorded) + [False] * unrecorded if is_said else None)


def test_a_frontal_image_is_one_whose_projection_is_not_recorded() -> None:
    assert _shared(["frontal"] * 20, ["PA", "AP"]) is None
    assert _shared(["PA"] * 20, ["frontal"] * 5 + ["PA"] * 5) is None
    assert _shared(["PA"] * 20, ["frontal"] + ["PA"] * 9) == [False] + [True] * 9


def test_a_value_of_which_the_internal_site_has_none_is_lost_whole() -> None:
    assert _shared(["PA"] * 20, ["AP"] * 3) == [False] * 3


def test_no_external_image_at_all_is_nothing() -> None:
    internal, external = _site("home", {"view": ["PA"] * 20}), _site("away", {"view": ["PA"]})
    nothing = np.zeros(1, dtype=np.bool_)
    assert causes(internal, external)["view"].shared(inside=np.ones(20, dtype=np.bool_), outside=nothing) is None


def test_the_projection_comes_first_and_then_what_either_site_records() -> None:
    internal = _site("home", {"sex": ["F"], "manufacturer": ["Agfa"], "view": ["PA"]})
    external = _site("away", {"age": ["0-19"], "sex": ["M"]})
    assert list(causes(internal, external)) == ["view", "age", "manufacturer", "sex"]
    assert list(causes(_site("home", {"sex": ["F"]}), external)) == ["view", "age", "sex"]
