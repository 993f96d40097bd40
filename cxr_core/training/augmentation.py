"""Light changes to training images, a batch at a time. Never a mirror image: the heart is on the left."""

import math

import torch
from torch.nn import functional

_ROTATION_DEGREES = 7.0
_SHIFT = 0.05
_ZOOM = 0.05
_CONTRAST = 0.15
_BRIGHTNESS = 0.1


def light(images: torch.Tensor, *, generator: torch.Generator) -> torch.Tensor:
    """Each image a little turned, shifted, zoomed, and changed in contrast and brightness.

    Args:
        images: Shape ``(b, 1, H, W)``, values in [0, 1].
        generator: On the CPU; decides how each image is changed.

    Returns:
        The same shape, on the same device, values in [0, 1]. Up to 7 degrees, 5 % of the side, 5 % of the size, 15 % of
        the contrast and 0.1 of the range; what comes in from outside repeats the edge.
    """
    count = len(images)
    draws = torch.rand((6, count), generator=generator) * 2 - 1
    angle, across, down, zoom, contrast, brightness = draws
    angle = angle * math.radians(_ROTATION_DEGREES)
    size = 1 + zoom * _ZOOM
    cosine, sine = torch.cos(angle) * size, torch.sin(angle) * size
    # A grid runs from -1 to 1, so that a side is 2 long.
    rows = [torch.stack((cosine, -sine, across * 2 * _SHIFT)), torch.stack((sine, cosine, down * 2 * _SHIFT))]
    where = torch.stack(rows).permute(2, 0, 1).to(images.device)
    grid = functional.affine_grid(where, list(images.shape), align_corners=False)
    moved = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    factor = (1 + contrast * _CONTRAST).view(count, 1, 1, 1).to(images.device)
    offset = (brightness * _BRIGHTNESS).view(count, 1, 1, 1).to(images.device)
    changed: torch.Tensor = ((moved - 0.5) * factor + 0.5 + offset).clamp(0, 1)
    return changed
