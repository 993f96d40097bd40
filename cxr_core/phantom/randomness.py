"""One random stream for each purpose, so that a cause moves its own draws and no others."""

import numpy as np


def stream(seed: int, *place: int, purpose: str) -> np.random.Generator:
    """The stream of one purpose in one place.

    Args:
        seed: The site's seed, at or above 0.
        place: Which patient, or which patient and image.
        purpose: What is drawn from it, such as ``pose``.

    Returns:
        A generator in its first state: the same arguments give the same draws, others independent ones.
    """
    return np.random.default_rng([seed, *place, len(place), *purpose.encode()])
