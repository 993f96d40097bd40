"""Two small made-up sites: no patient ids internally, several images a patient externally."""

import numpy as np
import numpy.typing as npt
import pytest

from cxr_core.evaluation.inputs import Scored, Site, strata_of
from cxr_core.manifest import Reference

MIX = np.array([0.3, 0.2, 0.03, 0.25, 0.2, 0.02])


@pytest.fixture(scope="session")
def sites() -> list[Site]:
    """`home` without patient ids, `away` with about two images a patient."""
    rng = np.random.default_rng(1)
    return [
        _site(rng, "home", patients=np.arange(260), policies=("majority", "unanimous"), views=("PA",)),
        _site(rng, "away", patients=rng.integers(0, 150, 320), policies=("u_ignore", "explicit"), views=("AP", "PA")),
    ]


@pytest.fixture(scope="session")
def scored(sites: list[Site]) -> list[Scored]:
    """Two ensembles and a member on both sites; home is training images alone for `full`."""
    rng = np.random.default_rng(2)
    internal, external = sites
    held_out = rng.choice(["train", "internal_test", ""], 260, p=[0.2, 0.7, 0.1])
    models = (("split", held_out, 0.5), ("split-0", held_out, 0.3), ("full", np.full(260, "train"), 0.6))
    found = []
    for model, roles, skill in models:
        found.append(_scored(rng, internal, model, roles=roles, skill=skill))
        found.append(_scored(rng, external, model, roles=np.full(320, "external_test"), skill=skill / 2))
    return found


def _site(
    rng: np.random.Generator,
    name: str,
    *,
    patients: npt.NDArray[np.int64],
    policies: tuple[str, ...],
    views: tuple[str, ...],
) -> Site:
    n = patients.size
    strata = strata_of(
        view=rng.choice(np.array(views, dtype=object), n),
        sex=rng.choice(np.array(["F", "M", None], dtype=object), n),
        age_years=np.where(rng.random(n) < 0.1, np.nan, rng.integers(18, 95, n)),
    )
    return Site(
        dataset=name,
        patients=patients,
        references={policy: _reference(rng, n, has_class=policy != "explicit") for policy in policies},
        class_policies=frozenset(policies) - {"explicit"},
        strata=strata,
    )


def _reference(rng: np.random.Generator, n: int, *, has_class: bool) -> Reference:
    classes = (
        np.where(rng.random(n) < 0.85, rng.choice(6, n, p=MIX), -1).astype(np.int8)
        if has_class
        else np.full(n, -1, np.int8)
    )
    present = (rng.random((n, 6)) < MIX).astype(np.float32)
    single = classes >= 0
    present[single] = np.eye(6, dtype=np.float32)[classes[single]]
    present[rng.random((n, 6)) < (0.1 if has_class else 0.5)] = np.nan
    return Reference(classes=classes, left_out=np.where(single, None, "several"), present=present)


def _scored(rng: np.random.Generator, site: Site, model: str, *, roles: npt.NDArray[np.str_], skill: float) -> Scored:
    n = site.patients.size
    classes = site.references[min(site.class_policies)].classes
    # Coarse scores, so that many are tied.
    raw = np.round(rng.dirichlet(np.ones(6), n), 1) + skill * (np.arange(6) == classes[:, np.newaxis])
    probability = (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)
    seen = roles != ""
    return Scored(
        model_id=model,
        dataset=site.dataset,
        is_ensemble="-" not in model,
        role=roles,
        probability=np.where(seen[:, np.newaxis], probability, np.float32(np.nan)),
        predicted=np.where(seen, probability.argmax(axis=1), -1).astype(np.int8),
        train_mix=np.array([0.25, 0.25, 0.15, 0.15, 0.15, 0.05]),
    )
