"""Two sites whose differences are known, drawn from normal distributions: six classes, or one finding.

The internal site has one image a patient. The external one has 1.6, which share the class and half the variance of what
the network sees.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, log_softmax, logit
from scipy.stats import norm

from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import resample

K = 6
EQUAL = (1 / K,) * K
MILD = (0.30, 0.12, 0.08, 0.21, 0.21, 0.08)
STRONG = (0.40, 0.05, 0.35, 0.10, 0.05, 0.05)

IMAGES_A_PATIENT = 1.6
ALIKE = 0.5

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_FAR = np.array([1.3, 3.0, 1.7, 2.0, 3.2, 2.8])
"""How far each class lies from the centre: unequal recalls."""

_BIASES = np.array([-1.5, 0.3, -0.8, 1.2, 0.4, 0.4])
_BIASES_OF_AP = np.array([-0.5, 1.5, -0.6, 0.3, -0.2, -0.5])


@dataclass(frozen=True, kw_only=True)
class Scene:
    """How the external site differs.

    Attributes:
        mix: Its classes' shares; the internal site's are equal.
        bias: Of its logits, as a multiple of fixed biases: thresholds sit wrong.
        noise: Of its logits, as a multiple of 2: ranking is lost.
        flipped: Share of its labels that are another class.
        ap: Share of its images with a projection that the internal site does not have.
        ap_bias: Of their logits, besides.
        ap_noise: Of their logits, besides.
    """

    mix: tuple[float, ...] = EQUAL
    bias: float = 0.0
    noise: float = 0.0
    flipped: float = 0.0
    ap: float = 0.0
    ap_bias: float = 0.0
    ap_noise: float = 0.0


SCENES = {
    "none": Scene(),
    "mix, mild": Scene(mix=MILD),
    "mix, strong": Scene(mix=STRONG),
    "thresholds": Scene(bias=2.0),
    "ranking": Scene(noise=1.0),
    "labels, 15 %": Scene(flipped=0.15),
    "view, 80 % AP": Scene(ap=0.8, ap_bias=1.0, ap_noise=1.0),
    "mix, thresholds, ranking": Scene(mix=MILD, bias=1.5, noise=1.0),
    "all of them": Scene(mix=MILD, bias=0.7, noise=0.7, flipped=0.05, ap=0.8, ap_bias=0.7, ap_noise=0.7),
}


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """The images of one site.

    Attributes:
        answers: What a network says of them.
        has_known_view: Which have a projection that the internal site has, shape ``(n,)``.
    """

    answers: SiteAnswers
    has_known_view: Bools


def internal(n: int, rng: np.random.Generator, *, replicates: int, seed: int = 0) -> Drawn:
    """Draws the internal site."""
    return _site(Scene(), np.arange(n), rng, replicates=replicates, seed=seed)


def external(scene: Scene, n: int, rng: np.random.Generator, *, replicates: int, seed: int = 0) -> Drawn:
    """Draws the external site."""
    return _site(scene, _patients(n, rng), rng, replicates=replicates, seed=seed)


def _patients(n: int, rng: np.random.Generator) -> Ints:
    return np.repeat(np.arange(n), 1 + rng.poisson(IMAGES_A_PATIENT - 1, n))[:n]


def _noise(patients: Ints, columns: int, rng: np.random.Generator) -> Values:
    """Of variance 1, of which images of a patient share half; shape ``(n, columns)``."""
    shared = rng.normal(size=(int(patients.max()) + 1, columns))[patients]
    return math.sqrt(ALIKE) * shared + math.sqrt(1 - ALIKE) * rng.normal(size=(patients.size, columns))


def _site(scene: Scene, patients: Ints, rng: np.random.Generator, *, replicates: int, seed: int) -> Drawn:
    n = patients.size
    classes = rng.choice(K, int(patients.max()) + 1, p=scene.mix)[patients]
    centres = _FAR[:, np.newaxis] * _simplex()
    seen = centres[classes] + _noise(patients, K - 1, rng)
    logits = seen @ centres.T - (centres**2).sum(axis=1) / 2
    logits += scene.bias * _BIASES + scene.noise * 2 * rng.normal(size=(n, K))
    is_ap = rng.random(n) < scene.ap
    logits += is_ap[:, np.newaxis] * (scene.ap_bias * _BIASES_OF_AP + scene.ap_noise * 2 * rng.normal(size=(n, K)))
    is_wrong = rng.random(n) < scene.flipped
    labelled = np.where(is_wrong, (classes + rng.integers(1, K, n)) % K, classes)
    drawn = resample(patients, seed=seed, dataset=f"{rng.integers(1 << 30)}", replicates=replicates)
    answers = SiteAnswers(
        scores=log_softmax(logits, axis=1), classes=labelled, clusters=drawn.clusters, weights=drawn.weights
    )
    return Drawn(answers=answers, has_known_view=~is_ap)


def _simplex() -> Values:
    """Six points as far from each other as can be, at distance 1 from the centre, shape ``(6, 5)``."""
    corners = np.linalg.svd(np.eye(K) - 1 / K)[0][:, : K - 1]
    return np.asarray(corners * math.sqrt(K / (K - 1)))


@dataclass(frozen=True, kw_only=True)
class FindingScene:
    """One finding, of two normal distributions of scores.

    Attributes:
        images: At each site.
        positives: Expected among them.
        external_auroc: The internal site's is `INTERNAL_AUROC`.
        shift: By how many standard deviations external scores are lower.
    """

    images: int
    positives: int
    external_auroc: float
    shift: float

    def youden(self, carried: float, local: float) -> tuple[float, float, float]:
        """Sensitivity + specificity - 1 of endlessly many images, at thresholds that were chosen.

        Args:
            carried: The internal site's, in (0, 1).
            local: The external site's.

        Returns:
            Internally, externally at the threshold that is carried there, and at the local one.
        """
        inner = _distance(INTERNAL_AUROC) / 2
        outer = _distance(self.external_auroc) / 2
        return (
            _youden(logit(carried), half=inner),
            _youden(logit(carried) + self.shift, half=outer),
            _youden(logit(local) + self.shift, half=outer),
        )


def _youden(threshold: float, *, half: float) -> float:
    return float(norm.sf(threshold - half) - norm.sf(threshold + half))


INTERNAL_AUROC = 0.92


@dataclass(frozen=True, kw_only=True)
class DrawnFinding:
    """One finding at one site.

    Attributes:
        scores: Shape ``(n,)``, in [0, 1]; the best threshold is 0.5 where nothing differs.
        present: Reference standard, shape ``(n,)``.
        patients: Shape ``(n,)``.
    """

    scores: npt.NDArray[np.float32]
    present: Bools
    patients: Ints


def finding(scene: FindingScene, rng: np.random.Generator, *, is_external: bool) -> DrawnFinding:
    """Draws one site."""
    n = scene.images
    patients = _patients(n, rng) if is_external else np.arange(n)
    present = (rng.random(int(patients.max()) + 1) < scene.positives / n)[patients]
    half = _distance(scene.external_auroc if is_external else INTERNAL_AUROC) / 2
    seen = np.where(present, half, -half) + _noise(patients, 1, rng)[:, 0] - (scene.shift if is_external else 0)
    return DrawnFinding(scores=expit(seen).astype(np.float32), present=present, patients=patients)


def _distance(auroc: float) -> float:
    """Between the mean scores of positives and negatives, in standard deviations."""
    return math.sqrt(2) * float(norm.ppf(auroc))
