import pytest

from cxr_core.settings import Recipe
from cxr_core.training import MemberProgress, read_epochs, train_member

pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_member_in_training_is_followed_epoch_by_epoch(member_task, open_images):
    task = member_task(recipe=Recipe(epochs=3, batch_size=5))
    followed = MemberProgress.of(task)
    seen = [(followed.is_done, followed.epochs())]

    train_member(
        task, on_epoch=lambda _: seen.append((followed.is_done, followed.epochs())), open_images=open_images
    )  # fmt: skip

    epochs = read_epochs(task.out)
    assert seen == [(False, epochs[:n]) for n in range(4)]
    assert followed.is_done
    assert followed.epochs() == epochs


def test_a_damaged_checkpoint_is_passed_over(member_task, open_images):
    task = member_task(recipe=Recipe(epochs=2, batch_size=5))
    followed = MemberProgress.of(task)

    def damage(epoch):
        if epoch.epoch == 2:
            (last,) = task.folder.glob("*.002.safetensors")
            last.write_bytes(b"no header")
            assert [one.epoch for one in followed.epochs()] == [1]

    train_member(task, on_epoch=damage, open_images=open_images)


def test_weights_of_other_settings_are_not_its_own(member_task, open_images):
    train_member(member_task(recipe=Recipe(epochs=1, batch_size=5)), open_images=open_images)
    other = MemberProgress.of(member_task(recipe=Recipe(epochs=2, batch_size=5)))
    assert not other.is_done
    assert other.epochs() == ()
