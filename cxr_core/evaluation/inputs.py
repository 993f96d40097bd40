"""The inputs of evaluation: the images of each dataset, and the predictions of each model for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from cxr_core.manifest import Reference
from cxr_core.settings import Role

Roles = npt.NDArray[np.str_] | npt.NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class Site:
    """The images of one dataset that at least one model predicted, n of them in a fixed order.

    Attributes:
        dataset: Its name in the results.
        patients: Patient number of each image, shape ``(n,)``. Where patients are not recorded, each image of distinct
            content is its own.
        references: The reference standard over these images under each policy, by name. The class is -1, too, where an
            image has a part in the task ``finding`` alone.
        class_policies: The policies that give a single class. The others say only what is present.
        strata: Masks of shape ``(n,)`` by name, as `strata_of` gives them; ``all`` is one of them.
        thinned: The roles in which images are missing that are in the dataset: what is left is not every image where
            presence is known, so that the task ``finding`` is not measured there.

    Raises:
        ValueError: If the shapes differ, or a policy or ``all`` is missing.
    """

    dataset: str
    patients: npt.NDArray[np.int64]
    references: Mapping[str, Reference]
    class_policies: frozenset[str]
    strata: Mapping[str, npt.NDArray[np.bool_]]
    thinned: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        n, k = self.patients.size, self.n_classes
        for policy, reference in self.references.items():
            _check_shape(f"{self.dataset}: classes under {policy}", reference.classes, (n,))
            _check_shape(f"{self.dataset}: presence under {policy}", reference.present, (n, k))
        for stratum, mask in self.strata.items():
            _check_shape(f"{self.dataset}: stratum {stratum}", mask, (n,))
        if "all" not in self.strata:
            raise ValueError(f"{self.dataset}: expected a stratum 'all', found {sorted(self.strata)}.")
        if not self.class_policies <= set(self.references):
            raise ValueError(
                f"{self.dataset}: no reference under {sorted(self.class_policies - set(self.references))}."
            )

    @property
    def n_classes(self) -> int:
        """The number of classes k."""
        return max((int(reference.present.shape[-1]) for reference in self.references.values()), default=0)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What one model made of one dataset's images, in the order of its `Site`.

    Attributes:
        model_id: As in the results: ``split``, ``full-2``.
        dataset: Name of the site.
        is_ensemble: Ensembles get intervals and gaps, members point values.
        role: Role of each prediction, shape ``(n,)``; ``''`` where this model did not predict the image.
        probability: Shape ``(n, k)``, float32; NaN where not predicted.
        predicted: Shape ``(n,)``, int8: an index of a class; -1 where not predicted.
        train_mix: Shape ``(k,)``: share of each class among the images that the model, or the ensemble's members, were
            trained on; NaN where that is not known.
        fold_of: For the ensemble of one fold: the model whose numbers are the mean over the ensembles of all folds.
        has_gap: Whether it is compared from site to site: neither the ensemble of one fold is, nor that of all folds'
            members together, which has as many networks on one side alone.

    Raises:
        ValueError: If the shapes differ, a role is not one of `settings.Role`, or an image with a role has no finite
            probability or no class.
    """

    model_id: str
    dataset: str
    is_ensemble: bool
    role: Roles
    probability: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.int8]
    train_mix: npt.NDArray[np.float64]
    fold_of: str | None = None
    has_gap: bool = True

    def __post_init__(self) -> None:
        n, k, what = self.role.size, self.n_classes, f"{self.model_id} on {self.dataset}"
        _check_shape(f"{what}: probability", self.probability, (n, k))
        _check_shape(f"{what}: predicted", self.predicted, (n,))
        _check_shape(f"{what}: train_mix", self.train_mix, (k,))
        unknown = {str(role) for role in self.role} - {"", *get_args(Role)}
        if unknown:
            raise ValueError(f"{what}: expected roles among {get_args(Role)} or '', found {sorted(unknown)}.")
        with_role = np.asarray(self.role != "", dtype=np.bool_)
        whole = np.isfinite(self.probability).all(axis=1) & (self.predicted >= 0) & (self.predicted < k)
        if (with_role & ~whole).any():
            first = int(np.flatnonzero(with_role & ~whole)[0])
            raise ValueError(f"{what}: image {first} has the role {self.role[first]!r} and no prediction.")

    @property
    def n_classes(self) -> int:
        """The number of classes k."""
        return int(self.probability.shape[-1])


def _check_shape(
    what: str, found: npt.NDArray[np.generic] | npt.NDArray[np.object_], expected: tuple[int, ...]
) -> None:
    if found.shape != expected:
        raise ValueError(f"{what}: expected shape {expected}, found {found.shape}.")
