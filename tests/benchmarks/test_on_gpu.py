"""What is compared on a GPU, on the processor: both sides see the same images with the same network."""

import numpy as np

from benchmarks.networks import untrained
from benchmarks.on_gpu import resident, their_epoch, their_probabilities
from benchmarks.training import our_epoch
from cxr_core.prediction import predict


def test_both_sides_see_the_same_images(tmp_path) -> None:
    images = resident(tmp_path, drawn=4, passes=2, device="cpu", architecture="small")
    network = untrained("small")
    expected = predict(network, images.in_cache, device=images.device)
    np.testing.assert_allclose(their_probabilities(network, images), expected.probability, atol=1e-5)
    assert expected.probability.shape == (8, 6)
    assert 0 < their_epoch(images) < 10
    train = our_epoch(tmp_path, hashes=images.hashes, precision="fp32", architecture="small")
    assert train().exists()
