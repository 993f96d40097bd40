"""Groups of images that are looked at apart: by view, patient, and what else a site knows of them."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

LEAST_IMAGES = 30
"""Of a test with one value of an attribute; below, hardly any of its metrics is estimable."""

MOST_VALUES = 12
"""Of one attribute at one site."""

_OWN_NAMES = ("all", "view", "sex", "age")
_AGE_BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, np.inf))


def strata_of(
    *, view: npt.NDArray[np.object_], sex: npt.NDArray[np.object_], age_years: npt.NDArray[np.floating]
) -> dict[str, Bools]:
    """The strata that hold at least one image, and ``all``, which is always there.

    Args:
        view: 'PA', 'AP' or another name, shape ``(n,)``; None or NaN where not recorded.
        sex: 'F' or 'M', the same.
        age_years: Shape ``(n,)``, 0 or more; NaN where not recorded.

    Returns:
        Masks of shape ``(n,)`` by name: ``all``, ``view=PA``, ``sex=F``, ``age=60-79``, ``age=80+``. An image whose
        view is not recorded is in no stratum of views, and so for sex and age.
    """
    strata = {"all": np.ones(age_years.size, dtype=np.bool_)}
    for name, values in (("view", view), ("sex", sex)):
        recorded = sorted({value for value in values if isinstance(value, str)})
        strata |= {f"{name}={value}": np.asarray(values == value, dtype=np.bool_) for value in recorded}
    for low, high in _AGE_BANDS:
        mask = np.asarray((age_years >= low) & (age_years < high), dtype=np.bool_)
        if mask.any():
            strata[f"age={low}+" if np.isinf(high) else f"age={low}-{high - 1:.0f}"] = mask
    return strata


def attribute_strata(attributes: Mapping[str, npt.NDArray[np.object_]], *, tested: Bools) -> dict[str, Bools]:
    """The strata of the values that most of a site's test images have: such as ``manufacturer=Agfa``.

    Of each attribute the twelve most frequent values that at least 30 test images have; of equally frequent ones the
    first in the order of their characters. What is counted are the images of a test, internal or external, since it is
    their numbers that are compared; a stratum holds the images of every role, as those by view do.

    Args:
        attributes: Values by the attribute's name, each of shape ``(n,)``; None where not recorded. One whose name is
            that of another stratum, or holds ``=``, is passed over: its strata could not be told apart.
        tested: Which images are of a test, shape ``(n,)``.

    Returns:
        Masks of shape ``(n,)``, in the order of the names and then of the values; none where there is no test.
    """
    strata = {}
    for name in sorted(name for name in attributes if name not in _OWN_NAMES and "=" not in name):
        values = attributes[name]
        counts = Counter(value for value in values[tested] if isinstance(value, str))
        ranked = sorted((-count, value) for value, count in counts.items() if count >= LEAST_IMAGES)
        for value in sorted(value for _, value in ranked[:MOST_VALUES]):
            strata[f"{name}={value}"] = np.asarray(values == value, dtype=np.bool_)
    return strata
