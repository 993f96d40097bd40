import numpy as np

from cxr_core.evaluation.mean_map import FEWEST_IMAGES, groups, mean_images, mean_maps, of_classes
from cxr_core.findings import FINDINGS


class InMemory:
    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def take(self, rows):
        return self.images[rows]


def found(classes, predicted, role=None):
    classes, predicted = np.array(classes, np.int8), np.array(predicted, np.int8)
    role = np.full(classes.size, "external_test", object) if role is None else np.array(role, object)
    return list(
        groups(
            FINDINGS,
            present={"policy": of_classes(classes, count=6)},
            role=role,
            answered=of_classes(predicted, count=6) == 1,
        )
    )


def test_images_are_recognized_missed_or_false_alarms_of_a_finding():
    by_name = {(group.finding, group.outcome): group.images.tolist() for group in found([1, 1, 2, -1], [1, 0, 1, 1])}

    assert by_name == {
        (1, "recognized"): [True, False, False, False],
        (1, "missed"): [False, True, False, False],
        (1, "false_alarm"): [False, False, True, False],
        (2, "missed"): [False, False, True, False],
    }  # nothing of No Finding, nothing of an image without a class


def test_roles_are_never_mixed():
    both = found([1, 1], [1, 1], role=["train", "internal_test"])

    assert [(group.role, group.images.sum()) for group in both] == [("internal_test", 1), ("train", 1)]


def test_a_mean_map_is_the_mean_of_the_maps_of_its_finding():
    maps = np.zeros((3, 6, 2, 2), np.uint8)
    maps[0, 1, 0, 0] = 200
    maps[1, 1, 0, 0] = 100
    maps[2, 1] = 255

    (group,) = found([1, 1, -1], [1, 1, 1])

    assert mean_maps([group], maps)[0].tolist() == [[150, 0], [0, 0]]


def test_a_mean_image_of_few_is_a_patient_and_is_not_made():
    few = found([1] * (FEWEST_IMAGES - 1), [1] * (FEWEST_IMAGES - 1))
    enough = found([1] * FEWEST_IMAGES, [1] * FEWEST_IMAGES)
    images = np.arange(FEWEST_IMAGES, dtype=np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)

    assert mean_images(few, InMemory(images[:-1])) == [None]
    assert np.unique(mean_images(enough, InMemory(images))[0]).tolist() == [4]  # 4.5, rounded to even
