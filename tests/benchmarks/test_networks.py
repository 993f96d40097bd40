"""The networks of both sides are the same network, and each learns."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from benchmarks.explaining import their_maps
from benchmarks.networks import (
    CPU,
    JpegFiles,
    Shown,
    as_three_channels,
    cached,
    drawn,
    drawn_files,
    limit,
    plain_resnet18,
    untrained,
)
from benchmarks.predicting import their_probabilities
from benchmarks.training import our_epoch, their_epoch
from cxr_core.prediction import predict
from cxr_core.training import read_epochs


@pytest.fixture(scope="module")
def ours():
    return untrained("resnet18")


def test_both_networks_give_the_same_probabilities(ours, tmp_path) -> None:
    files = drawn_files(tmp_path / "images", count=3)
    pixels = np.stack([JpegFiles(files)[number][0] for number in range(3)])
    plain = plain_resnet18()
    weights = {name.removeprefix("trunk."): tensor for name, tensor in ours.state_dict().items()}
    plain.load_state_dict({name.replace("head.", "fc."): tensor for name, tensor in weights.items()})
    found = their_probabilities(plain, DataLoader(JpegFiles(files), batch_size=2))
    expected = predict(ours, Shown(pixels=pixels), device=CPU)
    np.testing.assert_allclose(found, expected.probability, atol=1e-5)


def test_both_explain_the_same_images(ours) -> None:
    pixels = drawn(0)[np.newaxis, ::2, ::2].copy()
    maps = their_maps(ours, pixels)
    expected = predict(ours, Shown(pixels=pixels), device=CPU)
    assert maps.shape == (1, 6, 112, 112)
    assert expected.maps.shape[:2] == (1, 6)
    for theirs, own in zip(maps[0], expected.maps[0], strict=True):
        peak = np.array(np.unravel_index(own.argmax(), own.shape))
        cell = 112 / own.shape[0]
        middle = np.round((peak + 0.5) * cell - 0.5).astype(int)
        assert theirs[tuple(middle)] > 0.8 * theirs.max()


def test_their_loop_learns(tmp_path) -> None:
    torch.manual_seed(0)
    gray = torch.from_numpy(np.stack([drawn(number)[::4, ::4] for number in range(12)]))
    losses = their_epoch([(gray, torch.arange(12) % 6)] * 12, out=tmp_path / "theirs.pt")
    assert losses[-1] < 0.7 * losses[0]
    assert torch.load(tmp_path / "theirs.pt")["fc.weight"].shape == (6, 512)


def test_ours_trains_a_new_member_each_time(tmp_path) -> None:
    hashes = cached(drawn_files(tmp_path / "images", count=8), cache=tmp_path / "cache")
    train = our_epoch(tmp_path, hashes=hashes, precision="bf16", architecture="small")
    first, second = train(), train()
    assert first != second
    assert [epoch.epoch for epoch in read_epochs(second)] == [1]


def test_gray_becomes_three_normalized_channels() -> None:
    found = as_three_channels(torch.full((2, 4, 4), 255, dtype=torch.uint8))
    np.testing.assert_allclose(
        found[1, :, 0, 0], (1 - np.array([0.485, 0.456, 0.406])) / [0.229, 0.224, 0.225], rtol=1e-5
    )


def test_a_limit_counts_operations(ours, monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.networks.operations_a_second", lambda _: 3.6e12)
    # He et al. 2016, table 1: 1.8e9 multiply-adds, of which each is two operations.
    assert limit(ours, passes=1).value == pytest.approx(1000, rel=0.02)
    assert limit(ours, passes=3).value == pytest.approx(1000 / 3, rel=0.02)
