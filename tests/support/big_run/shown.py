"""What a made-up network shows of some images: features, saliency maps, and the boxes that readers drew."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from cxr_core.evaluation import mean_map
from cxr_core.findings import no_finding
from tests.support.big_run.answers import Answers
from tests.support.big_run.sites import DrawnSite
from tests.support.big_run.size import Size

Rows = npt.NDArray[np.intp]

# Middle of each class's usual place and half its width, in fractions of the image, and again from the first where there
# are more; No Finding has none.
_PLACES = np.array(
    [[0.5, 0.5, 0.4], [0.55, 0.62, 0.18], [0.3, 0.35, 0.08], [0.65, 0.5, 0.15], [0.3, 0.8, 0.14], [0.7, 0.7, 0.12]],
    np.float32,
)
_IMAGE_PX = 224


def rows(drawn: DrawnSite, ensemble: Answers, *, size: Size) -> Rows:
    """Which images have maps and features: the most confidently wrong ones, and others at even distances."""
    if size.shown is None or size.shown >= drawn.kept:
        return np.arange(drawn.kept)
    wrong = np.where(ensemble.predicted == drawn.truth[: drawn.kept], -1, ensemble.probability.max(axis=1))
    worst = np.argsort(-wrong, kind="stable")[: size.shown // 2]
    even = np.linspace(0, drawn.kept - 1, size.shown - len(worst)).astype(np.intp)
    return np.union1d(worst, even)


def features(truth: npt.NDArray[np.int8], *, k: int, length: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Vectors of shape ``(n, length)``, not negative, nearer to each other within a class."""
    centres = np.random.default_rng(0).standard_normal((k, length), np.float32)
    return np.asarray(np.abs(centres[truth] + rng.standard_normal((len(truth), length), np.float32)), np.float32)


def maps(
    n: int, *, k: int, side: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Maps of shape ``(n, k, side, side)``, each with its maximum at 255, and what 255 stands for, ``(n, k)``."""
    middle = _places(k)[:, :2] + 0.12 * rng.standard_normal((n, k, 2), np.float32)
    centres = (np.arange(side, dtype=np.float32) + 0.5) / side
    across = np.exp(-(((centres - middle[..., :1]) / 0.2) ** 2))
    down = np.exp(-(((centres - middle[..., 1:]) / 0.2) ** 2))
    raw = down[..., :, None] * across[..., None, :]
    peak = raw.max(axis=(2, 3), keepdims=True)
    return np.round(255 * raw / peak).astype(np.uint8), rng.uniform(0.2, 3, (n, k)).astype(np.float32)


def boxes(drawn: DrawnSite, chosen: Rows, *, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `box`: one for each finding that a reader marked on one of the chosen images."""
    marked = drawn.votes[chosen] == 1
    marked[..., [index for index in (no_finding(drawn.classes),) if index is not None]] = False
    image, reader, finding = np.nonzero(marked)
    places = _places(len(drawn.classes))[finding]
    middle = places[:, :2] + 0.06 * rng.standard_normal((len(image), 2), np.float32)
    half = places[:, 2:] * rng.uniform(0.7, 1.3, (len(image), 1))
    low, high = (middle - half).clip(0, 1), (middle + half).clip(0, 1)
    own_names = np.array([match.finding for match in drawn.names], object)
    return pd.DataFrame(
        {
            "dataset": drawn.dataset,
            "image_id": drawn.images["image_id"].to_numpy(object)[chosen[image]],
            "finding": own_names[finding],
            "reader": np.array(drawn.readers, object)[reader],
            "x0": low[:, 0],
            "y0": low[:, 1],
            "x1": high[:, 0],
            "y1": high[:, 1],
        }
    )


def _places(k: int) -> npt.NDArray[np.float32]:
    return np.resize(_PLACES, (k, _PLACES.shape[1]))


def mean_maps(drawn: DrawnSite, ensemble: Answers, chosen: Rows, *, found: npt.NDArray[np.uint8]) -> pd.DataFrame:
    """Rows of `mean_map` over the chosen images, by the library's own grouping; the mean image is a gray wedge."""
    groups = list(
        mean_map.groups(
            drawn.classes,
            present={
                policy: mean_map.of_classes(reference.classes[chosen], count=len(drawn.classes))
                for policy, reference in drawn.references.items()
            },
            role=ensemble.role[chosen],
            answered=mean_map.of_classes(ensemble.predicted[chosen], count=len(drawn.classes)) == 1,
        )
    )
    wedge = np.tile(np.linspace(20, 200, _IMAGE_PX).astype(np.uint8), (_IMAGE_PX, 1)).tobytes()
    counts = [int(group.images.sum()) for group in groups]
    return pd.DataFrame(
        {
            "model_id": ensemble.model_id,
            "dataset": drawn.dataset,
            "role": [group.role for group in groups],
            "policy": [group.policy for group in groups],
            "finding": [drawn.classes[group.finding] for group in groups],
            "outcome": [group.outcome for group in groups],
            "n": counts,
            "height": found.shape[2],
            "width": found.shape[3],
            "map": [one.tobytes() for one in mean_map.mean_maps(groups, found)],
            "image": [wedge if count >= mean_map.FEWEST_IMAGES else None for count in counts],
        }
    )
