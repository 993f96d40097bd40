"""Made-up answers of a network at a site: four classes, patients with several images, logits that know something."""

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax

from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import resample


def answers(
    n: int = 240,
    *,
    seed: int,
    mix: tuple[float, ...] = (0.4, 0.3, 0.2, 0.1),
    biases: tuple[float, ...] | None = None,
    skill: float = 2.0,
    replicates: int = 40,
) -> SiteAnswers:
    """Draws one site.

    Args:
        n: Images, of about two thirds as many patients.
        seed: Of the draw.
        mix: Share of each class.
        biases: Of the logits.
        skill: How far the logit of an image's class lies above the others, in standard deviations.
        replicates: Of the bootstrap.
    """
    rng = np.random.default_rng(seed)
    patients = np.sort(rng.integers(0, 2 * n // 3, n))
    drawn = resample(patients, seed=seed, dataset="site", replicates=replicates)
    classes = rng.choice(len(mix), n, p=mix)
    logits = rng.normal(size=(n, len(mix))) + (0 if biases is None else np.array(biases))
    logits[np.arange(n), classes] += skill
    return SiteAnswers(
        scores=log_softmax(logits, axis=1), classes=classes, clusters=drawn.clusters, weights=drawn.weights
    )


def weights_of_images(one: SiteAnswers) -> npt.NDArray[np.float64]:
    """The weight of each image in the sample and in every replicate, shape ``(n, 1 + r)``."""
    return one.weights[one.clusters].astype(np.float64)
