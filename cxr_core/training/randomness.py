"""Random streams of a member: one per purpose and epoch, derived from numbers and never carried along."""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream is for; a stream's number must never change."""

    START = 0
    ORDER = 1
    AUGMENTATION = 2


def stream(purpose: Purpose, *, seed: int, member: int, fold: int | None, epoch: int) -> np.random.Generator:
    """A generator for one purpose in one epoch of one member; the same numbers give the same stream on any machine.

    Members differ in all three purposes. The paper tells its members apart by the seed of their shuffling; we let it
    decide the weights that do not come from a file too, since members that start apart disagree more usefully. A member
    of the regime `full` and the one of the same number in `split` start alike.

    Args:
        purpose: What it is for.
        seed: The run's, at least 0.
        member: Its number within the regime, at least 0.
        fold: Which fold is held out; None without folds.
        epoch: 1, 2, ...; 0 before the first.
    """
    fold_number = 0 if fold is None else fold + 1
    return np.random.default_rng(np.random.SeedSequence((seed, member, fold_number, epoch, purpose)))


def torch_seed(generator: np.random.Generator) -> int:
    """A seed for a torch generator, drawn from a stream."""
    return int(generator.integers(2**62))
