"""The loss of labels, beside scikit-learn's and by hand."""

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss

from cxr_core.settings import Recipe
from cxr_core.training import objective

LOGITS = torch.tensor([[0.3, -1.2], [2.0, 0.1], [-0.7, 0.4]])
PRESENCE = np.array([[1, 0], [0, -1], [-1, 1]])


def test_an_unknown_presence_has_no_loss_and_no_gradient() -> None:
    logits = LOGITS.clone().requires_grad_()
    found = objective.losses(logits, torch.from_numpy(PRESENCE))
    scores = 1 / (1 + np.exp(-LOGITS.numpy().astype(float)))
    known = [(0, 0), (0, 1), (1, 0), (2, 1)]
    by_hand = [log_loss([PRESENCE[at]], [[1 - scores[at], scores[at]]], labels=[0, 1]) for at in known]
    assert found.detach().numpy() == pytest.approx(by_hand, rel=1e-5)
    found.sum().backward()
    assert [tuple(at) for at in np.argwhere(logits.grad.numpy() == 0)] == [(1, 1), (2, 0)]


def test_a_class_one_an_image_has_the_cross_entropy_of_softmax() -> None:
    found = objective.losses(LOGITS, torch.tensor([0, 1, 1]))
    scores = LOGITS.double().softmax(dim=1).numpy()
    assert found.mean().item() == pytest.approx(log_loss([0, 1, 1], scores), rel=1e-6)


def test_presence_and_absence_of_a_finding_weigh_the_same_in_sum() -> None:
    labels = np.array([[1, 0], [0, 0], [0, -1], [0, 0]])
    weights = objective.class_weights(labels, n_classes=2, recipe=Recipe(class_weights="balanced"))
    of_labels = objective.weights_of(torch.from_numpy(labels), weights=torch.from_numpy(weights)).numpy()
    assert weights == pytest.approx(np.array([[4 / 6, 1], [2, 0]]))
    assert of_labels == pytest.approx([2, 1, 4 / 6, 1, 4 / 6, 4 / 6, 1])
    assert (objective.class_weights(labels, n_classes=2, recipe=Recipe()) == 1).all()


def test_an_image_without_any_label_is_not_learned_from() -> None:
    assert objective.labelled(np.array([[-1, -1], [-1, 0]])).tolist() == [1]
    assert objective.labelled(np.array([-1, 0, 3])).tolist() == [1, 2]
    assert objective.as_labels([(1, 0), (-1, 1)], n_classes=2).shape == (2, 2)
    assert objective.as_labels([1, 0], n_classes=2).shape == (2,)
