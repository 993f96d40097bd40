"""Batches of images, one per step."""

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def shuffled(count: int, *, batch_size: int, generator: np.random.Generator) -> list[Rows]:
    """Every image once, in random order, in batches.

    Args:
        count: Number of images, at least 2.
        batch_size: Images per batch, at least 2.
        generator: Decides the order.

    Returns:
        Batches of `batch_size` rows, the last one smaller; a last one of a single image joins the batch before, since
        batch normalization has nothing to compare one image with.
    """
    batches = in_order(count, batch_size=batch_size, order=generator.permutation(count))
    if len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [np.concatenate(batches[-2:])]
    return batches


def in_order(count: int, *, batch_size: int, order: Rows | None = None) -> list[Rows]:
    """Every row once, in the order given or from the first to the last, in batches of which the last may be smaller."""
    rows = np.arange(count, dtype=np.int64) if order is None else order
    return [rows[start : start + batch_size] for start in range(0, count, batch_size)]
