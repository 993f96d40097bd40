import hashlib
import pickle
from urllib.error import URLError

import pytest
import torch
from safetensors.torch import save_file

from cxr_core.errors import DataError, SettingsError
from cxr_core.network import build, starting_weights
from cxr_core.network.tensor_file import write
from cxr_core.settings import Network

pytestmark = pytest.mark.usefixtures("one_thread")


def _start(weights, folder, architecture="resnet18"):
    network = Network(architecture=architecture, weights=str(weights), size_px=64)
    return build(network, n_classes=6, generator_seed=0, weights_folder=folder)


@pytest.fixture
def no_hub(monkeypatch, tmp_path):
    """A machine without a network and without earlier downloads."""

    def unreachable(url, to, *, progress):
        del url, to, progress
        raise URLError("Temporary failure in name resolution")

    monkeypatch.setattr(torch.hub, "download_url_to_file", unreachable)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    return tmp_path


@pytest.mark.parametrize(
    ("architecture", "file"),
    [
        ("resnet18", "resnet18-f37072fd.pth"),
        ("resnet50", "resnet50-0676ba61.pth"),
        ("densenet121", "densenet121-a639ec97.pth"),
    ],
)
def test_offline_it_names_the_file_and_where_to_put_it(architecture, file, no_hub):
    with pytest.raises(SettingsError, match=file) as raised:
        _start("imagenet", no_hub / "weights", architecture)
    assert str(no_hub / "weights") in str(raised.value)
    assert "https://download.pytorch.org/models/" in str(raised.value)
    assert "--weights none" in str(raised.value)


def test_the_small_network_has_no_imagenet_weights(no_hub):
    with pytest.raises(SettingsError, match="no ImageNet weights"):
        _start("imagenet", no_hub, "small")


def _published(path, monkeypatch, seed=1):
    """A file as torchvision publishes them: a thousand outputs, and a name that ends with its own SHA-256."""
    from torchvision import models

    torch.manual_seed(seed)
    theirs = models.resnet18()
    path.mkdir(parents=True, exist_ok=True)
    torch.save(theirs.state_dict(), path / "made.pth")
    digest = hashlib.sha256((path / "made.pth").read_bytes()).hexdigest()[:8]
    named = (path / "made.pth").rename(path / f"made-{digest}.pth")
    monkeypatch.setattr(starting_weights, "_url", lambda _: f"https://example.org/{named.name}")
    return named, theirs


@pytest.mark.parametrize("place", ["weights", "hub/checkpoints"])
def test_a_file_that_was_brought_is_used(place, no_hub, monkeypatch):
    _, theirs = _published(no_hub / place, monkeypatch)
    network = _start("imagenet", no_hub / "weights")
    assert torch.equal(network.trunk.conv1.weight, theirs.conv1.weight)
    assert network.head.out_features == 6


def test_a_file_that_was_brought_half_is_not_used(no_hub, monkeypatch):
    path, _ = _published(no_hub / "weights", monkeypatch)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match="is damaged"):
        _start("imagenet", no_hub / "weights")


def test_the_head_of_a_file_with_torchvisions_names_is_drawn_anew(tmp_path, monkeypatch):
    path, theirs = _published(tmp_path, monkeypatch)
    network = _start(path, tmp_path)
    fresh = _start("none", tmp_path)
    assert torch.equal(network.trunk.layer4[1].conv2.weight, theirs.layer4[1].conv2.weight)
    assert torch.equal(network.head.weight, fresh.head.weight)


def test_a_member_of_ours_is_gone_on_from_with_its_head(tmp_path):
    member = _start("none", tmp_path, "small")
    with torch.no_grad():
        member.head.weight.fill_(0.25)
    write(tmp_path / "member.safetensors", tensors=member.state_dict(), metadata={})
    network = _start(tmp_path / "member.safetensors", tmp_path, "small")
    assert torch.equal(network.head.weight, member.head.weight)


def test_old_names_of_densenet_layers_are_known(tmp_path):
    import re

    from torchvision import models

    theirs = models.densenet121()
    old = {
        re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", name): tensor
        for name, tensor in theirs.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    assert "features.denseblock1.denselayer1.norm.1.weight" in old
    torch.save(old, tmp_path / "old.pth")
    network = _start(tmp_path / "old.pth", tmp_path, "densenet121")
    layer = network.trunk.features.denseblock1.denselayer1
    assert torch.equal(layer.conv1.weight, theirs.features.denseblock1.denselayer1.conv1.weight)


def test_a_file_of_another_architecture_is_refused_with_what_is_missing(tmp_path, monkeypatch):
    path, _ = _published(tmp_path, monkeypatch)
    with pytest.raises(DataError, match=r"\d+ missing \(trunk\.layer1\.0\.conv3\.weight.*of another shape \("):
        _start(path, tmp_path, "resnet50")


@pytest.mark.parametrize(
    ("entry", "prefix"), [("state_dict", ""), ("model_state_dict", "module."), ("model", "_orig_mod."), ("", "module.")]
)
def test_the_state_inside_a_checkpoint_is_taken_and_said(entry, prefix, tmp_path, monkeypatch):
    path, theirs = _published(tmp_path, monkeypatch)
    state = {f"{prefix}{name}": tensor for name, tensor in theirs.state_dict().items()}
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9)
    optimizer.step()
    whole = {"epoch": 7, entry: state, "optimizer": optimizer.state_dict(), "loss": torch.tensor(0.5), "note": "x"}
    torch.save(whole if entry else state, path)
    network = _start(path, tmp_path)
    assert all(torch.equal(network.trunk.state_dict()[name], tensor) for name, tensor in theirs.state_dict().items()
               if not name.startswith("fc."))  # fmt: skip
    said = starting_weights.started_from_note(str(path))
    assert said == (f"{path.name} is a checkpoint: the networks start from its entry '{entry}'." if entry else None)


def test_a_checkpoint_of_two_states_is_refused_by_their_names(tmp_path):
    state = {"fc.weight": torch.zeros(2)}
    torch.save({"state_dict": state, "ema": state, "epoch": 1}, tmp_path / "two.pth")
    with pytest.raises(DataError, match="several entries of tensors, state_dict and ema; save one of them alone"):
        _start(tmp_path / "two.pth", tmp_path)


class _Trap:
    def __reduce__(self):
        return (pytest.fail, ("code of a weights file was run",))


@pytest.mark.parametrize("content", ["text", "code", "list", "nested", "absent", "folder", "truncated"])
def test_what_is_no_weights_file_is_refused_and_never_run(content, tmp_path):
    path = tmp_path / "bad.pth"
    if content == "text":
        path.write_text("not weights")
    elif content == "code":
        path.write_bytes(pickle.dumps({"fc.weight": _Trap()}, protocol=2))
    elif content == "list":
        torch.save([torch.zeros(2)], path)
    elif content == "nested":
        torch.save({"state_dict": {"fc.weight": {"deeper": torch.zeros(2)}}}, path)
    elif content == "folder":
        path.mkdir()
    elif content == "truncated":
        torch.save({"fc.weight": torch.zeros(2000)}, path)
        path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError, match=r"bad\.pth"):
        _start(path, tmp_path)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("suffix", ["safetensors", "pt"])
def test_weights_that_are_not_finite_are_refused(number, suffix, tmp_path):
    """Also where the digest, which would tell that they were changed, was taken away or never there."""
    path = tmp_path / f"broken.{suffix}"
    tensors = {name: tensor.contiguous() for name, tensor in _start("none", tmp_path).state_dict().items()}
    tensors["trunk.conv1.weight"][0, 0, 0, 0] = number
    save_file(tensors, path) if suffix == "safetensors" else torch.save(tensors, path)

    with pytest.raises(DataError, match=r"'trunk\.conv1\.weight'"):
        _start(path, tmp_path)
