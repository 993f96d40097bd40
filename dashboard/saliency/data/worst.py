"""The class that the page opens on."""

from collections.abc import Iterable

from dashboard.results.hit_rates import Pointing


def worst_class(rates: Iterable[Pointing]) -> str | None:
    """The class whose hit rate is least above that of the usual place, or furthest below it, among the estimable ones.

    Where none has a usual place, the one with the lowest hit rate; None where no rate is estimable.

    Args:
        rates: Of all classes, at all sites.
    """
    estimable = [pointing for pointing in rates if pointing.rate.is_number]
    compared = [pointing for pointing in estimable if pointing.difference.is_number]
    if compared:
        return min(compared, key=lambda pointing: pointing.difference.value).finding
    return min(estimable, key=lambda pointing: pointing.rate.value).finding if estimable else None
