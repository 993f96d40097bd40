"""Neighbours against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors

from cxr_core.metrics.neighbours import likeness, nearest

VECTORS = np.random.default_rng(0).normal(size=(3, 200, 8))


def test_likeness_is_the_mean_of_the_members_cosines() -> None:
    found = likeness(VECTORS, VECTORS[:, 7])
    each = [cosine_similarity(own, own[7:8])[:, 0] for own in VECTORS]
    assert found == pytest.approx(np.mean(each, axis=0))
    assert found[7] == pytest.approx(1)


def test_it_is_the_cosine_of_the_members_unit_vectors_side_by_side() -> None:
    beside = np.concatenate([own / np.linalg.norm(own, axis=1, keepdims=True) for own in VECTORS], axis=1)
    _, expected = NearestNeighbors(n_neighbors=9, metric="cosine").fit(beside).kneighbors(beside[7:8])
    assert nearest(likeness(VECTORS, VECTORS[:, 7]), limit=9).tolist() == expected[0].tolist()


def test_an_image_that_one_member_did_not_see_or_saw_nothing_in_is_nobodys_neighbour() -> None:
    vectors = VECTORS.copy()
    vectors[1, 3], vectors[2, 4] = np.nan, 0
    found = likeness(vectors, VECTORS[:, 7])
    assert np.flatnonzero(np.isnan(found)).tolist() == [3, 4]
    assert nearest(found, limit=500).size == 198
    assert np.isnan(likeness(VECTORS, np.zeros((3, 8)))).all()


def test_single_precision_is_no_reason_for_another_order() -> None:
    whole, half = (likeness(kind, kind[:, 7]) for kind in (VECTORS, VECTORS.astype(np.float32)))
    assert nearest(whole, limit=20).tolist() == nearest(half, limit=20).tolist()


def test_features_of_other_members_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(m, d\)"):
        likeness(VECTORS, VECTORS[:2, 7])
