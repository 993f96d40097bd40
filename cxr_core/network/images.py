"""Images as networks take them: opened by their hashes, as a tensor."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from cxr_core.images.pixels import Images


class OpenImages(Protocol):
    """How images are opened: `cxr_core.images.cache.Pixels.open`, or arrays in memory."""

    def __call__(self, cache: Path, *, size_px: int, picture_hashes: Sequence[str]) -> Images:
        """The images of these hashes, in this order."""
        ...


def as_input(pixels: npt.NDArray[np.uint8], *, device: torch.device) -> torch.Tensor:
    """What a `Classifier` takes: shape ``(b, 1, H, W)``, floats in [0, 1], from 8-bit images ``(b, H, W)``."""
    return torch.from_numpy(pixels).to(device).unsqueeze(1).to(torch.float32).div_(255)
