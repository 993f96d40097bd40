from dataclasses import replace

import pytest

from cxr_core.errors import DataError, SettingsError
from cxr_core.settings import Network, Recipe
from cxr_core.training.task import epochs_as_json, epochs_from_json


def test_the_fingerprint_knows_what_decides_the_weights_and_nothing_else(member_task, tmp_path):
    task = member_task()
    elsewhere = replace(
        task, cache=tmp_path / "a", weights_folder=tmp_path / "b", folder=tmp_path / "c", out=tmp_path / "d",
        show_progress=True, model_id="full-0",
    )  # fmt: skip
    assert elsewhere.fingerprint() == task.fingerprint()
    others = [
        replace(task, seed=4),
        replace(task, member=1),
        replace(task, fold=0),
        replace(task, network=replace(task.network, size_px=64)),
        replace(task, network=replace(task.network, architecture="resnet18")),
        replace(task, recipe=replace(task.recipe, momentum=0.8)),
        replace(task, train=tuple(reversed(task.train))),
        replace(task, train_classes=(1,) * 12),
        replace(task, held_out=("100", "101", "103")),
    ]
    assert len({task.fingerprint(), *(other.fingerprint() for other in others)}) == 10


def test_a_weights_file_is_known_by_its_content(member_task, tmp_path):
    first, same, other = (tmp_path / name for name in ("first", "same", "other"))
    for path, content in ((first, b"a"), (same, b"a"), (other, b"b")):
        path.write_bytes(content)
    tasks = [member_task(network=Network(architecture="small", weights=str(path))) for path in (first, same, other)]
    prints = [task.fingerprint() for task in tasks]
    assert prints[0] == prints[1] != prints[2]
    first.unlink()
    with pytest.raises(DataError, match="No weights file"):
        tasks[0].fingerprint()


def test_auto_and_the_device_that_it_finds_are_one(member_task):
    import torch

    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("Auto is not the CPU here.")
    assert member_task(device="auto").fingerprint() == member_task(device="cpu").fingerprint()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"train_classes": (0,) * 11}, "found 11 for 12"),
        ({"train_classes": (-1,) + (0,) * 11}, "found -1"),
        ({"held_out_classes": (0, 6, 1)}, "from -1 to 5, found 6"),
        ({"seed": -1}, "start at 0"),
    ],
)
def test_nonsense_is_refused(changes, words, member_task):
    with pytest.raises(ValueError, match=words):
        member_task(**changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"train": ("1",), "train_classes": (1,)}, "found 1 images"),
        ({"train": (), "train_classes": ()}, "found 0 images"),
        ({"recipe": Recipe(batch_size=1)}, "batches of 1"),
        ({"recipe": Recipe(epochs=0)}, "at least one epoch"),
        ({"recipe": Recipe(select="best_epoch")}, "validation part"),
        ({"recipe": Recipe(select="early_stopping"), "validation": ("9",), "validation_classes": (-1,)}, "validation"),
    ],
)
def test_settings_that_cannot_work_are_refused_in_words(changes, words, member_task):
    with pytest.raises(SettingsError, match=words):
        member_task(**changes)


def test_epochs_survive_being_written():
    text = '[{"epoch": 1, "train_loss": 0.1, "held_out_loss": null, "validation_loss": 2, '
    text += '"seconds": 3, "learning_rate": 4}]'
    assert epochs_as_json(epochs_from_json(text)) == text
    for wrong in ("", "{", "3", '[{"epoch": 1}]', "[7]"):
        with pytest.raises(ValueError):  # noqa: PT011 (json has its own words)
            epochs_from_json(wrong)
