import pytest
import torch

from cxr_core.errors import SettingsError
from cxr_core.network import choose_device, reproducible


def _state():
    cudnn = torch.backends.cudnn
    precision = (cudnn.conv.fp32_precision, torch.backends.cuda.matmul.fp32_precision)
    return (torch.get_deterministic_debug_mode(), cudnn.benchmark, cudnn.deterministic, cudnn.enabled, *precision)


def test_cuda_is_made_exact_and_repeatable_within_and_left_as_it_was(monkeypatch):
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    before = _state()
    with reproducible(torch.device("cuda")):
        assert _state() == (1, False, True, True, "none", "none")
    assert _state() == before
    assert before[4] == "tf32"


def test_the_cpu_needs_nothing():
    before = _state()
    with reproducible(torch.device("cpu")):
        assert _state() == before


@pytest.mark.parametrize("name", ["tpu", "cuda:99", "cuda:x", ""])
def test_what_is_not_there_is_named_with_what_is(name):
    with pytest.raises(SettingsError, match=r"finds cpu"):
        choose_device(name)


def test_the_cpu_is_there_and_auto_finds_something():
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device("auto").type in {"cpu", "cuda", "mps"}


def test_auto_prefers_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert choose_device("auto") == torch.device("cuda")
    assert choose_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(SettingsError, match="cuda:2"):
        choose_device("cuda:2")
