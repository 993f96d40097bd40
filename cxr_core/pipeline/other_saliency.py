"""Saliency by the methods that were asked for beside class activation maps, for some images of each dataset."""

from collections.abc import Sequence

import duckdb
import numpy as np

from cxr_core.images.cache import Pixels
from cxr_core.pipeline import ensembles
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.prediction_plan import PredictionPlan
from cxr_core.progress.meter import Meter
from cxr_core.settings import Network, Saliency, SaliencyMethod
from cxr_core.store import tables, write


def append(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    *,
    saliency: Saliency,
    network: Network,
    seed: int,
    context: RunContext,
) -> None:
    """Appends, per method, the maps of every model for images drawn by seed among those that all predicted.

    Args:
        connection: The new results file.
        plan: The dataset, and what each member may say about it.
        trained: The members.
        saliency: Which methods, for how many images.
        network: What the members are.
        seed: The run's.
        context: Of the run.
    """
    asked = [plan.roles[one.member.model_id] != "unused" for one in trained]
    at_hand = np.flatnonzero(np.all(asked, axis=0))
    count = min(saliency.images, at_hand.size)
    if not saliency.methods or not count:
        return
    rows = np.sort(np.random.default_rng([seed, 4]).choice(at_hand, count, replace=False))
    pictures = plan.dataset.images["picture_hash"].to_numpy(object)[rows].tolist()
    pixels = Pixels.open(context.workspace.cache, size_px=network.size_px, picture_hashes=pictures)
    regimes = list(dict.fromkeys(one.member.regime for one in trained))
    total = count * len(trained) * len(saliency.methods)
    with context.progress.bar(f"  {plan.dataset.name}, saliency", total=total, unit=" images") as meter:
        for method in saliency.methods:
            for regime in regimes:
                of_regime = [one for one in trained if one.member.regime == regime]
                _append_regime(
                    connection, plan, of_regime, rows, pixels, method=method, network=network,
                    device=context.device, meter=meter,
                )  # fmt: skip


def _append_regime(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
    pixels: Pixels,
    *,
    method: SaliencyMethod,
    network: Network,
    device: str,
    meter: Meter,
) -> None:
    import torch

    from cxr_core.ensemble import average_maps
    from cxr_core.network.classifier import load
    from cxr_core.saliency import other_method

    image_ids = plan.dataset.images["image_id"].to_numpy(object)[rows]
    found = []
    for one in trained:
        maps = other_method(load(one.weights, network=network), pixels, method=method, device=torch.device(device))
        of = (one.member.model_id, plan.dataset.name, image_ids)
        write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))
        found.append(maps)
        meter.advance(len(rows))
    for ensemble in ensembles.of_regime(plan, trained):
        if ensemble.has_maps:
            maps = average_maps(found, given=ensemble.given[:, rows])
            of = (ensemble.model_id, plan.dataset.name, image_ids)
            write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))
