"""Saliency beside the maps that every prediction brings: other methods for some images, and mean maps of ensembles."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from cxr_core.evaluation.mean_map import Group, groups, mean_images, mean_maps, of_classes
from cxr_core.images.cache import Pixels
from cxr_core.pipeline import stored_answers
from cxr_core.pipeline.context import RunContext
from cxr_core.pipeline.members import Trained
from cxr_core.pipeline.prediction_plan import PredictionPlan, ensembles_of
from cxr_core.progress.meter import Meter
from cxr_core.settings import PRESENT_FROM, Network, Outputs, Saliency, SaliencyMethod
from cxr_core.splits import Mask
from cxr_core.store import tables, write
from cxr_core.tasks import Local


def append_other_methods(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    *,
    saliency: Saliency,
    not_trained: Sequence[int] = (),
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
        not_trained: The indices of findings that no member was trained on: their maps are empty.
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
    device = context.device if isinstance(context.executor, Local) else "auto"  # this machine's, not the nodes'
    total = count * len(trained) * len(saliency.methods)
    with context.progress.bar(f"  {plan.dataset.name}, saliency", total=total, unit=" images") as meter:
        for method in saliency.methods:
            for regime in regimes:
                of_regime = [one for one in trained if one.member.regime == regime]
                _append_regime(
                    connection, plan, of_regime, rows, pixels, method=method, not_trained=not_trained,
                    network=network, device=device, meter=meter,
                )  # fmt: skip


def _append_regime(
    connection: duckdb.DuckDBPyConnection,
    plan: PredictionPlan,
    trained: Sequence[Trained],
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
    pixels: Pixels,
    *,
    method: SaliencyMethod,
    not_trained: Sequence[int],
    network: Network,
    device: str,
    meter: Meter,
) -> None:
    from cxr_core.ensemble import average_maps
    from cxr_core.network.classifier import load
    from cxr_core.network.device import choose_device
    from cxr_core.saliency import other_method

    image_ids = plan.dataset.images["image_id"].to_numpy(object)[rows]
    found = []
    for one in trained:
        member = load(one.weights, network=network)
        maps = other_method(member, pixels, method=method, device=choose_device(device)).without(not_trained)
        of = (one.member.model_id, plan.dataset.name, image_ids)
        write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))
        found.append(maps)
        meter.advance(len(rows))
    for ensemble in ensembles_of(plan, trained):
        if ensemble.has_maps:
            maps = average_maps(found, given=ensemble.given[:, rows])
            of = (ensemble.model_id, plan.dataset.name, image_ids)
            write.append(connection, "saliency", tables.saliency(*of, method=method, maps=maps.maps, scale=maps.scale))


_PREDICTED = """
    SELECT image_id, picture_hash, role, coalesce(predicted, -1) AS predicted, probability,
        maps, saliency.height, saliency.width
    FROM prediction JOIN saliency USING (model_id, dataset, image_id) JOIN image USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND method = 'cam'
    ORDER BY image_id
"""

_REFERENCE = """
    SELECT CASE WHEN image.left_out IS NULL THEN coalesce(class, -1) ELSE -1 END AS class, present
    FROM reference
    JOIN image USING (dataset, image_id)
    SEMI JOIN (SELECT * FROM prediction WHERE model_id = $model) AS p USING (dataset, image_id)
    WHERE dataset = $dataset AND policy = $policy
    ORDER BY image_id
"""


def append_mean_maps(connection: duckdb.DuckDBPyConnection, dataset: str, *, cache: Path, size_px: int) -> None:
    """Appends the mean maps of every ensemble on one dataset, once its answers are in the file."""
    names = stored_answers.classes(connection)
    ensembles = connection.execute(
        "SELECT model_id, outputs FROM model WHERE member IS NULL ORDER BY model_id"
    ).fetchall()
    for model_id, outputs in ensembles:
        given = {"model": model_id, "dataset": dataset}
        rows = connection.execute(_PREDICTED, given).df()
        if rows.empty:
            continue
        found = list(
            groups(
                names,
                present=_present(connection, given, rows, outputs=outputs, count=len(names)),
                role=rows["role"].to_numpy(object),
                answered=_answered(rows, outputs=outputs, count=len(names)),
            )
        )
        if not found:
            continue
        shape = (len(rows), len(names), int(rows["height"].iloc[0]), int(rows["width"].iloc[0]))
        maps = np.frombuffer(b"".join(rows["maps"]), np.uint8).reshape(shape)
        pixels = Pixels.open(cache, size_px=size_px, picture_hashes=rows["picture_hash"].tolist())
        write.append(
            connection,
            "mean_map",
            _table(given, found, mean_maps(found, maps), mean_images(found, pixels), names=names),
        )


def _answered(rows: pd.DataFrame, *, outputs: Outputs, count: int) -> Mask:
    if outputs == "softmax":
        return np.equal(of_classes(rows["predicted"].to_numpy(np.int8), count=count), 1)
    probability: npt.NDArray[np.float32] = np.stack(rows["probability"].to_list())
    return np.greater_equal(probability, PRESENT_FROM)


def _present(
    connection: duckdb.DuckDBPyConnection,
    given: dict[str, str],
    predicted: pd.DataFrame,
    *,
    outputs: Outputs,
    count: int,
) -> dict[str, npt.NDArray[np.int8]]:
    """From policy to presence, shape ``(n, k)``; of findings that have no score it is unknown to a map."""
    policies = connection.execute(
        "SELECT policy FROM policy WHERE dataset = ? ORDER BY policy", [given["dataset"]]
    ).fetchall()
    found: dict[str, npt.NDArray[np.int8]] = {}
    for (policy,) in policies:
        rows = connection.execute(_REFERENCE, {**given, "policy": policy}).df()
        if outputs == "softmax":
            found[policy] = of_classes(rows["class"].to_numpy(np.int8), count=count)
        else:
            present = np.nan_to_num(np.stack(rows["present"].to_list()), nan=-1).astype(np.int8)
            found[policy] = np.where(np.isnan(np.stack(predicted["probability"].to_list())), np.int8(-1), present)
    return found


def _table(
    given: dict[str, str],
    found: list[Group],
    maps: npt.NDArray[np.uint8],
    images: list[npt.NDArray[np.uint8] | None],
    *,
    names: Sequence[str],
) -> pa.Table:
    return pa.table(
        {
            "model_id": [given["model"]] * len(found),
            "dataset": [given["dataset"]] * len(found),
            "role": [group.role for group in found],
            "policy": [group.policy for group in found],
            "finding": [names[group.finding] for group in found],
            "outcome": [group.outcome for group in found],
            "n": [int(group.images.sum()) for group in found],
            "height": [maps.shape[1]] * len(found),
            "width": [maps.shape[2]] * len(found),
            "map": [one.tobytes() for one in maps],
            "image": pa.array([None if one is None else one.tobytes() for one in images], pa.binary()),
        }
    )
