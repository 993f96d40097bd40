import errno
import json
import os
import pickle
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from cxr_core.errors import DataError, UnreadableError
from cxr_core.network.tensor_file import check_finite, read, read_metadata, write

ENTRY = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


def raw(header, content=b""):
    """A safetensors file with this header."""
    said = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(said)) + said + content


HEADERS = {
    "a list": raw([1, 2]),
    "a number": raw(b"12"),
    "null": raw(b"null"),
    "a word": raw(b'"a"'),
    "no text": raw(b"\xff\xfe{}"),
    "too deep": raw(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "no tensor": raw({"a": None}),
    "a tensor that is a list": raw({"a": [1]}),
    "no place": raw({"a": {"dtype": "F32", "shape": [1]}}),
    "half a place": raw({"a": ENTRY | {"data_offsets": [4]}}, b"0000"),
    "a place in words": raw({"a": ENTRY | {"data_offsets": ["0", "4"]}}, b"0000"),
    "a place before the start": raw({"a": ENTRY | {"data_offsets": [-4, 0]}}),
    "a place that runs backwards": raw({"a": ENTRY | {"data_offsets": [4, 0]}}, b"0000"),
    "a place that is no number": raw(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,Infinity]}}'),
    "an endless number": raw(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,' + b"9" * 5000 + b"]}}"),
    "two in one place": raw({"a": ENTRY, "b": ENTRY}, b"0000"),
    "one name twice": raw(b'{"a":%s,"a":%s}' % ((json.dumps(ENTRY).encode(),) * 2), b"0000"),
    "a hole": raw({"a": ENTRY | {"data_offsets": [4, 8]}}, b"00000000"),
    "a kind of number that torch has not": raw({"a": ENTRY | {"dtype": "F4", "shape": [8]}}, b"0000"),
    "metadata that is a list": raw({"__metadata__": [1], "a": ENTRY}, b"0000"),
    "no metadata": raw({"__metadata__": None, "a": ENTRY}, b"0000"),
    "metadata that is a number": raw({"__metadata__": {"digest": 3}, "a": ENTRY}, b"0000"),
    "a header longer than the file": struct.pack("<Q", 2**63) + b"{}",
}


@pytest.mark.parametrize("content", HEADERS.values(), ids=HEADERS.keys())
def test_a_damaged_header_is_refused_in_words(tmp_path, content):
    path = tmp_path / "strange.safetensors"
    path.write_bytes(content)

    with pytest.raises(DataError, match=r"strange\.safetensors cannot be read as weights"):
        read(path)
    assert read_metadata(path) == {} or "F4" in str(content)


def test_a_header_that_would_fill_the_memory_is_not_read(tmp_path):
    path = tmp_path / "huge.safetensors"
    with path.open("wb") as file:
        file.write(struct.pack("<Q", 2**40))
        file.truncate(2**40 + 8)  # a hole: it takes no room

    assert read_metadata(path) == {}


TORCH_FILES = {
    "empty": b"",
    "a word": b"hello",
    "the beginning of an archive": b"PK\x03\x04" + b"0" * 50,
    "a pickled list": pickle.dumps([1]),
    "a pickled number by name": pickle.dumps({"a": 1}),
    "code": b"cos\nsystem\n(S'true'\ntR.",
    "a text of two gigabytes, it says": b"\x80\x02X\xff\xff\xff\x7f",
}


@pytest.mark.parametrize("content", TORCH_FILES.values(), ids=TORCH_FILES.keys())
def test_a_strange_torch_file_is_refused_in_words(tmp_path, content):
    (tmp_path / "strange.pt").write_bytes(content)

    with pytest.raises(DataError, match=r"strange\.pt cannot be read as weights"):
        read(tmp_path / "strange.pt")


@pytest.mark.parametrize(
    "tensor", [torch.ones(2, 2).to_sparse(), torch.ones(2, device="meta")], ids=["sparse", "without numbers"]
)
def test_tensors_that_are_not_plain_are_refused(tmp_path, tensor):
    torch.save({"a": tensor}, tmp_path / "other.pt")

    with pytest.raises(DataError, match="something other than tensors by name"):
        read(tmp_path / "other.pt")


def test_a_flipped_bit_in_a_torch_file_is_seen(tmp_path):
    path, numbers = tmp_path / "some.pt", torch.arange(1000.0)
    torch.save({"a": numbers}, path)
    assert torch.equal(read(path).tensors["a"], numbers)
    content = bytearray(path.read_bytes())
    content[content.index(numbers.numpy().tobytes()) + 400] ^= 0x40
    path.write_bytes(content)

    with pytest.raises(DataError, match="does not match its checksum"):
        read(path)


def test_what_we_wrote_and_has_lost_its_digest_is_damaged(written):
    path, tensors = written
    assert read(path, is_ours=True).tensors.keys() == tensors.keys()
    path.write_bytes(save({"weight": torch.ones(2)}))

    assert read(path).tensors["weight"].tolist() == [1, 1]
    with pytest.raises(DataError, match="lost its digest"):
        read(path, is_ours=True)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_not_finite_are_named(tmp_path, number):
    tensors = {"good": torch.ones(2), "counter": torch.tensor(3), "bad": torch.tensor([1, number])}

    check_finite(tmp_path, {"good": tensors["good"], "counter": tensors["counter"]})
    with pytest.raises(DataError, match="not finite, in 1 of 3 tensors \\(the first is 'bad'\\)"):
        check_finite(tmp_path, tensors)


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.EIO])
@pytest.mark.parametrize("reader", [read, read_metadata])
def test_what_cannot_be_read_is_not_called_damaged(written, monkeypatch, reader, number):
    path, _ = written

    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableError, match=os.strerror(number)) as told:
        reader(path)
    assert "damaged" not in str(told.value)
    assert "elete" not in str(told.value)


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


@pytest.mark.parametrize("name", ["/dev/zero", "."])
def test_a_device_without_end_and_a_folder_are_no_weights_file(name):
    with pytest.raises(DataError, match="found a folder or a device"):
        read(Path(name))
