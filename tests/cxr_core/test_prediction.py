from dataclasses import replace

import numpy as np
import pytest
import torch

from cxr_core import prediction
from cxr_core.errors import DataError
from cxr_core.network import build, load
from cxr_core.network.tensor_file import write
from cxr_core.prediction import PredictionTask, predict, predict_shard
from cxr_core.saliency import Maps, decode
from cxr_core.settings import Network
from cxr_core.training import train_member

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
HASHES = tuple(map(str, range(7)))


def _network(tmp_path, architecture="small", size_px=32):
    settings = Network(architecture=architecture, weights="none", size_px=size_px)
    return build(settings, n_classes=6, generator_seed=0, weights_folder=tmp_path)


@pytest.fixture
def images(open_images, tmp_path):
    return open_images(tmp_path, size_px=32, picture_hashes=HASHES)


@pytest.mark.parametrize(
    ("architecture", "features", "side"),
    [("small", 64, 16), ("resnet18", 512, 2), ("resnet50", 2048, 2), ("densenet121", 1024, 2)],
)
def test_shapes_and_ranges(architecture, features, side, open_images, tmp_path):
    shown = open_images(tmp_path, size_px=64, picture_hashes=HASHES[:3])
    found = predict(_network(tmp_path, architecture, 64), shown, device=CPU)
    assert found.probability.shape == (3, 6)
    assert found.features.shape == (3, features)
    assert found.maps.shape == (3, 6, side, side)
    assert found.scale.shape == (3, 6)
    assert (found.probability.dtype, found.features.dtype, found.maps.dtype, found.scale.dtype) == (
        np.float32, np.float32, np.uint8, np.float32,
    )  # fmt: skip
    np.testing.assert_allclose(found.probability.sum(axis=1), 1, rtol=1e-6)
    positive = found.scale > 0
    assert (found.maps.max(axis=(2, 3))[positive] == 255).all()
    assert not found.maps[~positive].any()


def test_one_pass_gives_what_separate_ones_would(images, tmp_path):
    network = _network(tmp_path)
    found = predict(network, images, device=CPU)
    shown = torch.from_numpy(images.pixels[:, None] / np.float32(255))
    with torch.inference_mode():
        logits, maps = network(shown), network.features(shown)
    np.testing.assert_allclose(found.probability, logits.softmax(dim=1).numpy(), atol=1e-6)
    np.testing.assert_allclose(found.features, maps.mean(dim=(2, 3)).numpy(), atol=1e-6)
    summed = np.einsum("kc,nchw->nkhw", network.head.weight.detach().numpy(), maps.numpy())
    np.testing.assert_allclose(summed.mean(axis=(2, 3)) + network.head.bias.detach().numpy(), logits.numpy(), atol=1e-5)
    decoded = decode(Maps(maps=found.maps, scale=found.scale))
    np.testing.assert_allclose(decoded, np.maximum(summed, 0), atol=found.scale.max() / 255)


def test_batches_and_order_change_nothing_but_the_last_digit(images, tmp_path):
    network = _network(tmp_path)
    sizes: list[int] = []
    whole = predict(network, images, device=CPU)
    parts = predict(network, images, device=CPU, batch_size=3, on_batch=sizes.append)
    assert sizes == [3, 3, 1]
    np.testing.assert_allclose(whole.probability, parts.probability, atol=1e-6)
    backwards = predict(network, replace(images, pixels=images.pixels[::-1].copy()), device=CPU)
    np.testing.assert_allclose(whole.features, backwards.features[::-1], atol=1e-6)


def test_a_network_in_training_mode_predicts_as_in_evaluation(images, tmp_path):
    network = _network(tmp_path)
    first = predict(network.eval(), images, device=CPU)
    second = predict(network.train(), images, device=CPU)
    np.testing.assert_array_equal(first.probability, second.probability)


def test_weights_that_are_not_finite_are_refused(images, tmp_path):
    network = _network(tmp_path)
    with torch.no_grad():
        network.head.bias[2] = float("nan")
    with pytest.raises(DataError, match="not finite"):
        predict(network, images, device=CPU)


def test_no_image_is_no_prediction(images, tmp_path):
    with pytest.raises(ValueError, match="at least one image"):
        predict(_network(tmp_path), replace(images, pixels=images.pixels[:0]), device=CPU)


@pytest.fixture
def task(member_task, open_images, tmp_path):
    member = member_task()
    return PredictionTask(
        model_id="split-0",
        weights=train_member(member, open_images=open_images),
        network=member.network,
        cache=tmp_path / "cache",
        picture_hashes=HASHES,
        device="cpu",
        out=tmp_path / "shards" / "one.safetensors",
    )


def test_a_shard_is_what_predict_gives(task, images, open_images):
    assert predict_shard(task, open_images=open_images) == task.out
    found = prediction.load(task.out)
    expected = predict(load(task.weights, network=task.network), images, device=CPU)
    for name in ("probability", "features", "maps", "scale"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert [path.name for path in task.out.parent.iterdir()] == ["one.safetensors"]


def test_a_whole_shard_is_not_made_again(task, open_images):
    sizes: list[int] = []
    predict_shard(task, open_images=open_images, on_batch=sizes.append)
    predict_shard(task, open_images=open_images, on_batch=sizes.append)
    assert sizes == [7]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty"])
def test_a_damaged_shard_is_made_again(damage, task, open_images):
    predict_shard(task, open_images=open_images)
    whole, before = task.out.read_bytes(), prediction.load(task.out)
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    task.out.write_bytes({"truncated": whole[:-10], "flipped": flipped, "empty": b""}[damage])
    predict_shard(task, open_images=open_images)
    after = prediction.load(task.out)
    np.testing.assert_array_equal(after.probability, before.probability)
    np.testing.assert_array_equal(after.maps, before.maps)


def test_a_shard_of_other_images_or_weights_is_made_again(task, open_images, tmp_path):
    sizes: list[int] = []
    predict_shard(task, open_images=open_images, on_batch=sizes.append)
    fewer = replace(task, picture_hashes=HASHES[:3])
    predict_shard(fewer, open_images=open_images, on_batch=sizes.append)
    assert len(prediction.load(task.out).probability) == 3
    other = tmp_path / "other.safetensors"
    write(other, tensors=_network(tmp_path).state_dict(), metadata={"architecture": "small"})
    predict_shard(replace(fewer, weights=other), open_images=open_images, on_batch=sizes.append)
    assert sizes == [7, 3, 3]
    elsewhere = replace(fewer, weights=other, cache=tmp_path / "elsewhere")
    predict_shard(elsewhere, open_images=open_images, on_batch=sizes.append)
    assert sizes == [7, 3, 3]


def test_weights_that_are_not_ours_are_refused(task, tmp_path):
    (tmp_path / "bad.safetensors").write_text("nothing")
    with pytest.raises(DataError, match="not the weights file of a trained member"):
        predict_shard(replace(task, weights=tmp_path / "bad.safetensors"))


def test_a_file_of_something_else_holds_no_predictions(task):
    with pytest.raises(DataError, match="holds no predictions"):
        prediction.load(task.weights)
