import errno
import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from cxr_core.errors import UnreadableError
from cxr_core.network.tensor_file import read_metadata
from cxr_core.training.checkpoints import Checkpoints
from cxr_core.training.task import Epoch


def _epochs(count):
    return [
        Epoch(epoch=number, train_loss=1, held_out_loss=None, validation_loss=None, seconds=1, learning_rate=1)
        for number in range(1, count + 1)
    ]


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(folder=tmp_path, model_id="split-0", fingerprint="0123456789abcdef")


def _save(checkpoints, epochs, best):
    for count in range(1, epochs + 1):
        checkpoints.save({"weight.a": torch.tensor([float(count)])}, epochs=_epochs(count), best=best)


def test_the_last_two_and_the_best_are_kept(checkpoints):
    _save(checkpoints, 5, best=2)
    assert checkpoints.numbers() == [5, 4, 2]
    found = checkpoints.after(2)
    assert found.tensors["weight.a"].tolist() == [2]
    assert list(found.epochs) == _epochs(2)
    assert checkpoints.after(3) is None


def test_those_of_other_members_and_settings_are_left_alone_and_never_read(checkpoints, tmp_path):
    others = [
        Checkpoints(folder=tmp_path, model_id="split-0", fingerprint="fedcba9876543210"),
        Checkpoints(folder=tmp_path, model_id="split-01", fingerprint="0123456789abcdef"),
    ]
    for one in (checkpoints, *others):
        _save(one, 1, best=1)
    checkpoints.clear()
    assert checkpoints.numbers() == []
    assert [other.numbers() for other in others] == [[1], [1]]


def test_a_file_under_a_false_name_is_not_taken(checkpoints, tmp_path):
    _save(checkpoints, 2, best=2)
    name = "split-0.0123456789abcdef.{:03d}.safetensors"
    shutil.copy(tmp_path / name.format(2), tmp_path / name.format(7))
    assert checkpoints.after(7) is None
    other = Checkpoints(folder=tmp_path, model_id="split-0", fingerprint="fedcba9876543210")
    shutil.copy(tmp_path / name.format(2), tmp_path / "split-0.fedcba9876543210.002.safetensors")
    assert other.after(2) is None
    assert checkpoints.after(2) is not None


def test_one_that_cannot_be_read_stops_the_training_and_is_not_passed_over(checkpoints, monkeypatch):
    _save(checkpoints, 3, best=3)

    def refuse(*_, **__):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableError, match="cannot be read"):
        checkpoints.after(3)


def test_one_that_has_lost_its_digest_is_not_taken(checkpoints, tmp_path):
    _save(checkpoints, 1, best=1)
    (path,) = tmp_path.glob("*.safetensors")
    kept = dict(read_metadata(path))
    del kept["digest"]
    path.write_bytes(save({"weight.a": torch.tensor([float("nan")])}, metadata=kept))

    assert checkpoints.after(1) is None
