"""Saliency by the methods that were asked for beside class activation maps, for some images of each dataset."""

from collections.abc import Sequence
from typing import Never

import duckdb
import numpy as np
from tqdm import tqdm

from cxr_core.experiment import Experiment
from cxr_core.images.cache import Pixels
from cxr_core.pipeline import ensembles
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.prediction_plan import PredictionPlan
from cxr_core.pipeline.workspace import Workspace
from cxr_core.settings import SaliencyMethod
from cxr_core.store import tables, write


def append(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    *,
    experiment: Experiment,
    workspace: Workspace,
    device: str,
) -> None:
    """Appends, per method, the maps of every model for images drawn by seed among those that all predicted."""
    asked = [plan.roles[one.member.model_id] != "unused" for one in trained]
    at_hand = np.flatnonzero(np.all(asked, axis=0))
    count = min(experiment.saliency.images, at_hand.size)
    if not experiment.saliency.methods or not count:
        return
    rows = np.sort(np.random.default_rng([experiment.seed, 4]).choice(at_hand, count, replace=False))
    pictures = plan.dataset.images["picture_hash"].to_numpy(object)[rows].tolist()
    pixels = Pixels.open(workspace.cache, size_px=experiment.network.size_px, picture_hashes=pictures)
    regimes = list(dict.fromkeys(one.member.regime for one in trained))
    with tqdm(
        total=count * len(trained) * len(experiment.saliency.methods),
        desc=f"  {plan.dataset.name}, saliency",
        unit=" images",
    ) as bar:
        for method in experiment.saliency.methods:
            for regime in regimes:
                of_regime = [one for one in trained if one.member.regime == regime]
                _append_regime(
                    connection, plan, of_regime, rows, pixels, method=method, experiment=experiment,
                    device=device, bar=bar,
                )  # fmt: skip


def _append_regime(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
    pixels: Pixels,
    *,
    method: SaliencyMethod,
    experiment: Experiment,
    device: str,
    bar: "tqdm[Never]",
) -> None:
    import torch

    from cxr_core.ensemble import average_maps
    from cxr_core.network.classifier import load
    from cxr_core.saliency import other_method

    image_ids = plan.dataset.images["image_id"].to_numpy(object)[rows]
    found = []
    for one in trained:
        network = load(one.weights, network=experiment.network)
        maps = other_method(network, pixels, method=method, device=torch.device(device))
        of = (one.member.model_id, plan.dataset.name, image_ids)
        write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))
        found.append(maps)
        bar.update(len(rows))
    for ensemble in ensembles.of_regime(plan, trained):
        if ensemble.has_maps:
            maps = average_maps(found, given=ensemble.given[:, rows])
            of = (ensemble.model_id, plan.dataset.name, image_ids)
            write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))
