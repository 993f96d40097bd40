"""A cluster in half a page: tasks on nodes of some cores, stragglers among the tasks, nodes that go and come back."""

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Nodes, and what befalls them.

    Attributes:
        nodes: How many.
        cores: Of each.
        straggling: Share of the tasks that take `slowness` times as long.
        slowness: How many times.
        node_hours_to_loss: Hours that a node works, on average, until it goes.
        minutes_away: Until a lost node is noticed and back, or another in its place.
    """

    nodes: int
    cores: int = 16
    straggling: float = 0.02
    slowness: float = 5.0
    node_hours_to_loss: float = 500.0
    minutes_away: float = 15.0

    def hours(self, *, tasks: int, seconds: float, cpus: int = 1, seed: int = 0) -> float:
        """How long a list of equal tasks takes, each given to the first free place; a lost one begins again.

        Args:
            tasks: How many.
            seconds: What one takes.
            cpus: Cores that one takes.
            seed: Of stragglers and losses.
        """
        rng = np.random.default_rng(seed)
        losses = [rng.exponential(self.node_hours_to_loss * 3600) for _ in range(self.nodes)]
        places = [(0.0, node) for node in range(self.nodes) for _ in range(self.cores // cpus)]
        heapq.heapify(places)
        left, last = tasks, 0.0
        while left:
            start, node = heapq.heappop(places)
            long = rng.random() < self.straggling
            end = start + seconds * (self.slowness if long else 1.0)
            if end > losses[node]:
                away = max(losses[node], start) + self.minutes_away * 60
                if start > losses[node]:  # the first of its places to come back
                    losses[node] = away + rng.exponential(self.node_hours_to_loss * 3600)
                heapq.heappush(places, (away, node))
                continue
            heapq.heappush(places, (end, node))
            left, last = left - 1, max(last, end)
        return last / 3600
