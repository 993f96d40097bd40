"""The inputs of evaluation: the images of each dataset in their groups, and the predictions of each model for them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cxr_core.manifest import Reference
from cxr_core.settings import Role

Roles = npt.NDArray[np.str_] | npt.NDArray[np.object_]
Outputs = Literal["softmax", "sigmoid"]

MANY_CLASSES = 10
"""Above so many classes not everything is measured in every group: see docs/adr/0016."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The images of one dataset that at least one model predicted, n of them in a fixed order.

    Attributes:
        dataset: Its name in the results.
        patients: Patient number of each image, shape ``(n,)``. Where patients are not recorded, each study is one,
            and without a study each image of distinct content.
        references: The reference standard over these images under each policy, by name. The class is -1, too, where an
            image has a part in the task ``finding`` alone.
        class_policies: The policies that give a single class. The others say only what is present.
        strata: Masks of shape ``(n,)`` by name, as `strata_of` gives them; ``all`` is one of them.
        shown: The policies whose strata are measured where there are many classes; empty: all.
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
    shown: frozenset[str] = frozenset()
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

    def strata_under(self, policy: str) -> Mapping[str, npt.NDArray[np.bool_]]:
        """The strata that are measured under a policy: above `MANY_CLASSES`, ``all`` alone unless it is shown first."""
        return self.strata if self.is_whole_under(policy) else {"all": self.strata["all"]}

    def is_whole_under(self, policy: str) -> bool:
        """Whether all is measured under a policy, in every stratum and at every operating point."""
        return self.n_classes <= MANY_CLASSES or not self.shown or policy in self.shown

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
        probability: Shape ``(n, k)``, float32; NaN where not predicted. None: there are flags alone.
        predicted: Shape ``(n,)``, int8: an index of a class; -1 where not predicted.
        train_mix: Shape ``(k,)``: share of each class among the images that the model, or the ensemble's members, were
            trained on; NaN where that is not known.
        fold_of: For the ensemble of one fold: the model whose numbers are the mean over the ensembles of all folds.
        has_gap: Whether it is compared from site to site: neither the ensemble of one fold is, nor that of all folds'
            members together, which has as many networks on one side alone.
        outputs: ``softmax``: one class excludes the others. ``sigmoid``: it does not; then `predicted` is -1
            everywhere, a probability is NaN where nothing is said of a finding, and the task is ``finding`` alone.
        flagged: By operating point, shape ``(n, k)``, float32: 1, 0, NaN where nothing is said.

    Raises:
        ValueError: If the shapes differ, a role is not one of `settings.Role`, or a flag not 1, 0 or NaN; if an image
            with a role has no finite probability or no class under ``softmax``, or a class under ``sigmoid``; if there
            is neither a probability nor a flag.
    """

    model_id: str
    dataset: str
    is_ensemble: bool
    role: Roles
    probability: npt.NDArray[np.float32] | None
    predicted: npt.NDArray[np.int8]
    train_mix: npt.NDArray[np.float64]
    fold_of: str | None = None
    has_gap: bool = True
    outputs: Outputs = "softmax"
    flagged: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n, k, what = self.role.size, self.n_classes, f"{self.model_id} on {self.dataset}"
        if self.probability is None and not self.flagged:
            raise ValueError(f"{what}: expected probabilities or flags, found neither.")
        if self.probability is not None:
            _check_shape(f"{what}: probability", self.probability, (n, k))
        for point, flags in self.flagged.items():
            _check_shape(f"{what}: flags at {point}", flags, (n, k))
            if not (np.isnan(flags) | np.isin(flags, (0, 1))).all():
                raise ValueError(f"{what}: expected flags at {point} of 1, 0 or NaN, found others.")
        _check_shape(f"{what}: predicted", self.predicted, (n,))
        _check_shape(f"{what}: train_mix", self.train_mix, (k,))
        unknown = {str(role) for role in self.role} - {"", *get_args(Role)}
        if unknown:
            raise ValueError(f"{what}: expected roles among {get_args(Role)} or '', found {sorted(unknown)}.")
        if self.outputs == "sigmoid":
            if (self.predicted != -1).any():
                raise ValueError(f"{what}: expected no class where one does not exclude the others, found some.")
        else:
            self._check_classes(what)

    @property
    def scores(self) -> npt.NDArray[np.float32]:
        """The probabilities of a model that has them.

        Raises:
            ValueError: If there are flags alone.
        """
        if self.probability is None:
            raise ValueError(f"{self.model_id} on {self.dataset}: expected scores, found flags alone.")
        return self.probability

    def _check_classes(self, what: str) -> None:
        if self.probability is None:
            raise ValueError(f"{what}: expected probabilities where one class excludes the others, found flags alone.")
        k, with_role = self.n_classes, np.asarray(self.role != "", dtype=np.bool_)
        whole = np.isfinite(self.probability).all(axis=1) & (self.predicted >= 0) & (self.predicted < k)
        if (with_role & ~whole).any():
            first = int(np.flatnonzero(with_role & ~whole)[0])
            raise ValueError(f"{what}: image {first} has the role {self.role[first]!r} and no prediction.")

    @property
    def n_classes(self) -> int:
        """The number of classes k."""
        return int(self.train_mix.size)


def _check_shape(
    what: str, found: npt.NDArray[np.generic] | npt.NDArray[np.object_], expected: tuple[int, ...]
) -> None:
    if found.shape != expected:
        raise ValueError(f"{what}: expected shape {expected}, found {found.shape}.")


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
