import numpy as np
import pytest
import torch

from cxr_core.errors import DataError
from cxr_core.network import as_input, build, load
from cxr_core.network.tensor_file import write
from cxr_core.settings import Network

pytestmark = pytest.mark.usefixtures("one_thread")

SHAPES = {
    "small": ((64, 16, 16), 81_510),
    "resnet18": ((512, 2, 2), 11_179_590),
    "resnet50": ((2048, 2, 2), 23_520_326),
    "densenet121": ((1024, 2, 2), 6_960_006),
}


def _network(architecture, size_px=64):
    return Network(architecture=architecture, weights="none", size_px=size_px)


def _images(count=2, size_px=64, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (count, size_px, size_px), dtype=np.uint8)
    return as_input(pixels, device=torch.device("cpu"))


@pytest.mark.parametrize("architecture", SHAPES)
def test_each_architecture_gives_six_logits_from_maps_of_no_negative_value(architecture, tmp_path):
    maps, parameters = SHAPES[architecture]
    network = build(_network(architecture), n_classes=6, generator_seed=0, weights_folder=tmp_path).eval()
    with torch.inference_mode():
        features = network.features(_images())
        logits = network(_images())
    assert features.shape == (2, *maps)
    assert float(features.min()) >= 0
    assert logits.shape == (2, 6)
    assert torch.allclose(logits, features.mean(dim=(2, 3)) @ network.head.weight.T + network.head.bias, atol=1e-5)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters


@pytest.mark.parametrize("architecture", ["resnet18", "resnet50", "densenet121"])
def test_with_torchvisions_weights_it_is_torchvisions_network(architecture, tmp_path):
    from torchvision import models

    theirs = getattr(models, architecture)(num_classes=6).eval()
    path = tmp_path / "weights.pth"
    torch.save(theirs.state_dict(), path)
    network = Network(architecture=architecture, weights=str(path), size_px=64)
    ours = build(network, n_classes=6, generator_seed=0, weights_folder=tmp_path).eval()
    ours.head.load_state_dict((theirs.classifier if architecture == "densenet121" else theirs.fc).state_dict())
    color = torch.rand(2, 1, 64, 64).expand(2, 3, 64, 64)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    standardized = (color - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
    with torch.inference_mode():
        assert torch.allclose(ours(color[:, :1]), theirs(standardized), atol=1e-4)


def test_the_seed_decides_the_weights_and_torchs_own_generator_stays(tmp_path):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    heads = [
        build(_network("small"), n_classes=6, generator_seed=seed, weights_folder=tmp_path).head.weight.detach().clone()
        for seed in (1, 1, 2)
    ]
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    heads.append(build(_network("small"), n_classes=6, generator_seed=1, weights_folder=tmp_path).head.weight.detach())
    assert torch.equal(heads[0], heads[1])
    assert torch.equal(heads[0], heads[3])
    assert not torch.equal(heads[0], heads[2])


def test_input_is_a_share_of_white():
    pixels = np.array([[[0, 51], [102, 255]]], np.uint8)
    found = as_input(pixels, device=torch.device("cpu"))
    assert found.shape == (1, 1, 2, 2)
    assert torch.allclose(found, torch.tensor([[[[0, 0.2], [0.4, 1]]]]))
    assert pixels.max() == 255


def test_an_equalized_image_is_standardized_for_the_small_network(tmp_path):
    network = build(_network("small"), n_classes=6, generator_seed=0, weights_folder=tmp_path)
    ramp = np.linspace(0, 255, 64 * 64).round().astype(np.uint8).reshape(1, 64, 64)
    found = network.standardize(as_input(ramp, device=torch.device("cpu")))
    assert float(found.mean()) == pytest.approx(0, abs=1e-3)
    assert float(found.std()) == pytest.approx(1, abs=1e-2)


def test_a_member_comes_back_as_it_was_written(tmp_path):
    network = _network("small")
    first = build(network, n_classes=6, generator_seed=3, weights_folder=tmp_path)
    write(tmp_path / "member.safetensors", tensors=first.state_dict(), metadata={"architecture": "small"})
    second = load(tmp_path / "member.safetensors", network=network)
    assert all(torch.equal(mine, second.state_dict()[name]) for name, mine in first.state_dict().items())


def test_a_member_of_another_architecture_is_named(tmp_path):
    first = build(_network("small"), n_classes=6, generator_seed=3, weights_folder=tmp_path)
    write(tmp_path / "member.safetensors", tensors=first.state_dict(), metadata={"architecture": "small"})
    with pytest.raises(DataError, match=r"trained resnet18.*'small'"):
        load(tmp_path / "member.safetensors", network=_network("resnet18"))
