"""Findings that occur together, as pandas counts them."""

import numpy as np
import pandas as pd
import pytest

from cxr_core.metrics.cooccurrence import cooccurrence

PRESENT = np.random.default_rng(0).choice([0.0, 1.0, np.nan], p=[0.5, 0.3, 0.2], size=(300, 4))


def test_counts_are_those_of_pandas() -> None:
    table, found = pd.DataFrame(PRESENT), cooccurrence(PRESENT)
    assert found.images == 300
    for row in range(4):
        having = table[table[row] == 1]
        assert found.present[row] == len(having)
        assert found.known[row].tolist() == having.notna().sum().tolist()
        assert found.both[row].tolist() == (having == 1).sum().tolist()
        assert found.shares()[row] == pytest.approx(having.mean().to_numpy())


def test_rows_may_stand_for_many_images() -> None:
    images = np.random.default_rng(1).integers(1, 5, size=300)
    one, many = cooccurrence(PRESENT, images=images), cooccurrence(np.repeat(PRESENT, images, axis=0))
    assert one.images == many.images
    for name in ("present", "known", "both"):
        assert np.array_equal(getattr(one, name), getattr(many, name))


def test_without_images_all_counts_are_zero_and_shares_undefined() -> None:
    found = cooccurrence(np.empty((0, 2)))
    assert (found.images, found.known.sum()) == (0, 0)
    assert np.isnan(found.shares()).all()
