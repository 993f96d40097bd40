import pytest
import torch

from cxr_core.errors import DataError
from cxr_core.network.tensor_file import read, read_metadata, write


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "new" / "some.safetensors"
    tensors = {
        "weight": torch.arange(48.0).reshape(2, 3, 2, 4).contiguous(memory_format=torch.channels_last),
        "counter": torch.tensor(7),
        "maps": torch.zeros((0, 6), dtype=torch.uint8),
    }
    write(path, tensors=tensors, metadata={"architecture": "small"})
    return path, tensors


def test_what_is_written_comes_back(written):
    path, tensors = written
    stored = read(path)
    assert stored.tensors.keys() == tensors.keys()
    assert all(torch.equal(stored.tensors[name], tensor) for name, tensor in tensors.items())
    assert stored.metadata["architecture"] == "small"
    assert read_metadata(path) == stored.metadata
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_others_may_read_it_like_any_file(written):
    path, _ = written
    usual = path.with_name("usual")
    usual.write_text("")
    assert path.stat().st_mode == usual.stat().st_mode


def test_every_flipped_bit_is_seen(written):
    path, _ = written
    whole = path.read_bytes()
    word = whole.index(b"digest")
    for place in set(range(len(whole))) - set(range(word, word + len("digest"))):
        content = bytearray(whole)
        content[place] ^= 1
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"some\.safetensors"):
            read(path)


def test_what_was_read_survives_the_file(written):
    path, tensors = written
    stored = read(path)
    path.write_bytes(path.read_bytes()[:100])
    assert torch.equal(stored.tensors["weight"], tensors["weight"])


@pytest.mark.parametrize("size", [0, 4, 100, -1])
def test_half_a_file_is_refused(size, written):
    path, _ = written
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DataError, match="cannot be read as weights"):
        read(path)
    assert read_metadata(path) == {}


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"No weights file at .*absent"):
        read(tmp_path / "absent.safetensors")
    assert read_metadata(tmp_path / "absent.safetensors") == {}
