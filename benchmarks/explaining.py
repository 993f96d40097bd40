"""Maps of all six classes: ours come with the prediction, theirs from pytorch-grad-cam."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

from benchmarks.networks import CPU, Shown, drawn, limit, untrained
from benchmarks.timing import Measured, compare
from cxr_core.findings import FINDINGS
from cxr_core.network import Classifier, as_input
from cxr_core.prediction import predict

IMAGES = 32
IMAGES_THEIRS = 4


def measure(names: Sequence[str]) -> Iterator[Measured]:
    network = untrained("resnet18")
    images = Shown(pixels=np.stack([drawn(number) for number in range(IMAGES)]))
    few = images.pixels[:IMAGES_THEIRS]
    for name in names:
        result = compare(
            name,
            ours=lambda: predict(network, images, device=CPU, batch_size=IMAGES),
            theirs=lambda: their_maps(network, few),
            what_theirs_is="pytorch-grad-cam GradCAM, once for each of six classes; ResNet-18",
            amount_ours=IMAGES,
            amount_theirs=len(few),
        )
        yield Measured(name=name, result=result, limit=limit(network, passes=1))


def their_maps(network: Classifier, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Of each image and class, shape ``(n, 6, H, W)``, each scaled to its own maximum."""
    images = as_input(pixels, device=CPU)
    with GradCAM(model=network, target_layers=[network.trunk]) as cam:
        maps = [
            cam(input_tensor=images, targets=[ClassifierOutputTarget(finding)] * len(images))
            for finding in range(len(FINDINGS))
        ]
    return np.stack(maps, axis=1)
