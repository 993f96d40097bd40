"""Groups of patients and views that are looked at apart."""

import numpy as np
import numpy.typing as npt

_AGE_BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, np.inf))


def strata_of(
    *, view: npt.NDArray[np.object_], sex: npt.NDArray[np.object_], age_years: npt.NDArray[np.floating]
) -> dict[str, npt.NDArray[np.bool_]]:
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
