"""The role of each source image for each model, computed from the parts and never typed in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.images import identity
from cxr_core.settings import Regime, Role
from cxr_core.splits import Mask, Parts

Roles = npt.NDArray[np.object_]
"""Shape ``(n,)``, a `Role` per image."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One network to train.

    Attributes:
        model_id: ``full-0``, ``split-2`` or, with folds, ``split-f1-0``.
        regime: ``full`` or ``split``.
        fold: The held-out fold; None for ``full`` and where there are no folds.
        number: Which of the regime's members, from 0.
    """

    model_id: str
    regime: Regime
    fold: int | None
    number: int


def fold_ensemble(regime: str, fold: int) -> str:
    """The id of the members of one fold as one model: ``split-f0``."""
    return f"{regime}-f{fold}"


def pooled_ensemble(regime: str) -> str:
    """The id of all folds' members as one model: ``split-pooled``."""
    return f"{regime}-pooled"


def local_model(model_id: str) -> str:
    """The id of what was made of a model by a fit to patients of the external site: ``split+local``."""
    return f"{model_id}+local"


def members(regimes: tuple[Regime, ...], *, count: int, folds: int | None) -> tuple[Member, ...]:
    """Every member of a run, ensemble by ensemble."""
    found = []
    for regime in regimes:
        for fold in range(folds) if folds is not None and regime == "split" else [None]:
            prefix = regime if fold is None else fold_ensemble(regime, fold)
            found += [Member(model_id=f"{prefix}-{i}", regime=regime, fold=fold, number=i) for i in range(count)]
    return tuple(found)


def source_roles(member: Member, parts: Parts, *, labelled: Mask, capped: Mask) -> Roles:
    """The role of each source image for one member.

    In the training part, what the cap or the training policy leaves out is ``unused``. The held-out part is predicted
    whole: what the cap leaves out there is in no network either, and has its part in the task ``finding``.

    Args:
        member: The member.
        parts: The run's split.
        labelled: Shape ``(n,)``, which have labels to learn from under the training policy.
        capped: Shape ``(n,)``, what the cap leaves out.
    """
    held_out = np.zeros(labelled.shape, np.bool_)
    if member.regime == "split":
        held_out = parts.fold == (member.fold or 0)
    roles = np.full(labelled.shape, "unused", object)
    usable = ~capped & labelled & ~held_out
    roles[usable] = "train"
    roles[usable & parts.validation] = "validation"
    roles[held_out] = "internal_test"
    return roles


def external_roles(contents: npt.NDArray[np.object_], *, seen: Mapping[str, Role], role: Role) -> Roles:
    """The roles of images outside the training dataset: `role`, unless the very same image was seen in training.

    Args:
        contents: Shape ``(n,)``, content hashes.
        seen: From content hash to ``train`` or ``validation``, for one member.
        role: ``external_test``, or ``internal_test`` for the source's own test set.

    Raises:
        DataError: If the hashes are of unlike kinds.
    """
    identity.check_kinds(contents, seen)
    found: Roles = np.array([seen.get(content, role) for content in contents], object)
    return found


def ensemble_roles(members_roles: list[Roles], *, in_turn: bool) -> Roles:
    """The role of each image for an ensemble.

    ``train`` if any member was trained on it, then ``validation`` if any member chose by it. Where folds hold the
    images out `in_turn`, an image's answer is that of the members that held it out, so that is its role.
    """
    stacked = np.stack(members_roles)
    roles: Roles = stacked[0].copy()
    for weakest in ("validation", "train"):
        roles[(stacked == weakest).any(axis=0)] = weakest
    if in_turn:
        roles[(stacked == "internal_test").any(axis=0)] = "internal_test"
    return roles


def averaged(members_roles: list[Roles], roles: Roles, *, in_turn: bool) -> npt.NDArray[np.bool_]:
    """Which members answer for which image: all of them, or those whose turn it is to hold it out; ``(members, n)``."""
    stacked = np.stack(members_roles)
    held_out = np.asarray(stacked == "internal_test", np.bool_)
    return held_out if in_turn else np.broadcast_to(np.asarray(roles != "unused", np.bool_), stacked.shape)
