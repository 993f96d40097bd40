from dataclasses import replace

import numpy as np
import pytest
import torch

from cxr_core.errors import CxrError, DataError, SettingsError
from cxr_core.network.tensor_file import read, read_metadata
from cxr_core.settings import Network, Recipe
from cxr_core.training import read_epochs, train_member
from cxr_core.training.learner import Learner

pytestmark = pytest.mark.usefixtures("one_thread")


class _StoppedError(Exception):
    pass


def _stop_after(number):
    def on_epoch(epoch):
        if epoch.epoch == number:
            raise _StoppedError

    return on_epoch


def _weights(path):
    return {name: tensor.numpy().tobytes() for name, tensor in read(path).tensors.items()}


RECIPES = {
    "paper": Recipe(epochs=3, batch_size=5, learning_rate=1e-2),
    "adamw": Recipe(
        epochs=3,
        batch_size=5,
        optimizer="adamw",
        schedule="one_cycle",
        weight_decay=0.1,
        class_weights="balanced",
        augment="light",
    ),
    "bf16": Recipe(epochs=3, batch_size=5, schedule="cosine", precision="bf16"),
}


PRESENCE = {
    "n_classes": 2,
    "train_classes": tuple((number % 2, -1 if number % 3 else number % 4 // 2) for number in range(12)),
    "held_out_classes": ((0, -1), (1, 1), (-1, -1)),
}
LABELS = {"classes": {}, "presence": PRESENCE}


@pytest.mark.parametrize(("name", "labels"), [*((name, "classes") for name in RECIPES), ("adamw", "presence")])
@pytest.mark.parametrize("stopped_after", [1, 2, 3])
def test_a_killed_training_ends_with_the_bits_of_an_undisturbed_one(  # noqa: PLR0917 -- of pytest
    name, labels, stopped_after, member_task, open_images, tmp_path
):
    undisturbed = member_task(recipe=RECIPES[name], **LABELS[labels])
    train_member(undisturbed, open_images=open_images)
    killed = replace(undisturbed, out=tmp_path / "killed" / "split-0.safetensors", folder=tmp_path / "killed")
    with pytest.raises(_StoppedError):
        train_member(killed, on_epoch=_stop_after(stopped_after), open_images=open_images)
    assert not killed.out.exists()
    resumed = []
    train_member(killed, on_epoch=resumed.append, open_images=open_images)
    assert [epoch.epoch for epoch in resumed] == list(range(stopped_after + 1, 4))
    assert _weights(killed.out) == _weights(undisturbed.out)
    first, second = read_epochs(undisturbed.out), read_epochs(killed.out)
    assert [replace(epoch, seconds=0) for epoch in first] == [replace(epoch, seconds=0) for epoch in second]


def test_a_resumed_torchvision_network_has_the_same_bits_too(member_task, open_images, tmp_path):
    task = member_task(
        network=Network(architecture="resnet18", weights="none", size_px=32),
        recipe=Recipe(epochs=2, batch_size=4),
        train=("0", "1", "2", "3", "4", "5"),
        train_classes=(0, 1, 0, 1, 0, 1),
    )
    train_member(task, open_images=open_images)
    killed = replace(task, out=tmp_path / "again.safetensors", folder=tmp_path / "again")
    with pytest.raises(_StoppedError):
        train_member(killed, on_epoch=_stop_after(1), open_images=open_images)
    train_member(killed, open_images=open_images)
    assert _weights(killed.out) == _weights(task.out)


def test_it_learns_what_can_be_learned(member_task, open_images):
    task = member_task(recipe=Recipe(epochs=12, batch_size=4, learning_rate=2e-2))
    epochs = read_epochs(train_member(task, open_images=open_images))
    assert [epoch.epoch for epoch in epochs] == list(range(1, 13))
    assert epochs[0].train_loss > 0.6
    assert epochs[-1].train_loss < 0.1
    assert epochs[-1].held_out_loss is not None
    assert epochs[-1].held_out_loss < 0.3


def test_no_random_state_of_the_process_is_read_or_moved(member_task, open_images, tmp_path):
    first = member_task(recipe=RECIPES["adamw"])
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002 (the state that must not be touched)
    before = (torch.get_rng_state().numpy().tobytes(), np.random.get_state()[1].tobytes())  # noqa: NPY002
    train_member(first, open_images=open_images)
    after = (torch.get_rng_state().numpy().tobytes(), np.random.get_state()[1].tobytes())  # noqa: NPY002
    assert after == before
    torch.manual_seed(2)
    second = replace(first, out=tmp_path / "second.safetensors")
    train_member(second, open_images=open_images)
    assert _weights(first.out) == _weights(second.out)


@pytest.mark.parametrize("change", [{"seed": 4}, {"member": 1}, {"fold": 0}])
def test_each_seed_member_and_fold_gives_another_network(change, member_task, open_images, tmp_path):
    first = member_task(recipe=Recipe(epochs=1, batch_size=5))
    second = replace(first, out=tmp_path / "second.safetensors", **change)
    assert _weights(train_member(first, open_images=open_images)) != _weights(
        train_member(second, open_images=open_images)
    )


def test_held_out_images_are_measured_and_never_learned_from(member_task, open_images, tmp_path):
    with_held_out = member_task()
    without = replace(with_held_out, out=tmp_path / "without.safetensors", held_out=(), held_out_classes=())
    train_member(with_held_out, open_images=open_images)
    train_member(without, open_images=open_images)
    assert _weights(with_held_out.out) == _weights(without.out)
    assert all(epoch.held_out_loss is None for epoch in read_epochs(without.out))
    assert all(epoch.validation_loss is None for epoch in read_epochs(with_held_out.out))


def test_held_out_loss_is_the_mean_cross_entropy_of_those_with_a_class(member_task, open_images):
    from cxr_core.network import load
    from cxr_core.prediction import predict

    task = member_task(held_out_classes=(-1, 0, 1))
    train_member(task, open_images=open_images)
    images = open_images(task.cache, size_px=32, picture_hashes=task.held_out)
    found = predict(load(task.out, network=task.network), images, device=torch.device("cpu"))
    expected = -np.mean([np.log(found.probability[1, 0]), np.log(found.probability[2, 1])])
    assert read_epochs(task.out)[-1].held_out_loss == pytest.approx(expected, rel=1e-5)


def test_held_out_images_without_any_class_give_no_loss(member_task, open_images):
    task = member_task(held_out_classes=(-1, -1, -1))
    assert read_epochs(train_member(task, open_images=open_images))[0].held_out_loss is None


@pytest.mark.parametrize("k", [2, 4])
def test_a_member_tells_as_many_classes_apart_as_it_is_asked_to(k, member_task, open_images):
    from cxr_core.network import load
    from cxr_core.prediction import predict
    from cxr_core.saliency import other_method

    task = member_task(
        n_classes=k,
        train_classes=tuple(number % k for number in range(12)),
        held_out_classes=(0, k - 1, -1),
        recipe=Recipe(epochs=2, batch_size=5, class_weights="balanced"),
    )
    train_member(task, open_images=open_images)
    images = open_images(task.cache, size_px=32, picture_hashes=task.held_out)
    network = load(task.out, network=task.network)
    found = predict(network, images, device=torch.device("cpu"))
    assert found.probability.shape == found.scale.shape == found.maps.shape[:2] == (3, k)
    np.testing.assert_allclose(found.probability.sum(axis=1), 1, rtol=1e-5)
    for method in ("layercam", "eigencam"):
        other = other_method(network, images, method=method, device=torch.device("cpu"))
        assert other.maps.shape == found.maps.shape


def test_a_class_that_a_member_does_not_tell_apart_is_refused(member_task):
    with pytest.raises(ValueError, match="train: expected classes from 0 to 1, found 2"):
        member_task(n_classes=2, train_classes=(0, 1, 2) * 4)


def test_another_number_of_classes_is_another_network(member_task):
    assert member_task(n_classes=2).fingerprint() != member_task(n_classes=4).fingerprint()


def test_one_class_alone_can_be_trained_on(member_task, open_images):
    task = member_task(train_classes=(4,) * 12, recipe=Recipe(epochs=2, batch_size=5, class_weights="balanced"))
    losses = [epoch.train_loss for epoch in read_epochs(train_member(task, open_images=open_images))]
    assert losses[1] < losses[0]


def test_class_weights_change_what_is_learned(member_task, open_images, tmp_path):
    classes = (0,) * 10 + (1,) * 2
    plain = member_task(train_classes=classes)
    recipe = replace(plain.recipe, class_weights="balanced")
    balanced = replace(plain, recipe=recipe, out=tmp_path / "balanced.safetensors")
    assert _weights(train_member(plain, open_images=open_images)) != _weights(
        train_member(balanced, open_images=open_images)
    )


@pytest.mark.parametrize(
    "option", [{"augment": "light"}, {"precision": "bf16"}, {"weight_decay": 0.5}, {"momentum": 0.0}]
)
def test_each_option_has_an_effect_and_runs(option, member_task, open_images, tmp_path):
    plain = member_task()
    other = replace(plain, recipe=replace(plain.recipe, **option), out=tmp_path / "other.safetensors")
    train_member(plain, open_images=open_images)
    train_member(other, open_images=open_images)
    assert _weights(plain.out) != _weights(other.out)
    assert all(tensor.dtype != torch.bfloat16 for tensor in read(other.out).tensors.values())


def _orders(task, open_images):
    """The rows of each epoch, in the order in which they were asked for."""
    asked = []

    def watched(cache, *, size_px, picture_hashes):
        images = open_images(cache, size_px=size_px, picture_hashes=picture_hashes)
        return _Watched(images, asked)

    task = replace(task, held_out=(), held_out_classes=(), folder=task.folder / "watched", out=task.folder / "out")
    train_member(task, open_images=watched)
    return [tuple(asked[start : start + len(task.train)]) for start in range(0, len(asked), len(task.train))]


class _Watched:
    def __init__(self, images, asked):
        self.images, self.asked = images, asked

    def __len__(self):
        return len(self.images)

    def take(self, rows):
        self.asked += rows.tolist()
        return self.images.take(rows)


def test_each_epoch_and_member_meets_every_image_once_in_an_order_of_its_own(member_task, open_images, tmp_path):
    first = _orders(member_task(), open_images)
    second = _orders(member_task(member=1, folder=tmp_path / "second"), open_images)
    again = _orders(member_task(folder=tmp_path / "again"), open_images)
    assert [sorted(order) for order in first] == [list(range(12))] * 3
    assert len({*first, *second}) == 6
    assert again == first


def test_the_schedule_runs_over_all_epochs(member_task, open_images):
    task = member_task(recipe=Recipe(epochs=4, batch_size=5, learning_rate=0.01, schedule="cosine"))
    rates = [epoch.learning_rate for epoch in read_epochs(train_member(task, open_images=open_images))]
    assert rates == pytest.approx([0.01 * (1 + np.cos(np.pi * share)) / 2 for share in (0, 1 / 4, 2 / 4, 3 / 4)])


def test_a_diverging_training_says_what_to_try(member_task, open_images):
    task = member_task(recipe=Recipe(epochs=3, batch_size=5, learning_rate=1e30))
    with pytest.raises(CxrError, match=r"diverged in epoch 1.*lower learning rate"):
        train_member(task, open_images=open_images)
    assert not task.out.exists()


def test_a_finished_member_is_not_trained_again_and_other_settings_are(member_task, open_images):
    task = member_task()
    train_member(task, open_images=open_images)
    calls = []
    train_member(task, on_epoch=calls.append, open_images=open_images)
    assert calls == []
    train_member(replace(task, seed=task.seed + 1), on_epoch=calls.append, open_images=open_images)
    assert len(calls) == 3


def test_other_settings_never_resume_and_finished_members_leave_no_checkpoints(member_task, open_images):
    task = member_task()
    with pytest.raises(_StoppedError):
        train_member(task, on_epoch=_stop_after(2), open_images=open_images)
    calls = []
    other = replace(task, recipe=replace(task.recipe, learning_rate=2e-2))
    train_member(other, on_epoch=calls.append, open_images=open_images)
    assert len(calls) == 3
    train_member(task, on_epoch=calls.append, open_images=open_images)
    assert len(calls) == 4
    assert list(task.folder.iterdir()) == []


def test_the_weights_file_tells_what_it_is(member_task, open_images):
    task = member_task()
    metadata = read_metadata(train_member(task, open_images=open_images))
    assert (metadata["architecture"], metadata["size_px"], metadata["chosen_epoch"]) == ("small", "32", "3")
    assert int(metadata["parameters"]) == sum(
        tensor.numel()
        for name, tensor in read(task.out).tensors.items()
        if "running" not in name and "num_batches" not in name
    )


def _with_validation(task, select, losses, monkeypatch, patience=2):
    """Trains with the validation losses that a test wants to see chosen from."""
    measured = Learner._measured

    def loss(self, part, number):
        return (
            losses[number - 1] if part is not None and part.labels.tolist() == [1, 0] else measured(self, part, number)
        )

    monkeypatch.setattr(Learner, "_measured", loss)
    recipe = replace(task.recipe, epochs=len(losses), select=select, patience=patience)
    return replace(task, recipe=recipe, validation=("201", "200"), validation_classes=(1, 0))


def _network_after(task, epochs, open_images, tmp_path):
    out = tmp_path / "reference" / f"{epochs}.safetensors"
    shorter = replace(
        task, recipe=replace(task.recipe, epochs=epochs, select="last"), validation=(), validation_classes=(), out=out
    )
    return _weights(train_member(shorter, open_images=open_images))


def test_the_best_epoch_is_kept_the_first_of_equals(member_task, open_images, tmp_path, monkeypatch):
    task = _with_validation(member_task(), "best_epoch", [0.5, 0.3, 0.3, 0.4, 0.9], monkeypatch)
    train_member(task, open_images=open_images)
    assert [epoch.validation_loss for epoch in read_epochs(task.out)] == [0.5, 0.3, 0.3, 0.4, 0.9]
    assert read_metadata(task.out)["chosen_epoch"] == "2"
    assert _weights(task.out) == _network_after(task, 2, open_images, tmp_path)


def test_early_stopping_waits_as_long_as_it_is_told(member_task, open_images, tmp_path, monkeypatch):
    task = _with_validation(member_task(), "early_stopping", [0.5, 0.3, 0.4, 0.4, 0.1], monkeypatch, patience=2)
    train_member(task, open_images=open_images)
    assert len(read_epochs(task.out)) == 4
    assert _weights(task.out) == _network_after(task, 2, open_images, tmp_path)


def test_few_checkpoints_are_kept_the_best_among_them(member_task, open_images, monkeypatch):
    task = _with_validation(member_task(), "best_epoch", [0.1, 0.3, 0.3, 0.4, 0.9], monkeypatch)
    with pytest.raises(_StoppedError):
        train_member(task, on_epoch=_stop_after(5), open_images=open_images)
    assert sorted(int(path.name.split(".")[-2]) for path in task.folder.iterdir()) == [1, 4, 5]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty"])
@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_checkpoint_is_passed_over(damage, damaged, member_task, open_images, tmp_path):
    task = member_task()
    train_member(task, open_images=open_images)
    killed = replace(task, out=tmp_path / "killed.safetensors")
    with pytest.raises(_StoppedError):
        train_member(killed, on_epoch=_stop_after(2), open_images=open_images)
    newest_first = sorted(killed.folder.iterdir(), reverse=True)
    for path in newest_first[:damaged]:
        content = bytearray(path.read_bytes())
        content[-100] ^= 0x10
        path.write_bytes({"truncated": content[:-50], "flipped": content, "empty": b""}[damage])
    calls = []
    train_member(killed, on_epoch=calls.append, open_images=open_images)
    assert [epoch.epoch for epoch in calls] == list(range(3 - damaged, 4))
    assert _weights(killed.out) == _weights(task.out)


def test_a_damaged_best_checkpoint_sends_back_to_where_one_is_whole(member_task, open_images, tmp_path, monkeypatch):
    task = _with_validation(member_task(), "best_epoch", [0.1, 0.3, 0.3, 0.4], monkeypatch)
    train_member(task, open_images=open_images)
    killed = replace(task, out=tmp_path / "killed.safetensors")
    with pytest.raises(_StoppedError):
        train_member(killed, on_epoch=_stop_after(3), open_images=open_images)
    min(killed.folder.iterdir()).write_bytes(b"")
    calls = []
    train_member(killed, on_epoch=calls.append, open_images=open_images)
    assert len(calls) == 4
    assert _weights(killed.out) == _weights(task.out)


def test_it_says_when_the_epoch_to_keep_is_lost(member_task, open_images, monkeypatch):
    task = _with_validation(member_task(), "best_epoch", [0.1, 0.3, 0.3], monkeypatch)

    def lose_the_best(epoch):
        if epoch.epoch == 3:
            min(task.folder.iterdir()).unlink()

    with pytest.raises(DataError, match="epoch 1"):
        train_member(task, on_epoch=lose_the_best, open_images=open_images)
    train_member(task, open_images=open_images)
    assert read_metadata(task.out)["chosen_epoch"] == "1"


def test_an_absent_device_is_named(member_task, open_images):
    if torch.cuda.is_available():
        pytest.skip("There is a GPU here.")
    with pytest.raises(SettingsError, match="'cuda'"):
        train_member(member_task(device="cuda"), open_images=open_images)


def test_a_bar_tells_the_images_of_the_epoch(member_task, open_images, capsys):
    train_member(member_task(show_progress=True), open_images=open_images)
    assert "split-0, epoch 1 of 3" in capsys.readouterr().err
    train_member(member_task(seed=9), open_images=open_images)
    assert capsys.readouterr().err == ""


def test_epochs_of_something_else_are_refused(tmp_path):
    with pytest.raises(DataError, match="tells of no epochs"):
        read_epochs(tmp_path / "nothing.safetensors")
