"""What ten million images take on 1, 10 and 100 nodes: `python -m benchmarks.scale`, some ten minutes.

Costs an image are measured here, on one core each; what many nodes make of them is simulated. The tables are those of
docs/scale.md.
"""

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from benchmarks.cluster_simulation import Cluster
from benchmarks.networks import Shown, drawn, untrained
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.evaluation.measure import under
from cxr_core.evaluation.tables import metric_rows
from cxr_core.findings import FINDINGS
from cxr_core.images.cache import fill
from cxr_core.manifest import Reference
from cxr_core.network import as_input
from cxr_core.phantom.writing import write_sites
from cxr_core.pipeline.predict import SHARD
from cxr_core.prediction import predict
from cxr_core.statistics.resampling import resample
from cxr_core.store import tables, write
from cxr_core.tasks import Local

IMAGES = 10_000_000
TRAINED_ON = 150_000
MEMBERS = 3
EPOCHS = 20
POLICIES = 3
NODES = (1, 10, 100)
DECODED = 400
FORWARD = 32
MEASURED = 100_000
DECODED_A_TASK = 256
"""As in `cxr_core.images.cache`."""


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What an image costs on one core of this machine.

    Attributes:
        decode_s: A DICOM file of the synthetic hospitals to 224 px.
        train_s: A ResNet-18 learning from one image once.
        predict_s: Probabilities, features and maps by one member.
        evaluate_s: Every metric with 2,000 replicates, of one ensemble under one policy.
        write_s: One prediction's row into the results file; one process writes.
        cache_bytes: In the image cache.
        answer_bytes: What one member says of it: probabilities, features and maps.
    """

    decode_s: float
    train_s: float
    predict_s: float
    evaluate_s: float
    write_s: float
    cache_bytes: float
    answer_bytes: float


def measured(folder: Path) -> Costs:
    """Measures on this machine, every core but one left idle.

    Args:
        folder: An empty one.
    """
    decode_s, cache_bytes = _decoding(folder)
    forward_s, answer_bytes = _predicting()
    return Costs(
        decode_s=decode_s,
        train_s=_training(),
        predict_s=forward_s,
        evaluate_s=_evaluating(),
        write_s=_writing(folder),
        cache_bytes=cache_bytes,
        answer_bytes=answer_bytes,
    )


def stages(costs: Costs) -> dict[str, tuple[int, float, int]]:
    """The work on ten million images: tasks, seconds of each, and cores that each takes."""
    forward = costs.predict_s * SHARD
    return {
        "decode": (IMAGES // DECODED_A_TASK, costs.decode_s * DECODED_A_TASK, 1),
        "train": (2 * MEMBERS, costs.train_s * TRAINED_ON * EPOCHS / 16, 16),
        "predict": (2 * MEMBERS * IMAGES // SHARD, forward, 1),
        "evaluate": (2 * POLICIES, costs.evaluate_s * IMAGES, 1),
    }


def _decoding(folder: Path) -> tuple[float, float]:
    source, _ = write_sites(
        folder / "sites", images_source=DECODED, images_external=1, causes=(), seed=0, workers=2, show_progress=False
    )
    paths = sorted((source / "train").iterdir())
    seconds = _seconds(
        lambda: fill(paths, cache=folder / f"cache-{time.time_ns()}", size_px=224, executor=Local(workers=0))
    )
    cache = next(folder.glob("cache-*"))
    return seconds / len(paths), sum(file.stat().st_size for file in cache.rglob("*") if file.is_file()) / len(paths)


def _training() -> float:
    network = untrained("resnet18").train()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3)
    images = as_input(np.stack([drawn(number) for number in range(FORWARD)]), device=torch.device("cpu"))
    classes = torch.arange(FORWARD) % len(FINDINGS)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images), classes).backward()
        optimizer.step()

    with _one_thread():
        return _seconds(step) / FORWARD


def _predicting() -> tuple[float, float]:
    network = untrained("resnet18")
    shown = Shown(pixels=np.stack([drawn(number) for number in range(FORWARD)]))
    device = torch.device("cpu")
    with _one_thread():
        found = predict(network, shown, device=device)
        seconds = _seconds(lambda: predict(network, shown, device=device))
    held = (found.probability, found.features, found.maps, found.scale)
    return seconds / FORWARD, sum(each.nbytes for each in held) / FORWARD


def _evaluating() -> float:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, len(FINDINGS), MEASURED).astype(np.int8)
    probability = rng.dirichlet(np.ones(len(FINDINGS)), MEASURED).astype(np.float32)
    present = (classes[:, None] == np.arange(len(FINDINGS))).astype(np.float32)
    site = Site(
        dataset="away",
        patients=np.arange(MEASURED) // 3,
        references={"u": Reference(classes=classes, left_out=np.full(MEASURED, None, object), present=present)},
        class_policies=frozenset({"u"}),
        strata={"all": np.ones(MEASURED, dtype=np.bool_)},
    )
    one = Scored(
        model_id="split",
        dataset="away",
        is_ensemble=True,
        role=np.full(MEASURED, "external_test", object),
        probability=probability,
        predicted=probability.argmax(axis=1).astype(np.int8),
        train_mix=np.full(len(FINDINGS), 1 / len(FINDINGS)),
    )

    def once() -> None:
        replicates = resample(site.patients, seed=0, dataset="away", replicates=2000)
        metric_rows(list(under("u", site=site, one=one, resamples=replicates, classes=FINDINGS)))

    with threadpool_limits(1):
        return _seconds(once, rounds=1) / MEASURED


def _writing(folder: Path) -> float:
    rng = np.random.default_rng(0)
    ids = np.array([f"{number:012x}" for number in range(MEASURED)], object)
    probability = rng.dirichlet(np.ones(len(FINDINGS)), MEASURED).astype(np.float32)
    rows = tables.predictions(
        "split",
        "away",
        ids,
        role=np.full(MEASURED, "external_test", object),
        predicted=probability.argmax(axis=1).astype(np.int8),
        probability=probability,
    )

    def once() -> None:
        with write.new_results(folder / f"{time.time_ns()}.duckdb", classes=FINDINGS) as connection:
            write.append(connection, "prediction", rows)

    return _seconds(once) / MEASURED


def _seconds(work: Callable[[], object], *, rounds: int = 3) -> float:
    """The median over some rounds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def table(costs: Costs) -> str:
    """Hours of each stage on each number of nodes, in Markdown: ideal, and with stragglers and losses."""
    lines = ["| stage | tasks | one takes | " + " | ".join(f"{nodes} nodes" for nodes in NODES) + " |"]
    lines.append("| --- | ---: | ---: |" + " ---: |" * len(NODES))
    sums = dict.fromkeys(NODES, (0.0, 0.0))
    for name, (tasks, seconds, cpus) in stages(costs).items():
        cells = []
        for nodes in NODES:
            plain = Cluster(nodes=nodes, straggling=0, node_hours_to_loss=float("inf"))
            both = tuple(each.hours(tasks=tasks, seconds=seconds, cpus=cpus) for each in (plain, Cluster(nodes=nodes)))
            sums[nodes] = (sums[nodes][0] + both[0], sums[nodes][1] + both[1])
            cells.append(f"{both[0]:.1f} h, {both[1]:.1f} h")
        lines.append(f"| {name} | {tasks:,} | {seconds:,.0f} s | " + " | ".join(cells) + " |")
    wrote = costs.write_s * IMAGES * 2 * (MEMBERS + 1) / 3600
    lines.append(f"| write, one process | 1 | | {' | '.join(itertools.repeat(f'{wrote:.1f} h', len(NODES)))} |")
    total = " | ".join(f"{plain + wrote:.1f} h, {real + wrote:.1f} h" for plain, real in sums.values())
    return "\n".join([*lines, f"| together | | | {total} |"])


def main() -> None:
    """Measures, simulates, and prints the tables."""
    with tempfile.TemporaryDirectory() as folder:
        costs = measured(Path(folder))
    for name, value in vars(costs).items():
        print(f"{name}: {value:,.0f} bytes" if name.endswith("bytes") else f"{name}: {1000 * value:.3f} ms an image")
    print(
        f"\n{os.cpu_count()} cores here, one of them used. Nodes of {Cluster(nodes=1).cores} cores.\n\n{table(costs)}"
    )


if __name__ == "__main__":
    main()
