"""The nodes of the Ray cluster that this process is connected to: what they have, and what they do."""

import os
import sys

from cxr_core.errors import SettingsError
from cxr_core.tasks.executor import Needs
from cxr_core.tasks.node import Sender
from cxr_core.tasks.parcel import Performed, packed, perform_packed


def places(needs: Needs) -> int:
    """How many tasks the nodes that are there now perform at a time.

    Args:
        needs: What each of them takes.
    """
    return sum(min(cpus // needs.cpus, gpus // needs.gpus if needs.gpus else cpus) for cpus, gpus in _nodes())


def _nodes() -> list[tuple[int, int]]:
    """Cores and accelerators of each node that is there."""
    import ray

    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    return [(int(has.get("CPU", 0)), int(has.get("GPU", 0))) for has in alive]


def too_much(needs: Needs) -> str:
    """What to say where no node can perform a task.

    Args:
        needs: What it takes.
    """
    cpus, gpus = (max(numbers, default=0) for numbers in zip(*(_nodes() or [(0, 0)]), strict=True))
    return (
        f"Each task ({needs.kind}) asks for {needs.cpus} cores and {needs.gpus} GPUs, and no node of the Ray cluster "
        f"has that; the largest have {cpus} cores and {gpus} GPUs. Ask for less (--task-cpus, --device cpu), or add a "
        "node that has as much."
    )


def perform_on_node(parcel: bytes, sender: Sender, cpus: int) -> bytes:
    """What a node does.

    Args:
        parcel: A packed `Parcel`.
        sender: What the node must have in common with the machine that gave it out.
        cpus: Cores that each task takes.

    Returns:
        What became of it, a packed `Performed`.
    """
    try:
        sender.check_node()
    except SettingsError as error:
        return packed(Performed(outcomes={}, error=error), roots={})
    vars(sys.modules["__main__"]).pop("__file__", None)  # Ray's own: a process that begins would load it, and Ray, anew
    os.environ["OMP_NUM_THREADS"] = str(cpus)  # for the process that performs: it begins after this
    return perform_packed(parcel)
