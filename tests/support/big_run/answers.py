"""What made-up networks answer: softmax of what an image shows, of the site, and of two kinds of noise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.settings import Regime
from tests.support.big_run.sites import DrawnSite

Probability = npt.NDArray[np.float32]

REGIMES: tuple[Regime, ...] = ("full", "split")

_EXTERNAL_BIAS = np.array([2.6, 0.4, -0.8, -0.6, 0.1, -1.0], np.float32)
"""Class by class, and again from the first where there are more."""

_SKILL = {"train": 6.0, "internal_test": 2.0, "external_test": 0.9}
_HELD_OUT = 5  # every fifth image


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One model on one site's images.

    Attributes:
        model_id: ``split``, ``full-2``.
        regime: What it was trained on.
        member: None for the ensemble.
        role: Shape ``(n,)``.
        probability: Shape ``(n, k)``; each row sums to 1.
    """

    model_id: str
    regime: Regime
    member: int | None
    role: npt.NDArray[np.object_]
    probability: Probability

    @property
    def predicted(self) -> npt.NDArray[np.int8]:
        """The class of the highest probability, shape ``(n,)``."""
        return np.asarray(self.probability.argmax(axis=1), np.int8)


def answers(drawn: DrawnSite, *, members: int, seed: int) -> Iterator[Answers]:
    """Every model on one site, one at a time: the members of a regime, then their ensemble, which is their mean.

    Args:
        drawn: The site.
        members: Of each regime.
        seed: Of the noise; what is the same for all models of a site (how hard an image is) depends on it alone.
    """
    known, k = drawn.truth[: drawn.kept], len(drawn.classes)
    site_seed = [seed, int(drawn.site == "external")]
    hardness = 1.2 * _noise((len(known), k), np.random.default_rng([*site_seed, 0]))
    for number, regime in enumerate(REGIMES):
        role = roles(drawn, regime=regime)
        signal = hardness + _signal(known, role, k=k)
        if drawn.site == "external":
            signal += np.resize(_EXTERNAL_BIAS, k)
        total = np.zeros_like(signal)
        for member in range(members):
            rng = np.random.default_rng([*site_seed, 1 + number, member])
            probability = softmax(signal + 0.6 * _noise((len(known), k), rng))
            total += probability
            model_id = f"{regime}-{member}"
            yield Answers(model_id=model_id, regime=regime, member=member, role=role, probability=probability)
        yield Answers(
            model_id=regime, regime=regime, member=None, role=role, probability=(total / members).astype(np.float32)
        )


def roles(drawn: DrawnSite, *, regime: Regime) -> npt.NDArray[np.object_]:
    """The role of a regime's predictions, shape ``(kept,)``."""
    if drawn.site == "external":
        return np.full(drawn.kept, "external_test", object)
    held_out = (np.arange(drawn.kept) % _HELD_OUT == 0) & (regime == "split")
    return np.where(held_out, "internal_test", "train").astype(object)


def softmax(logits: Probability) -> Probability:
    """Shape ``(n, k)``, each row summing to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Probability = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _signal(truth: npt.NDArray[np.int8], role: npt.NDArray[np.object_], *, k: int) -> Probability:
    skill = np.select([role == name for name in _SKILL], list(_SKILL.values())).astype(np.float32)
    return skill[:, None] * np.eye(k, dtype=np.float32)[truth]


def _noise(shape: tuple[int, int], rng: np.random.Generator) -> Probability:
    return rng.standard_normal(shape, np.float32)
