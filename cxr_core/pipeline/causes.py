"""What may cost the external site a part of its answers: values of an attribute that the internal test does not have.

A projection, a sex, an age or a device. Where the internal test has them all, this costs nothing by definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.inputs import Site

FEWEST = 10
"""Images of a value that the internal test must have, for the model to be known there."""

MOST_UNRECORDED = 0.1
"""Share of the external images without a recorded value, above which nothing is said."""

_UNRECORDED = ("view=frontal",)

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The values of one attribute at both sites, by their masks over all images of a site."""

    internal: Mapping[str, Bools]
    external: Mapping[str, Bools]

    def shared(self, *, inside: Bools, outside: Bools) -> Bools | None:
        """Which external images have a value that the internal test has.

        Args:
            inside: The images of the internal test, shape ``(n,)`` of the internal site.
            outside: The images of the external test, shape ``(m,)`` of the external site.

        Returns:
            Of the external test's images; None if the internal test records none, or the external one too few.
        """
        known = {name for name, mask in self.internal.items() if (mask & inside).sum() >= FEWEST}
        recorded = _any(self.external, self.external, outside)
        if not known or not outside.any() or 1 - recorded.mean() > MOST_UNRECORDED:
            return None
        return _any(self.external, known, outside)


def causes(internal: Site, external: Site) -> dict[str, Cause]:
    """The attributes that either site knows, the projection first.

    Args:
        internal: The internal site.
        external: The external site.
    """
    inside, outside = _by_attribute(internal), _by_attribute(external)
    names = ["view", *sorted({*inside, *outside} - {"view"})]
    return {name: Cause(internal=inside.get(name, {}), external=outside.get(name, {})) for name in names}


def _by_attribute(site: Site) -> dict[str, dict[str, Bools]]:
    found: dict[str, dict[str, Bools]] = {}
    for stratum, mask in site.strata.items():
        name, separator, _ = stratum.partition("=")
        if separator and stratum not in _UNRECORDED:
            found.setdefault(name, {})[stratum] = mask
    return found


def _any(masks: Mapping[str, Bools], names: Mapping[str, Bools] | set[str], kept: Bools) -> Bools:
    found = np.zeros(kept.shape, dtype=np.bool_)
    for name in names:
        if name in masks:
            found |= masks[name]
    return found[kept]
