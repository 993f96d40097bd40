"""Images with labels: a batch of them at a time, and the loss of them all."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from cxr_core.images.pixels import Images
from cxr_core.network.classifier import Classifier
from cxr_core.network.images import as_input
from cxr_core.training.objective import Labels, losses

Rows = npt.NDArray[np.int64]


def shuffled(count: int, *, batch_size: int, generator: np.random.Generator) -> list[Rows]:
    """Every image once, in random order, in batches.

    Args:
        count: Number of images, at least 2.
        batch_size: Images per batch, at least 2.
        generator: Decides the order.

    Returns:
        Batches of `batch_size` rows, the last one smaller; a last one of a single image joins the batch before, since
        batch normalization has nothing to compare one image with.
    """
    batches = in_order(count, batch_size=batch_size, order=generator.permutation(count))
    if len(batches) > 1 and len(batches[-1]) == 1:
        batches[-2:] = [np.concatenate(batches[-2:])]
    return batches


def in_order(count: int, *, batch_size: int, order: Rows | None = None) -> list[Rows]:
    """Every row once, in the order given or from the first to the last, in batches of which the last may be smaller."""
    rows = np.arange(count, dtype=np.int64) if order is None else order
    return [rows[start : start + batch_size] for start in range(0, count, batch_size)]


@dataclass(frozen=True, kw_only=True)
class LabelledImages:
    """Images with labels, of which there is at least one.

    Attributes:
        images: Where pixels come from.
        rows: Which of its rows have labels.
        labels: The labels of each of those.
    """

    images: Images
    rows: Rows
    labels: Labels

    def take(self, batch: Rows, *, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
        """Input ``(b, 1, H, W)`` and labels of some of these images, by their position among them."""
        pixels = self.images.take(self.rows[batch])
        return as_input(pixels, device=device), torch.from_numpy(self.labels[batch]).to(device)


@torch.inference_mode()
def mean_loss(network: Classifier, part: LabelledImages, *, device: torch.device) -> float:
    """Mean cross-entropy of a part, in fp32, by a network that is switched to evaluation."""
    network.eval()
    total, count = 0.0, 0
    for batch in in_order(len(part.rows), batch_size=64):
        images, labels = part.take(batch, device=device)
        found = losses(network(images), labels)
        total, count = total + in_double(found), count + found.numel()
    return total / count


def in_double(losses: torch.Tensor) -> float:
    """Their sum, on the CPU, since not every device has doubles."""
    return float(losses.cpu().sum(dtype=torch.float64))
