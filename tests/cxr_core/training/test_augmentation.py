import pytest
import torch

from cxr_core.training import augmentation

pytestmark = pytest.mark.usefixtures("one_thread")


def _changed(images, seed=0):
    return augmentation.light(images, generator=torch.Generator().manual_seed(seed))


def _spot(row, column):
    images = torch.zeros(64, 1, 64, 64)
    images[:, :, row - 3 : row + 4, column - 3 : column + 4] = 1
    return images


def test_shape_range_and_repeatability():
    images = torch.rand(8, 1, 32, 32, generator=torch.Generator().manual_seed(1))
    first = _changed(images)
    assert first.shape == images.shape
    assert 0 <= float(first.min()) < float(first.max()) <= 1
    assert torch.equal(first, _changed(images))
    assert not torch.equal(first, _changed(images, seed=1))


def test_what_is_on_the_left_stays_on_the_left_and_what_is_above_stays_above():
    moved = _changed(_spot(16, 12))
    places = moved.flatten(1).argmax(dim=1)
    rows, columns = places // 64, places % 64
    assert int(columns.max()) < 26
    assert int(rows.max()) < 30


def test_each_image_is_moved_its_own_way_by_a_few_pixels():
    moved = _changed(_spot(32, 32))
    mass = (moved - moved.amin(dim=(1, 2, 3), keepdim=True)).squeeze(1)
    at = torch.arange(64.0)
    rows = (mass.sum(dim=2) * at).sum(dim=1) / mass.sum(dim=(1, 2))
    columns = (mass.sum(dim=1) * at).sum(dim=1) / mass.sum(dim=(1, 2))
    for places in (rows, columns):
        assert 28 < float(places.min()) < 30
        assert 34 < float(places.max()) < 37
    assert len(torch.unique(rows.round(decimals=2))) > 50


def test_gray_values_change_within_bounds():
    means = _changed(torch.full((200, 1, 8, 8), 0.5)).mean(dim=(1, 2, 3))
    assert 0.4 <= float(means.min()) < 0.42
    assert 0.58 < float(means.max()) <= 0.6
